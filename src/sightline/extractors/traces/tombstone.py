"""Dumps of Android's crash reporter: `signal 11 (SIGSEGV), …`, and below it `#00 pc 0001a7e4  /…/libshop.so (price+12)`."""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.native_frames import frame_of, language

_SIGNAL = regex(r"(?P<before>.*?)(?P<message>signal \d+ \((?P<type>SIG\w+)\).*)$")
_FRAME = regex(
    r"\s+#\d+ +pc [0-9a-f]+ +(?P<module>\S+)(?: \(offset 0x[0-9a-f]+\))?(?: \((?P<function>.+?)(?:\+\d+)?\))?"
    r"(?: \(BuildId: [0-9a-f]+\))?$"
)
_LIBRARY = regex(r"/(?:system|apex|vendor)/|/data/dalvik-cache/")
_LINES_BETWEEN = 40


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the dumps."""
    for at in lines.having(" (SIG"):
        match = _SIGNAL.match(lines[at][:LONGEST_LINE].rstrip())
        frames = _frames(lines, at + 1, Margin(match["before"])) if match else []
        if match and frames:
            raised = Raised(match["type"], match["message"], frames, Span(at + 1, at + 1))
            yield Crash(language(raised), "tomb1", raised, Span(at + 1, frames[-1].span.line))


def _frames(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    frames: list[Frame] = []
    for number in range(at, min(at + _LINES_BETWEEN, len(lines))):
        if _FRAME.match(margin.strip(lines[number]) or ""):
            at = number
            break
    while at < len(lines) and (match := _FRAME.match(margin.strip(lines[at]) or "")):
        frame = frame_of(match["function"] or "", "", match["module"], Span(at + 1, at + 1))
        frames.append(frame._replace(is_own=frame.is_own and not _LIBRARY.match(match["module"])))
        at += 1
    return frames
