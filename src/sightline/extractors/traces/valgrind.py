"""Reports of Valgrind's memory checker: `==42== Invalid read of size 4`, and its stack below."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.native_frames import frame_of, language

_FIRST = "   at 0x"
_REPORT = regex(r"(?P<before>(?:.*?[\s|])?==\d+== )(?P<message>\S.*)$")
_FRAME = regex(r"   (?:at|by) 0x[0-9A-F]+: (?P<function>\S.*) \((?:in (?P<module>[^()]+)|(?P<place>[^()]+:\d+))\)$")
_END_OF_TYPE = regex(r" of size | \(|: | at | depends | points ")
_ENDED = regex(r"Process terminating with default action of signal \d+ \((?P<type>SIG\w+)\)")
_THROWN = regex(r"terminate called after throwing an instance of '(?P<type>[^']+)'$")
_WHAT = regex(r"\s*what\(\): +(?P<message>.*)$")
_LINES_ABOVE = 6
_NO_FAULT = regex(r"Address 0x|Block was |[\d,]+ bytes in | ?Uninitialised value was|Thread |In file descriptor")


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports; leaks and where a block came from are no faults by themselves."""
    for at in lines.having(_FIRST):
        report = _REPORT.match(lines[at - 1][:LONGEST_LINE].rstrip()) if at else None
        if report is None or _NO_FAULT.match(report["message"].strip()):
            continue
        frames = _frames(lines, at, Margin(report["before"]))
        if frames:
            kind, message, begin = _told(lines, at - 1, report)
            raised = Raised(kind, message, frames, Span(begin + 1, at))
            yield Crash(language(raised), "vg1", raised, Span(begin + 1, frames[-1].span.line))


def _told(lines: Sequence[str], at: int, report: re.Match[str]) -> tuple[str, str, int]:
    """Give type, message and the line they begin in: a program that ended by a signal may have said why."""
    ended = _ENDED.match(report["message"])
    if ended is None:
        return _END_OF_TYPE.split(report["message"], maxsplit=1)[0], report["message"], at
    for number in range(at - 1, max(at - _LINES_ABOVE, 0) - 1, -1):
        if thrown := _THROWN.search(lines[number][:LONGEST_LINE]):
            what = _WHAT.match(lines[number + 1][:LONGEST_LINE].rstrip())
            return thrown["type"], what["message"] if what else "", number
    return ended["type"], report["message"], at


def _frames(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _FRAME.match(margin.strip(lines[at]) or "")):
        frames.append(frame_of(match["function"], match["place"] or "", match["module"] or "", Span(at + 1, at + 1)))
        at += 1
    return frames
