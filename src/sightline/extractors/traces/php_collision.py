"""Exceptions as Laravel's console and Pest draw them (Collision): title, message, `at file:line`, code, numbered frames."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.php_frames import frame_of

_AT = regex(r"(?P<before>.{0,80}?) {2}at (?P<file>\S.*\.php):(?P<line>\d+)$")
_CODE = regex(r" *(?:[➜>] *)?\d+ ?[▕|]")
_CLASS = r"\\?[A-Z]\w*(?:\\\w+)*"
_TITLE = regex(rf" {{3}}(?:FAILED +\S.* {{2,}})?(?P<type>{_CLASS})(?: +: (?P<message>.*))?$")
_FRAME = regex(r" {2}(?P<number>\d+) +(?P<file>\S.*?):(?P<line>\d+)$")
_FUNCTION = regex(r" {6}(?P<function>[^\s(]+)\(.*\)$")
_LEFT_OUT = regex(r" +\+\d+ vendor frames?$")
_LONGEST_MESSAGE = 60


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the exceptions; each line of a frame is where the function below it was called."""
    for at in lines.having(".php:"):
        match = _AT.match(lines[at][:LONGEST_LINE].rstrip())
        if match and at + 1 < len(lines) and (crash := _crash(lines, at, match)):
            yield crash


def _crash(lines: Sequence[str], at: int, match: re.Match[str]) -> Crash | None:
    margin = Margin(match["before"])
    if not _CODE.match(_text(lines, at + 1, margin) or ""):
        return None
    told = _told(lines, at, margin)
    if told is None:
        return None
    begin, kind, message = told
    end = at + 1
    while _CODE.match(_text(lines, end, margin) or ""):
        end += 1
    calls, end = _calls(lines, end, margin)
    places = {0: (match["file"], match["line"], Span(at + 1, at + 1))}
    places |= {number: (file, line, span) for number, (_, file, line, span) in calls.items()}
    inside = {number - 1: function for number, (function, *_) in calls.items()}
    frames: list[Frame] = [
        frame_of(inside.get(number, ""), *place) for number, place in places.items() if place[0] != "[internal]"
    ]
    raised = Raised(kind.lstrip("\\"), message, frames, Span(begin + 1, at + 1))
    return Crash("php", "php2", raised, Span(begin + 1, end))


def _text(lines: Sequence[str], at: int, margin: Margin) -> str | None:
    """Give a line without margin; None behind the last, and where the margin ends."""
    return margin.strip(lines[at]) if at < len(lines) else None


def _told(lines: Sequence[str], at: int, margin: Margin) -> tuple[int, str, str] | None:
    """Give where it begins, type and message: what stands above the place, below a title that is indented further."""
    message: list[str] = []
    for number in range(at - 1, max(at - _LONGEST_MESSAGE, -1), -1):
        text = _text(lines, number, margin)
        if text is None or _AT.match(text):
            return None
        if title := _TITLE.match(text):
            return number, title["type"], "\n".join([title["message"] or "", *message[::-1]]).strip()
        message.append(text.strip())
    return None


def _calls(lines: Sequence[str], at: int, margin: Margin) -> tuple[dict[int, tuple[str, str, str, Span]], int]:
    """Read by their numbers which functions were called, each with file, line and span of the call; and the line after."""
    calls: dict[int, tuple[str, str, str, Span]] = {}
    end = at
    while (text := _text(lines, at, margin)) is not None:
        frame = _FRAME.match(text)
        if not frame and text and not _LEFT_OUT.match(text):
            break
        at += 1
        if frame:
            function = _FUNCTION.match(_text(lines, at, margin) or "")
            end = at + bool(function)
            named = function["function"] if function else ""
            calls[int(frame["number"])] = (named, frame["file"], frame["line"], Span(at, end))
            at = end
    return calls, end
