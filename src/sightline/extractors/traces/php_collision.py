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
    places = {0: (match["file"], match["line"], Span(at + 1, at + 1))}
    functions: dict[int, str] = {}
    end = _read_frames(lines, end, margin, places, functions)
    frames: list[Frame] = [
        frame_of(functions.get(number + 1, ""), *place) for number, place in places.items() if place[0] != "[internal]"
    ]
    raised = Raised(kind.lstrip("\\"), message, frames, Span(begin + 1, at + 1))
    return Crash("php", "php2", raised, Span(begin + 1, end))


def _text(lines: Sequence[str], at: int, margin: Margin) -> str | None:
    """Give a line without margin; None behind the last, and where the margin ends."""
    text = margin.strip(lines[at]) if at < len(lines) else None
    return None if text is None else text[:LONGEST_LINE].rstrip()


def _told(lines: Sequence[str], at: int, margin: Margin) -> tuple[int, str, str] | None:
    """Give where it begins, type and message: what stands above the place, below a title that is indented further."""
    message: list[str] = []
    for number in range(at - 1, max(at - _LONGEST_MESSAGE, -1), -1):
        text = _text(lines, number, margin)
        if text is None:
            return None
        if title := _TITLE.match(text):
            return number, title["type"], "\n".join([title["message"] or "", *message[::-1]]).strip()
        message.append(text.strip())
    return None


def _read_frames(
    lines: Sequence[str],
    at: int,
    margin: Margin,
    places: dict[int, tuple[str, str, Span]],
    functions: dict[int, str],
) -> int:
    """Note by their numbers where the frames are and which function was called there; gives the line after."""
    end = at
    while (text := _text(lines, at, margin)) is not None:
        frame = _FRAME.match(text)
        if not frame and text and not _LEFT_OUT.match(text):
            break
        at += 1
        if frame:
            number = int(frame["number"])
            function = _FUNCTION.match(_text(lines, at, margin) or "")
            if function:
                functions[number] = function["function"]
            end = at + bool(function)
            places[number] = (frame["file"], frame["line"], Span(at, end))
            at = end
    return end
