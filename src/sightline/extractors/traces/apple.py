"""Crash reports of macOS and iOS: `Exception Type:  EXC_BAD_ACCESS (SIGSEGV)`, and the stack of the thread that crashed."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.native_frames import frame_of, language

_MARK: Final = "Exception Type: "
_TYPE = regex(r"(?P<before>.{0,100}?)Exception Type: +(?P<type>[A-Z]\w+(?: \(\w+\))?)(?: .*)?$")
_CRASHED = regex(r"Thread \d+(?: name: .*)?(?: \w+)? Crashed:")
_FRAME = regex(r"\d+ +(?P<module>\S.*?)\s+0x[0-9a-f]+ (?P<function>\S.*?) \+ \d+(?: \((?P<place>[^()]+:\d+)\))?$")
_UNKNOWN_FUNCTION = regex(r"0x[0-9a-f]+$|\S+$(?<=\.dylib)")
_PROGRAM = regex(r"(?:Process|Identifier): +(?P<name>\S+)")
_MESSAGE = regex(r"Exception (?:Subtype|Codes|Message): +(?P<message>[A-Z][A-Z_]{5,}.*)$")
_LINES_ABOVE: Final = 60
_LINES_BELOW: Final = 200


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports; own is what runs in the program itself, not in the libraries it loaded."""
    free = 0
    for at in lines.having(_MARK):
        match = _TYPE.match(lines[at][:LONGEST_LINE].rstrip()) if at >= free else None
        if match and (crash := _crash(lines, at, match)):
            free = crash.span.end_line
            yield crash


def _crash(lines: Sequence[str], at: int, match: re.Match[str]) -> Crash | None:
    margin = Margin(match["before"])
    message = ""
    for number in range(at + 1, min(at + _LINES_BELOW, len(lines))):
        text = margin.strip(lines[number]) or ""
        if _CRASHED.match(text):
            frames = _frames(lines, number + 1, margin, _programs(lines, at, margin))
            raised = Raised(match["type"], message, frames, Span(at + 1, at + 1))
            end = frames[-1].span.line if frames else number + 1
            return Crash(language(raised), "apple1", raised, Span(at + 1, end)) if frames else None
        if told := _MESSAGE.match(text):
            message = message or told["message"]
    return None


def _programs(lines: Sequence[str], at: int, margin: Margin) -> set[str]:
    """Give the names of the program that stand at the head of the report."""
    texts = (margin.strip(line) or "" for line in lines[max(at - _LINES_ABOVE, 0) : at])
    return {found["name"] for text in texts if (found := _PROGRAM.match(text))}


def _frames(lines: Sequence[str], at: int, margin: Margin, programs: set[str]) -> list[Frame]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _FRAME.match(margin.strip(lines[at]) or "")):
        function = "" if _UNKNOWN_FUNCTION.match(match["function"]) else match["function"]
        frame = frame_of(function, match["place"] or "", match["module"], Span(at + 1, at + 1))
        # Where the head of the report is cut off, the lines of its sources show the program.
        is_program = match["module"] in programs if programs else bool(match["place"])
        frames.append(frame._replace(is_own=frame.is_own and is_program))
        at += 1
    return frames
