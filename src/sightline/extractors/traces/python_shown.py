"""Python crashes as tools show them: pytest's long and short form, IPython's and Rich's tracebacks."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.python_lines import ANCHOR, frame_of_parts

_ERROR = regex(r"E {3}(?P<indent> *)(?P<text>.*)$")
_RAISED = regex(r"(?P<type>(?:[^\W\d]\w*\.)*[A-Z]\w*)(?:: (?P<message>.*))?$")
_ASSERTED = regex(r"(?:assert\b|Failed: )")
_PLACE = regex(r"(?P<file>[^\s:](?:[^:]|:(?=\\))*\.py):(?P<line>\d+): (?:in (?P<function>\S+)|(?P<type>\S*))$")
_RULE = regex(r"(?:_ ){5,}_?$|_{5,} .* _{5,}$|={5,}")
_DEFINED = regex(r"(?:[> ] {3,})?(?:async )?def (?P<function>\w+)\(")
_SHOWN = regex(
    r"(?:[│|] *)?(?:File )?(?P<file>[^\s:│](?:[^:│]|:(?=\\))*\.py):(?P<line>\d+)"
    r"(?:, in (?P<function>[\w<>]+)\(.*| in (?P<name>[\w<>]+) *│?)$"
)
_DRAWN = regex(r" *[\w.]+ {3,}Traceback \(|[╭┌+][─-]+ Traceback \(")
_CELL = regex(r"(?:Cell|Input) In ?\[(?P<cell>\d+)\](?:, line (?P<line>\d+)|, in .*)")
# Until version 8 IPython wrote the place of a frame without its line, which an arrow shows in the excerpt below.
_NAMED = regex(r"(?P<file>\S+\.pyx?|<[\w .-]+>) in (?P<function>[\w<>.]+(?: line: \d+>)?)(?:\(.*)?$")
# Colab makes a link of every file.
_LINKED = regex(r"^\[([^\]]+)\]\(https?://[^()]*\)(?= in )")
_ARROW = regex(r"-+> ?(?P<line>\d+)(?: |$)")
_LONGEST = 400


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the failures that pytest reports, and the tracebacks that were drawn for people."""
    free = 0
    for at in lines.having("\nE   ", ANCHOR):
        if at < free:
            continue
        crash, free = (_drawn(lines, at), at + 1) if ANCHOR in lines[at] else _failed(lines, at)
        if crash:
            free = crash.span.end_line
            yield crash


def _failed(lines: Sequence[str], at: int) -> tuple[Crash | None, int]:
    """Read a failure: the lines with E, and the places around them back to the headline of the test.

    Also give the line to go on at; where the first line with E has no place, those below it have none either.
    """
    first = lines[at][:LONGEST_LINE].removeprefix("E   ")
    # In the long form an error is indented as the line that raised it is.
    indent = len(first) - len(first.lstrip())
    first = first[indent:]
    match = _RAISED.match(first)
    if not match and not _ASSERTED.match(first):
        return None, at + 1
    end = at
    texts: list[str] = []
    while end < len(lines) and (more := _ERROR.match(lines[end][:LONGEST_LINE])):
        texts.append(more["indent"][indent:] + more["text"])
        end += 1
    kind, message = (match["type"], match["message"] or "") if match else ("AssertionError", texts[0])
    message = "\n".join([message, *texts[1:]]).rstrip()
    below = next((number for number in range(end, min(end + 3, len(lines))) if _PLACE.match(lines[number])), None)
    begin, frames = _places(lines, at, below)
    last = end if below is None else below + 1
    raised = Raised(kind, message, frames, Span(at + 1, end))
    return (Crash("python", "py1", raised, Span(begin + 1, last)) if frames else None), end


def _places(lines: Sequence[str], at: int, below: int | None) -> tuple[int, list[Frame]]:
    frames: list[Frame] = []
    waiting = below
    begin = at
    for number in range(at - 1, max(at - _LONGEST, -1), -1):
        text = lines[number][:LONGEST_LINE].rstrip()
        place = _PLACE.match(text)
        if place and place["function"]:
            frames.append(_frame(place, place["function"], number))
        elif waiting is not None and (defined := _DEFINED.match(text)):
            frames.append(_frame(_PLACE.match(lines[waiting].rstrip()), defined["function"], waiting))
            waiting = None
        elif place:
            waiting = number
        elif not text.startswith("_ _") and _RULE.match(text):
            begin = number if text.startswith("_") else begin
            break
    return begin, frames


def _frame(place: re.Match[str] | None, function: str, at: int) -> Frame:
    file, line = (place["file"], place["line"]) if place else ("", "")
    return frame_of_parts(file, line, function, Span(at + 1, at + 1))


def _drawn(lines: Sequence[str], at: int) -> Crash | None:
    """Read the frames that a tool drew below the words, and the line with type and message that ends them."""
    frames: list[Frame] = []
    named: tuple[re.Match[str], int] | None = None
    if not _DRAWN.match(lines[at][:LONGEST_LINE]):
        return None
    margin = Margin(lines[at][: len(lines[at]) - len(lines[at].lstrip(" "))])
    for number in range(at + 1, min(at + _LONGEST, len(lines))):
        text = _LINKED.sub(r"\1", (margin.strip(lines[number][:LONGEST_LINE]) or "").rstrip())
        named = (place, number) if (place := _NAMED.match(text)) else named
        if named and (arrow := _ARROW.match(text)):
            shown, begin = named
            frames.append(frame_of_parts(shown["file"], arrow["line"], shown["function"], Span(begin + 1, number + 1)))
            named = None
            continue
        match, cell = _SHOWN.match(text), _CELL.match(text)
        raised = _RAISED.match(text) if frames else None
        if match:
            function = match["function"] or match["name"] or ""
            frames.append(frame_of_parts(match["file"], match["line"], function, Span(number + 1, number + 1)))
        elif cell:
            frames.append(
                frame_of_parts(f"In[{cell['cell']}]", cell["line"] or "1", "<module>", Span(number + 1, number + 1))
            )
        elif raised:
            kind = Raised(raised["type"], raised["message"] or "", frames[::-1], Span(number + 1, number + 1))
            return Crash("python", "py1", kind, Span(at + 1, number + 1))
    return None
