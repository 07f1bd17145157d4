"""Ruby backtraces: as the interpreter prints them in either order, and as logs and test runners list them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import LONGEST_CHAIN, Crash, Frame, Raised, Span
from sightline.extractors.traces.heading import LONGEST_MESSAGE, lines_of_message
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import Margin, begins_something_else
from sightline.extractors.traces.repeats import Repeats
from sightline.extractors.traces.ruby_lines import (
    LANGUAGE,
    LINES_OF_EXCERPT,
    MARKS,
    SCHEME,
    TYPE_AT_END,
    Place,
    frame_of,
    is_type,
    place_in,
    without_excerpt,
)
from sightline.extractors.traces.ruby_lists import end_of_untitled, listed

_LEVEL = regex(r"\s*\d+: from ")
_LEFT_OUT = regex(r"\s*\.\.\. \d+ levels\.\.\.")
_SYNTAX = regex(
    r"(?P<file>\S+\.(?:rb|erb|rake|ru|haml|slim)):(?P<line>\d+): (?P<message>(?:\(SyntaxError\)|syntax error).*)$"
)


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the backtraces in a text."""
    free = tried = 0
    repeats = Repeats(lines)
    for at in lines.having(*MARKS, ": syntax error"):
        if at < max(free, tried):
            continue
        known = repeats.again(at, free)
        crash, free = known or (_crash(lines, at, free), free)
        if crash:
            free = crash.place(crash.span).end_line
            if not known:
                repeats.keep(at, crash, free)
            yield crash
        else:
            tried = _end_of_failed(lines, at)


def _crash(lines: Sequence[str], at: int, floor: int) -> Crash | None:
    place = place_in(lines[at])
    if place is None:
        return _syntax_error(lines, at)
    if _LEVEL.search(place.before):
        return _innermost_last(lines, at)
    if place.rest.startswith(": "):
        return _innermost_first(lines, at)
    return listed(lines, at, floor, place)


def _end_of_failed(lines: Sequence[str], at: int) -> int:
    """Give the line to go on at when no crash begins here: those before it would all fail alike."""
    place = place_in(lines[at])
    if place is None or place.rest.startswith(": "):
        return at + 1
    return _levels(lines, at)[1] if _LEVEL.search(place.before) else end_of_untitled(lines, at, Margin(place.before))


def _innermost_first(lines: Sequence[str], at: int) -> Crash | None:
    """Read `cart.rb:3:in 'price': message (Type)` with the callers below, and the causes that follow alike."""
    begin = at
    chain: list[Raised] = []
    while at < len(lines) and len(chain) < LONGEST_CHAIN:
        found = _raised_with_callers(lines, at)
        if found is None or any(_is_same(raised, found[0]) for raised in chain):
            break
        chain.append(found[0])
        at = found[1]
        if not chain[-1].frames[1:]:
            break
    for raised, cause in pairwise(chain):
        raised.cause = cause
    return Crash(LANGUAGE, SCHEME, chain[0], Span(begin + 1, at)) if chain else None


def _is_same(raised: Raised, other: Raised) -> bool:
    return (raised.type, raised.message) == (other.type, other.message)


def _raised_with_callers(lines: Sequence[str], at: int) -> tuple[Raised, int] | None:
    place = place_in(lines[at])
    if place is None or not place.rest.startswith(": "):
        return None
    callers = _first_caller(lines, at + 1, Margin(place.before))
    margin = Margin(_margin_of_caller(lines[callers])) if callers else Margin(place.before)
    message, end = _message(lines, at, callers, place.rest[2:], margin)
    if message is None:
        return None
    frames, end = _callers(lines, end, margin) if callers else ([], end)
    own = frame_of(_without_margin(place, margin), Span(at + 1, at + 1))
    return Raised(*message, [own, *frames], Span(at + 1, callers or end)), end


def _without_margin(place: Place, margin: Margin) -> Place:
    head = margin.strip(f"{place.before}{place.file}") if margin.width else f"{place.before}{place.file}"
    is_clear = head is not None and ": " not in head and "|" not in head
    # Markdown quotes a line of code with the mark that Ruby quotes methods with.
    return Place("", (head or "").strip(" \t`"), place.line, place.function, place.rest) if is_clear else place


def _first_caller(lines: Sequence[str], at: int, margin: Margin) -> int | None:
    """Find the first line with `from`; the lines before it are more of the message."""
    for number in range(at, min(at + LONGEST_MESSAGE, len(lines))):
        place = place_in(lines[number])
        if place and place.before.endswith("from ") and not _LEVEL.search(place.before):
            return number
        if (place and place.rest.startswith(": ")) or begins_something_else(margin.strip(lines[number]) or ""):
            break
    return None


def _margin_of_caller(line: str) -> str:
    return line[: line.index("from ")].rstrip()


def _message(
    lines: Sequence[str], at: int, callers: int | None, first: str, margin: Margin
) -> tuple[tuple[str, str] | None, int]:
    """Give type and message; the type stands in brackets at the end of the first line, or else of the last."""
    end = callers or at + 1
    rest = lines_of_message(lines[at + 1 : end], margin, margin.strip(lines[at]) or "")
    match = TYPE_AT_END.match(first)
    if match:
        return (match["type"], without_excerpt("\n".join([match["message"], *rest]).rstrip())), end
    match = TYPE_AT_END.match(rest[-1]) if rest else None
    if match:
        return (match["type"], without_excerpt("\n".join([first, *rest[:-1], match["message"]]))), end
    if is_type(first):
        return (first, ""), end
    return (("RuntimeError" if first == "unhandled exception" else "", first) if callers else None), end


def _callers(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines):
        text = margin.strip(lines[at])
        place = place_in(text) if text else None
        if place and place.before.strip() == "from":
            frames.append(frame_of(place, Span(at + 1, at + 1)))
        elif not text or not (_LEFT_OUT.match(text) or text.strip().startswith("from ")):
            break
        at += 1
    return frames, at


def _innermost_last(lines: Sequence[str], at: int) -> Crash | None:
    """Read the order of Ruby 2.5 to 2.7: the callers, outermost first, then the line with the message."""
    begin = at
    found: list[Raised] = []
    while at < len(lines) and len(found) < LONGEST_CHAIN:
        frames, at = _levels(lines, at)
        place = place_in(lines[at]) if frames and at < len(lines) else None
        if place is None or not place.rest.startswith(": "):
            break
        message, _ = _message(lines, at, None, place.rest[2:], Margin(""))
        kind, text = message or ("", place.rest[2:])
        found.append(Raised(kind, text, [frame_of(place, Span(at + 1, at + 1)), *frames[::-1]], Span(at + 1, at + 1)))
        at = _after_excerpt(lines, at + 1, Margin(place.before))
    for cause, raised in pairwise(found):
        raised.cause = cause
    return Crash(LANGUAGE, SCHEME, found[-1], Span(begin + 1, at)) if found else None


def _after_excerpt(lines: Sequence[str], at: int, margin: Margin) -> int:
    shown = "\n".join(["", *((margin.strip(line) or "") for line in lines[at : at + LINES_OF_EXCERPT])])
    return at if without_excerpt(shown) else at + LINES_OF_EXCERPT


def _levels(lines: Sequence[str], at: int) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines):
        place = place_in(lines[at])
        if place and _LEVEL.search(place.before):
            frames.append(frame_of(place, Span(at + 1, at + 1)))
        elif not _LEFT_OUT.match(lines[at]):
            break
        at += 1
    return frames, at


def _syntax_error(lines: Sequence[str], at: int) -> Crash | None:
    match = _SYNTAX.search(lines[at][:2000])
    if not match:
        return None
    span = Span(at + 1, at + 1)
    frame = frame_of(Place("", match["file"], match["line"], "", ""), span)
    frame = Frame(f"{match['file']}:{match['line']}", frame.key, frame.is_own, span)
    return Crash(LANGUAGE, SCHEME, Raised("SyntaxError", match["message"], [frame], span), span)
