r"""Crashes of Unreal Engine: `Unhandled Exception: …`, then `0x00007ff6de58 Shop.exe!UCart::Price() [C:\Cart.cpp:5]`."""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE
from sightline.extractors.traces.native_frames import frame_of

_SCHEME = "ue1"
_FRAME = regex(r"(?:^|\s)0x[0-9a-fA-F]{8,16} (?P<module>[^\s!]{1,200})!(?P<rest>.*)\]$")
_HEADING = regex(
    r"Unhandled Exception: (?P<type>EXCEPTION_\w+|SIG[A-Z]+)(?::? (?P<message>.*))?$"
    r"|(?P<failed>Assertion failed|Ensure condition failed|Fatal error): ?(?P<said>.*?) ?\[File: ?[^\]]*\] \[Line: ?\d+\]"
)
_HEADINGS = ("Unhandled Exception: ", "[File:")
_ENGINE = regex(r"[\\/]Engine[\\/](?:Source|Plugins)[\\/]")
_LINES_ABOVE = 10


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the crashes in a text; without a heading above them the lines are no crash."""
    free = 0
    for at in lines.having(" 0x", "\n0x") if lines.hold(*_HEADINGS) else ():
        if at < free or not _frame(lines[at]):
            continue
        frames = _frames(lines, at)
        raised = _raised(lines, at, free, frames)
        free = at + len(frames)
        if raised:
            yield Crash("c++", _SCHEME, raised, Span(raised.span.line, free))


def _frame(line: str) -> tuple[str, str, str] | None:
    """Give module, function and place."""
    line = line[:LONGEST_LINE].rstrip()
    match = _FRAME.search(line) if "!" in line and line.endswith("]") else None
    function, bracket, place = match["rest"].rpartition("[") if match else ("", "", "")
    return (match["module"], function.strip().removesuffix("()"), place) if match and bracket else None


def _frames(lines: Sequence[str], at: int) -> list[Frame]:
    frames: list[Frame] = []
    while at < len(lines) and (found := _frame(lines[at])):
        module, function, place = (
            found[0],
            found[1].removesuffix("UnknownFunction"),
            found[2].removesuffix("UnknownFile"),
        )
        frame = frame_of(function, place, module, Span(at + 1, at + 1))
        is_own = frame.is_own and not _ENGINE.search(place)
        frames.append(frame._replace(is_own=is_own))
        at += 1
    return frames


def _raised(lines: Sequence[str], at: int, floor: int, frames: list[Frame]) -> Raised | None:
    for number in range(at - 1, max(floor, at - _LINES_ABOVE) - 1, -1):
        match = _HEADING.search(lines[number][:LONGEST_LINE].rstrip())
        if match:
            message = match["message"] or match["said"] or ""
            return Raised(match["type"] or match["failed"], message, frames, Span(number + 1, number + 1))
    return None
