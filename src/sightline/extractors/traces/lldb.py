"""Backtraces of lldb: `* frame #0: 0x0000000100003f24 shop`shop::price(item=0x0) at cart.cpp:42:12`."""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE
from sightline.extractors.traces.native_frames import frame_of, language

_FRAME = regex(r"\s*\*?\s*frame #(?P<number>\d+): 0x[0-9a-f]+ (?P<module>[^`]+)`(?P<rest>.*)$")
_CALL = regex(r"(?P<function>.*?)(?:\((?P<arguments>.*)\))?(?: \+ \d+)?(?: at (?P<place>\S+:\d+(?::\d+)?))?$")
_REASON = regex(r"stop reason = (?P<type>EXC_\w+|signal SIG\w+)(?P<message>.*)$")
_LINES_ABOVE = 3


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the backtraces: frames from number 0 on, below a line with the reason."""
    free = 0
    for at in lines.having("frame #0: "):
        frames, end = _frames(lines, at) if at >= free else ([], at)
        if not frames:
            continue
        above = range(at - 1, max(free, at - _LINES_ABOVE) - 1, -1)
        reason = next((match for number in above if (match := _REASON.search(lines[number]))), None)
        kind, message = (reason["type"].removeprefix("signal "), reason["message"].strip()) if reason else ("", "")
        raised = Raised(kind, message, frames, Span(at + 1, at + 1))
        free = end
        yield Crash(language(raised), "lldb1", raised, Span(at + 1 - bool(reason), end))


def _frames(lines: Sequence[str], at: int) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _FRAME.match(lines[at][:LONGEST_LINE].rstrip())):
        call = _CALL.match(match["rest"])
        if call:
            frames.append(frame_of(call["function"], call["place"] or "", match["module"], Span(at + 1, at + 1)))
        at += 1
    return frames, at
