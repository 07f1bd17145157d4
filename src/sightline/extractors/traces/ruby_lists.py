"""Ruby backtraces as bare lists of places below a heading, which loggers, test runners and job queues print."""

import re
from collections.abc import Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.heading import LONGEST_MESSAGE, find_heading
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.ruby_lines import (
    LANGUAGE,
    LINES_OF_EXCERPT,
    SCHEME,
    TYPE_AT_END,
    Place,
    frame_of,
    heading,
    place_in,
)

_LOGGED = regex(r"(?:[A-Z], \[[^\]]*\] +)?[A-Z]+ -- [^:]*: ")
_REACTOR = regex(r"Error (?:in|reached) [\w -]{1,40}: ")
_LOGGED_ERROR = regex(r"[EF], \[")


def listed(lines: Sequence[str], at: int, floor: int, first: Place) -> Crash | None:
    """Read a list of places below a heading, as `Logger`, Rails, RSpec and job queues print it."""
    margin = Margin(first.before)
    found = find_heading(lines, at, floor, margin, heading)
    if found is None:
        return None
    frames, at = _listed_frames(lines, at, margin)
    begin, message = _above_excerpt(lines, found.at, found.message, margin)
    if message.strip() != found.type:  # as Rails repeats it, in a line of its own
        begin, message = _from_log_line(lines, begin, message, floor)
    raised = Raised(found.type, _shortened(message), frames, Span(begin + 1, frames[0].span.line - 1))
    raised.cause, at = _listed_cause(lines, at, margin)
    begin, raised = _what_it_caused(lines, begin, floor, margin, raised)
    return Crash(LANGUAGE, SCHEME, raised, Span(begin + 1, at))


def _what_it_caused(lines: Sequence[str], at: int, floor: int, margin: Margin, raised: Raised) -> tuple[int, Raised]:
    """Read what Rails names above `Caused by: …`, which comes last and has the places of all."""
    while (margin.strip(lines[at]) or "").startswith("Caused by: "):
        above = find_heading(lines, at, floor, margin, heading)
        if above is None:
            break
        message = _shortened(above.message)
        raised = Raised(above.type, message, raised.frames, Span(above.at + 1, at), cause=raised)
        at = above.at
    return at, raised


def end_of_untitled(lines: Sequence[str], at: int, margin: Margin) -> int:
    """Give the end of a list of places without a heading; a place may itself be the heading of those below it."""
    while at < len(lines) and _listed_place(lines[at], margin):
        at += 1
        if heading((margin.strip(lines[at - 1]) or "").strip(), 1):
            break
    return at


def _listed_frames(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines) and (place := _listed_place(lines[at], margin)):
        frames.append(frame_of(place, Span(at + 1, at + 1)))
        at += 1
    return frames, at


def _listed_cause(lines: Sequence[str], at: int, margin: Margin) -> tuple[Raised | None, int]:
    """Read the cause that rake lists below the words `Caused by:`, with places of its own."""
    words = at + 1 if at + 1 < len(lines) and margin.strip(lines[at]) == "" else at
    if words + 2 >= len(lines) or margin.strip(lines[words]) != "Caused by:":
        return None, at
    match = heading(margin.strip(lines[words + 1]) or "", 1)
    first = next((n for n in range(words + 2, min(words + 12, len(lines))) if _listed_place(lines[n], margin)), None)
    if match is None or first is None:
        return None, at
    frames, end = _listed_frames(lines, first, margin)
    return Raised(match["type"], match["message"], frames, Span(words + 2, first)), end


def _from_log_line(lines: Sequence[str], at: int, message: str, floor: int) -> tuple[int, str]:
    """`Logger` writes the type at the end of a message; one of several lines begins in its log line above."""
    if _LOGGED.match(message) or not TYPE_AT_END.match(lines[at][:LONGEST_LINE].rstrip()):
        return at, message
    for number in range(at - 1, max(floor, at - LONGEST_MESSAGE) - 1, -1):
        if _LOGGED.match(lines[number]):
            return number, "\n".join([*lines[number:at], message]) if _LOGGED_ERROR.match(lines[number]) else message
        if place_in(lines[number]) or begins_something_else(lines[number]):
            break
    return at, message


def _above_excerpt(lines: Sequence[str], at: int, message: str, margin: Margin) -> tuple[int, str]:
    """Give the line of the message, which is not the last one when an excerpt stands between it and the type."""
    first = at - LINES_OF_EXCERPT
    if first < 0 or (margin.strip(message) or message).strip(" ^"):
        return at, message
    return first, (margin.strip(lines[first]) or lines[first]).strip()


def _listed_place(line: str, margin: Margin) -> Place | None:
    text = margin.strip(line)
    place = place_in(line) if text else None
    return place if place and not place.rest.startswith(": ") else None


def _shortened(message: str) -> str:
    """Leave out the excerpt of a template that Rails prints below the message."""
    kept: list[str] = []
    message = _REACTOR.sub("", _LOGGED.sub("", message))
    for line in message.strip("\n").split("\n"):
        if re.match(r"\s*\d+: |\s*Causes:|\s*$", line) and kept:
            break
        kept.append(line)
    return "\n".join(kept)
