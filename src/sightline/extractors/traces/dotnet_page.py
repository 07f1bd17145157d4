"""Stack traces of ASP.NET's error page: `[Type: message]`, and frames without a word in front."""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.dotnet_frames import frame_of
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_HEADING = regex(
    r"(?P<before>.{0,40}?)\[(?P<type>(?:[\w`]+\.)*[A-Z]\w*(?:Exception|Error))(?: \(0x[0-9a-f]+\))?"
    r"(?:: (?P<message>.*))?\]$"
)
_FRAME = regex(r"   ?(?P<where>[^\s()]+)\([^()]*\)(?: in (?P<file>\S.*):(?:line )?(?P<line>\d+)| ?\+\d+)$")


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stack traces in a text."""
    for at in lines.having("Exception: ", "Exception]"):
        match = _HEADING.match(lines[at][:LONGEST_LINE].rstrip())
        frames = _frames(lines, at + 1, Margin(match["before"])) if match else []
        if match and frames:
            raised = Raised(match["type"], match["message"] or "", frames, Span(at + 1, at + 1))
            yield Crash("dotnet", "net1", raised, Span(at + 1, frames[-1].span.line))


def _frames(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _FRAME.match(margin.strip(lines[at]) or "")):
        frames.append(frame_of(match["where"], match["file"], match["line"], Span(at + 1, at + 1)))
        at += 1
    return frames
