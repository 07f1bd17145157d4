"""Failures that PHPUnit reports: `1) CartTest::testTotal`, the message, a blank line and bare places."""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.php_frames import frame_of

_TEST = regex(r"(?P<before>.{0,80}?)\d+\) [\w\\]+::\w+.*$")
_RAISED = regex(r"(?P<type>\\?[A-Z][\w\\]*(?:Exception|Error)): (?P<message>.*)$")
_PLACE = regex(r"(?P<file>(?:[A-Za-z]:\\|/)\S.*\.php):(?P<line>\d+)$")
_LONGEST = 60


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the failures; without a type it is an assertion that failed."""
    for at in lines.having("::test"):
        match = _TEST.match(lines[at][:LONGEST_LINE].rstrip())
        if match and (crash := _crash(lines, at, Margin(match["before"]))):
            yield crash


def _crash(lines: Sequence[str], at: int, margin: Margin) -> Crash | None:
    message: list[str] = []
    for number in range(at + 1, min(at + _LONGEST, len(lines))):
        text = margin.strip(lines[number])
        if text is None or _TEST.match(text):
            return None
        if _PLACE.match(text):
            frames = _frames(lines, number, margin)
            written = "\n".join(message).strip()
            raised = _RAISED.match(message[0]) if message else None
            kind = raised["type"] if raised else "PHPUnit\\Framework\\ExpectationFailedException"
            said = written[raised.start("message") :] if raised else written
            span = Span(at + 1, frames[-1].span.line)
            return Crash("php", "php2", Raised(kind, said, frames, Span(at + 2, number)), span)
        message.append(text)
    return None


def _frames(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    frames: list[Frame] = []
    while at < len(lines) and (match := _PLACE.match(margin.strip(lines[at]) or "")):
        frames.append(frame_of("", match["file"], match["line"], Span(at + 1, at + 1)))
        at += 1
    return frames
