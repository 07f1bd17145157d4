"""Python tracebacks without their first line: cut off at the head, or copied from an error tracker.

One such tracker (Sentry) writes the traces of scripts in browsers in the same way, innermost frame first.
"""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Span
from sightline.extractors.traces.javascript import LANGUAGE, SCHEME
from sightline.extractors.traces.javascript_frames import frame_of as script_frame
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.python_lines import FRAME, read_frames, read_raised

_FIRST_LINES = 4
_TYPE = r"[\w.]*[a-z](?:Error|Exception|Warning|Interrupt|Exit|Iteration)|[a-z_]\w*\.[\w.]+"
_EXCEPTION = regex(rf"(?:{_TYPE})$")
_OF_SCRIPT = regex(
    r'  File "(?P<file>[^"]+\.(?:[cm]?jsx?|tsx?|vue|svelte)(?:\?[^"]*)?)", line (?P<line>\d+)(?:, in (?P<function>.+))?$'
)
_ABOVE = regex(rf"(?:{_TYPE})(?:: |$)")


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the traceback that a text begins with, and those with the exception above the frames."""
    free = 0
    for at in lines.having('  File "'):
        column = lines[at][:LONGEST_LINE].find('  File "')
        if at < free or (at >= _FIRST_LINES and not _may_be_above(lines[at - 1], column)):
            continue
        if not FRAME.match(lines[at][column:LONGEST_LINE].rstrip()):
            continue
        margin = Margin(lines[at][:column])
        crash = _headless(lines, at, margin) if at < _FIRST_LINES else None
        crash = crash or (_told_above(lines, at, margin) if at else None)
        if crash:
            free = crash.span.end_line
            yield crash


def _may_be_above(line: str, column: int) -> bool:
    """Ask quickly: most frames have a source line above them, or the words that begin a traceback."""
    return line[column : column + 1] not in {"", " ", "\t"} and not line.startswith("Traceback", column)


def _headless(lines: Sequence[str], at: int, margin: Margin) -> Crash | None:
    if not all((margin.strip(above) or "    ").startswith("    ") for above in lines[:at]):
        return None
    frames, end = read_frames(lines, at, margin)
    raised = read_raised(lines, end, margin)
    if not raised or not _EXCEPTION.match(raised.type):
        return None
    raised.frames = frames[::-1]
    return Crash("python", "py1", raised, Span(at + 1, raised.span.end_line))


def _script(lines: Sequence[str], at: int, margin: Margin) -> Crash | None:
    raised = read_raised([*lines[at - 1 : at]], 0, margin)
    if raised is None:
        return None
    raised.span, end = Span(at, at), at
    for number in range(at, len(lines)):
        text = margin.strip(lines[number])
        if match := _OF_SCRIPT.match(text or ""):
            place = f"{match['file']}:{match['line']}"
            raised.frames.append(script_frame(match["function"] or "", place, Span(number + 1, number + 1)))
        elif not (text or "").startswith("    "):
            break
        end = number + 1
    return Crash(LANGUAGE, SCHEME, raised, Span(at, end))


def _told_above(lines: Sequence[str], at: int, margin: Margin) -> Crash | None:
    above = margin.strip(lines[at - 1])
    if not above or not _ABOVE.match(above):
        return None
    if _OF_SCRIPT.match(margin.strip(lines[at]) or ""):
        return _script(lines, at, margin)
    frames, end = read_frames(lines, at, margin)
    raised = read_raised([*lines[at - 1 : at]], 0, margin)
    has_calls = all(" (" in frame.label for frame in frames)
    if not raised or not has_calls or read_raised(lines, end, margin):
        return None
    raised.frames, raised.span = frames[::-1], Span(at, at)
    return Crash("python", "py1", raised, Span(at, end))
