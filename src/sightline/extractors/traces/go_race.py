"""Reports of Go's race detector: `WARNING: DATA RACE`, what each goroutine did, and its stack."""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.go import SCHEME, frame_of
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_WARNING = "WARNING: DATA RACE"
_CALL = regex(r"  (?P<function>\S.*)\(\)$")
_PLACE = regex(r"      (?P<file>\S.*\.\w+):(?P<line>\d+) \+0x[0-9a-f]+$")
_LONGEST = 300


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports; the frames are those of the access that was noticed, the first stack."""
    free = 0
    for at in lines.having(_WARNING):
        if at < free:
            continue
        margin = Margin(lines[at][:LONGEST_LINE].partition(_WARNING)[0])
        frames = _frames(lines, at + 2, margin)
        if frames:
            message = (margin.strip(lines[at + 1]) or "").rstrip(":")
            raised = Raised("DATA RACE", message, frames, Span(at + 1, at + 2))
            free = _end(lines, frames[-1].span.end_line, margin)
            yield Crash("go", SCHEME, raised, Span(at + 1, free))


def _frames(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    frames: list[Frame] = []
    while at + 1 < len(lines):
        call = _CALL.match(margin.strip(lines[at]) or "")
        place = _PLACE.match(margin.strip(lines[at + 1]) or "")
        if not call or not place:
            break
        frames.append(frame_of(call["function"], place["file"], place["line"], Span(at + 1, at + 2)))
        at += 2
    return frames


def _end(lines: Sequence[str], at: int, margin: Margin) -> int:
    last = min(at + _LONGEST, len(lines))
    return next((end for end in range(at, last) if (margin.strip(lines[end]) or "=").startswith("==")), last)
