"""Reports of Valgrind's memory checker: `==42== Invalid read of size 4`, and its stack below."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.native_frames import frame_of, language

_FIRST = "   at 0x"
_REPORT = re.compile(r"(?P<before>(?:.*?[\s|])?==\d+== )(?P<message>\S.*)$")
_FRAME = re.compile(
    r"   (?:at|by) 0x[0-9A-F]+: (?P<function>\S.*) \((?:in (?P<module>[^()]+)|(?P<place>[^()]+:\d+))\)$"
)
_END_OF_TYPE = re.compile(r" of size | \(|: | at | depends | points ")
_NO_FAULT = re.compile(r"Address 0x|Block was |[\d,]+ bytes in | ?Uninitialised value was|Thread |In file descriptor")


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports; leaks and where a block came from are no faults by themselves."""
    for at in lines.having(_FIRST):
        report = _REPORT.match(lines[at - 1][:LONGEST_LINE].rstrip()) if at else None
        if report is None or _NO_FAULT.match(report["message"].strip()):
            continue
        frames = _frames(lines, at, Margin(report["before"]))
        if frames:
            kind = _END_OF_TYPE.split(report["message"], maxsplit=1)[0]
            raised = Raised(kind, report["message"], frames, Span(at, at))
            yield Crash(language(raised), "vg1", raised, Span(at, frames[-1].span.line))


def _frames(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _FRAME.match(margin.strip(lines[at]) or "")):
        frames.append(frame_of(match["function"], match["place"] or "", match["module"] or "", Span(at + 1, at + 1)))
        at += 1
    return frames
