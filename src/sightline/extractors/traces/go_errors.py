r"""Stacks of Go errors without a panic: `main.load` and below it `\t/srv/app/main.go:12` (pkg/errors, zap), and gin's."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.go import SCHEME, frame_of
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_PLACE = re.compile(r"\t(?P<file>\S.*\.go):(?P<line>\d+)$")
_FUNCTION = re.compile(r"(?P<function>[\w./~@-]+\.[\w.(*)\[\]-]*[\w\]])$")
_PLACE_OF_GIN = re.compile(r"(?P<file>\S.*\.go):(?P<line>\d+) \(0x[0-9a-f]+\)$")
_FUNCTION_OF_GIN = re.compile(r"\t(?P<function>[\w.(*)\[\]-]+): ")
_TIME = re.compile(r"(?:\[[\w-]+\] ?)?(?:\d{4}[/-]\d\d[/-]\d\d[T ]\d\d:\d\d:\d\d\S*:? )")
_RUNTIME = re.compile(r"goPanic|panic|runtime\.|gopanic|sigpanic|panicmem")
# The frames, and the lines they take.
_Stack = tuple[list[Frame], int, int]


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stacks in a text; one has two frames at least, its message is the line above."""
    free = 0
    for at in lines.having(".go:"):
        if at < free:
            continue
        found = _errors(lines, at) if at else None
        found = found or _gins(lines, at)
        if found:
            frames, begin, end = found
            free = end
            yield _crash(lines, frames, begin, end)


def _errors(lines: Sequence[str], at: int) -> _Stack | None:
    place = _PLACE.search(lines[at][:LONGEST_LINE])
    margin = Margin(lines[at][: place.start()]) if place else None
    return _pairs(lines, at - 1, margin, (_FUNCTION, _PLACE)) if margin else None


def _gins(lines: Sequence[str], at: int) -> _Stack | None:
    place = _PLACE_OF_GIN.match(lines[at][:LONGEST_LINE])
    return _without_machinery(_pairs(lines, at, Margin(""), (_PLACE_OF_GIN, _FUNCTION_OF_GIN))) if place else None


def _without_machinery(found: _Stack | None) -> _Stack | None:
    """Leave out what the runtime called after the fault."""
    if found is None:
        return None
    frames, begin, end = found
    first = next((number for number, frame in enumerate(frames) if not _RUNTIME.match(frame.label)), 0)
    return frames[first:], begin, end


def _pairs(
    lines: Sequence[str], at: int, margin: Margin, patterns: tuple[re.Pattern[str], re.Pattern[str]]
) -> _Stack | None:
    first, second = patterns
    begin = at
    frames: list[Frame] = []
    while at + 1 < len(lines):
        above, below = margin.strip(lines[at]), margin.strip(lines[at + 1])
        one, other = first.match(above or ""), second.match(below or "")
        if not one or not other:
            break
        frames.append(frame_of(**one.groupdict(), **other.groupdict(), span=Span(at + 1, at + 2)))
        at += 2
    return (frames, begin, at) if len(frames) > 1 else None


def _crash(lines: Sequence[str], frames: list[Frame], begin: int, end: int) -> Crash:
    number = next((above for above in range(begin - 1, max(begin - 3, -1), -1) if lines[above].strip()), begin)
    message = "" if number == begin else _TIME.sub("", lines[number][:LONGEST_LINE].strip())
    kind = "panic" if "runtime error" in message else "error"
    return Crash("go", SCHEME, Raised(kind, message, frames, Span(number + 1, begin)), Span(number + 1, end))
