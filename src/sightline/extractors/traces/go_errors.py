r"""Stacks of Go errors without a panic: `main.load` and below it `\t/srv/app/main.go:12` (pkg/errors, zap), and gin's.

Gin's handler of panics (martini's and go-errors' too) prints `/srv/app/main.go:12 (0x45f)`, and below it the function
where it finds the source, so on a server as a rule not.
"""

from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.go import SCHEME, frame_of
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_PLACE = regex(r"(?:\t| {4,8})(?P<file>\S.*\.go):(?P<line>\d+)$")
_FUNCTION = regex(r"(?P<function>[\w./~@-]+\.[\w.(*)\[\]-]*[\w\]])$")
_PLACE_OF_GIN = regex(r"(?P<file>\S.*\.(?:go|s|c)):(?P<line>\d+) \(0x[0-9a-f]+\)$")
_FUNCTION_OF_GIN = regex(r"(?:\t| {4,8})(?P<function>[\w.(*)\[\]-]+): ")
_BEFORE_A_MESSAGE = regex(
    r"(?:\[[\w-]+\] ?)?(?:\d{4}[/-]\d\d[/-]\d\d[T ]\d\d:\d\d:\d\d\S*:? )|(?:\[[\w-]+\] ?)?PANIC: "
)
_RUNTIME = regex(
    r"goPanic|panic|runtime\.|gopanic|sigpanic|panicmem|(?:\S*[\\/]src[\\/](?:pkg[\\/])?)?runtime[\\/]\S*$"
)
_RECOVERED = " panic recovered:"
_LINES_OF_A_REQUEST = 40
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
            yield _crash(lines, found, free)
            free = found[2]


def _gins(lines: Sequence[str], at: int) -> _Stack | None:
    while at and _PLACE_OF_GIN.match(lines[at - 1][:LONGEST_LINE]):
        at -= 1
    begin = at
    frames: list[Frame] = []
    while at < len(lines) and (place := _PLACE_OF_GIN.match(lines[at][:LONGEST_LINE])):
        below = _FUNCTION_OF_GIN.match(lines[at + 1][:LONGEST_LINE]) if at + 1 < len(lines) else None
        end = at + (2 if below else 1)
        function = below["function"] if below else ""
        frames.append(frame_of(function, **place.groupdict(), span=Span(at + 1, end)))
        at = end
    return (_without_machinery(frames), begin, at) if len(frames) > 1 else None


def _without_machinery(frames: list[Frame]) -> list[Frame]:
    """Leave out what the runtime called after the fault."""
    first = next((number for number, frame in enumerate(frames) if not _RUNTIME.match(frame.label)), 0)
    return frames[first:]


def _errors(lines: Sequence[str], at: int) -> _Stack | None:
    place = _PLACE.search(lines[at][:LONGEST_LINE])
    margin = Margin(lines[at][: place.start()]) if place else None
    return _pairs(lines, at - 1, margin) if margin else None


def _pairs(lines: Sequence[str], at: int, margin: Margin) -> _Stack | None:
    begin = at
    frames: list[Frame] = []
    while at + 1 < len(lines):
        above, below = margin.strip(lines[at]), margin.strip(lines[at + 1])
        one, other = _FUNCTION.match(above or ""), _PLACE.match(below or "")
        if not one or not other:
            break
        frames.append(frame_of(**one.groupdict(), **other.groupdict(), span=Span(at + 1, at + 2)))
        at += 2
    return (frames, begin, at) if len(frames) > 1 else None


def _crash(lines: Sequence[str], stack: _Stack, floor: int) -> Crash:
    frames, begin, end = stack
    number = next((above for above in range(begin - 1, max(begin - 3, -1), -1) if lines[above].strip()), begin)
    message = "" if number == begin else _BEFORE_A_MESSAGE.sub("", lines[number][:LONGEST_LINE].strip())
    above = lines[max(begin - _LINES_OF_A_REQUEST, floor) : begin]
    kind = "panic" if "runtime error" in message or any(_RECOVERED in line for line in above) else "error"
    return Crash("go", SCHEME, Raised(kind, message, frames, Span(number + 1, begin)), Span(number + 1, end))
