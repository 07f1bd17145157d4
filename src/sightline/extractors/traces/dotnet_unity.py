"""Stack traces of Unity's console: `Player.Jump () (at Assets/Scripts/Player.cs:42)` below the exception."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.dotnet_frames import frame_of
from sightline.extractors.traces.heading import find_heading
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_FRAME = regex(
    r"(?P<where>[\w.<>`+/\[\],]+[.:][\w<>`.]+) ?\((?P<args>[^()]*)\) \(at (?P<place>(?P<file>[^()]+):(?P<line>\d+))\)$"
)
_HEADING = regex(r"(?:\[\w+ *: [^\]]{1,80}\] )?(?P<type>(?:\w+\.)*[A-Z]\w*(?:Exception|Error))(?:: ?(?P<message>.*))?$")


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stack traces in a text; each needs a heading with the type."""
    free = 0
    for at in lines.having(") (at "):
        if at < free or not _FRAME.match(lines[at][:LONGEST_LINE].rstrip()):
            continue
        found = find_heading(lines, at, free, Margin(""), _heading)
        frames, free = _frames(lines, at)
        if found:
            message = found.message.removesuffix("\nStack trace:")
            raised = Raised(found.type, message, frames, Span(found.at + 1, at))
            yield Crash("dotnet", "net1", raised, Span(found.at + 1, free))


def _heading(text: str, distance: int) -> re.Match[str] | None:
    del distance
    return _HEADING.match(text)


def _frames(lines: Sequence[str], at: int) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _FRAME.match(lines[at][:LONGEST_LINE].rstrip())):
        frames.append(frame_of(match["where"], match["file"], match["line"], Span(at + 1, at + 1)))
        at += 1
    return frames, at
