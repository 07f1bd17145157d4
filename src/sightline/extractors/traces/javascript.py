"""Stack traces of V8 (Node, Chrome, Edge, Deno, Bun, Hermes): `    at price (/srv/app/cart.js:3:14)`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Raised, Span
from sightline.extractors.traces.heading import find_heading
from sightline.extractors.traces.javascript_frames import frame_of
from sightline.extractors.traces.javascript_lines import (
    bracketed,
    heading,
    is_no_crash,
    weak_heading,
    without_excerpt,
)
from sightline.extractors.traces.lines import FRAME_MARKS, MOST_LINES_KEPT, Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.repeats import Repeats

LANGUAGE = "javascript"
SCHEME = "js2"
_PLACE = regex(
    r"[^\s:].*:\d+:\d+$|<anonymous>$|native$|\[native code\]$|index \d+$|unknown location$"
    r"|\S+:wasm-function\[\d+\]:0x[0-9a-f]+$"
)
_SCRIPT_LINE = regex(r".+\.(?:[cm]?[jt]sx?|vue|svelte|bundle):\d+$")
_OTHER_LANGUAGE = regex(
    r"\.(?:rs|c|cc|cpp|cxx|h|hh|hpp|go|py|java|kts?|scala|swift|mm?|php|rb|cs|fs|dart|exs?|erl|zig|nim"
    r"|cr):\d+(?::\d+)?$"
)
_MAY_HAVE_BLANKS = regex(
    r"[/\\\\]|[A-Za-z]:[\\\\/]|[\w-]+:/|\.\.?/|eval at |address at |index \d|unknown location|\[[\w -]+\]"
)
_ELIDED = regex(r"\.\.\. \d+ lines? matching cause stack trace \.\.\.$|\.\.\. \d+ more")
_EMITTED = regex(r"Emitted '.{1,80}' event (?:on .{1,80} )?at:$")
_JOINT = regex(r"\[?cause\]?: |(?:\[?[Cc]aused [Bb]y\]?|from previous event):? ?")
_ERRORS = regex(r"\[?errors\]?: \[$")
_FILE_LINE = regex(r"(?P<file>(?:file://|[A-Za-z]:\\|/)\S.*):(?P<line>\d+)$")
_LONGEST_ANNOTATION = 200
_FIRST_COLUMNS = 3


@dataclass(slots=True)
class _Trace:
    """A trace while it is read; `depth` counts the braces that are open below its frames."""

    margin: Margin
    begin: int
    chain: list[Raised]
    current: Raised
    members: list[Raised] = field(default_factory=list)
    depth: int = 0
    annotations: int = 0
    in_group: bool = False
    is_crash: bool = True


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stack traces in a text; a trace without a heading needs two frames."""
    free = 0
    repeats = Repeats(lines)
    for at in lines.having(*FRAME_MARKS):
        if at < free or not (found := _frame_in(lines[at])):
            continue
        if known := repeats.again(at, free):
            crash, free = known
            yield crash
            continue
        trace = _begin(lines, at, free, Margin(lines[at][: found[0]].rstrip()))
        free = _continue(lines, at, trace)
        if trace.is_crash and (trace.chain[0].type or len(trace.chain[0].frames) > 1):
            crash = _crash(trace, free)
            repeats.keep(at, crash, free)
            yield crash


@lru_cache(maxsize=MOST_LINES_KEPT)
def _frame_in(line: str) -> tuple[int, str, str] | None:
    """Give the column where a frame begins, its function and its place."""
    line = line[:LONGEST_LINE].rstrip()
    if ".java:" in line:
        return None
    column = 0 if line.startswith("at ") else _next_at(line, 0)
    for _ in range(_FIRST_COLUMNS):
        if column < 0:
            return None
        if parts := _parts(line[column + len("at ") :].rstrip(" {},]")):
            return (column, *parts)
        column = _next_at(line, column)
    return None


def _next_at(line: str, begin: int) -> int:
    places = (line.find(mark, begin) for mark in (" at ", "\tat "))
    return min((place + 1 for place in places if place >= 0), default=-1)


def _parts(text: str) -> tuple[str, str] | None:
    function, gap, inside = text.removeprefix("async ").partition(" (")
    is_called = bool(gap and inside.endswith(")"))
    place = inside[:-1] if is_called else text.removeprefix("async ")
    if not (_PLACE.match(place) or _SCRIPT_LINE.match(place)) or _OTHER_LANGUAGE.search(place):
        return None
    if " " in place and not _MAY_HAVE_BLANKS.match(place):
        return None
    if is_called:
        return None if "(" in function or " in " in function else (function, place)
    return ("", place)


def _begin(lines: Sequence[str], at: int, floor: int, margin: Margin) -> _Trace:
    above = margin.strip(lines[at - 1]) if at > floor else None
    if is_no_crash(above or (lines[at - 1] if at > floor else "")):
        raised = _unknown(at)
        return _Trace(margin, at, [raised], raised, is_crash=False)
    found = find_heading(lines, at, floor, margin, heading) or find_heading(
        lines, at, max(floor, at - _nearby(lines, at, margin)), margin, weak_heading
    )
    if found is None:
        raised = _unknown(at)
        return _Trace(margin, at, [raised], raised)
    raised = Raised(found.type, without_excerpt(found.message), [], Span(found.at + 1, at))
    trace = _Trace(margin, found.at, [raised], raised)
    _script_of_syntax_error(lines, trace, floor)
    return _with_outer(lines, trace, floor)


def _unknown(at: int) -> Raised:
    return Raised("", "", [], Span(at + 1, at + 1))


def _nearby(lines: Sequence[str], at: int, margin: Margin) -> int:
    """Count the lines right above that are not blank; a message of an error with a name of its own may take them."""
    near = 0
    while near < min(at, 10) and (margin.strip(lines[at - near - 1]) or "").strip():
        near += 1
    return near


def _script_of_syntax_error(lines: Sequence[str], trace: _Trace, floor: int) -> None:
    """Node prints the place of a syntax error above it, not among the frames."""
    raised = trace.current
    if raised.type != "SyntaxError":
        return
    for number in range(trace.begin - 1, max(floor, trace.begin - 6) - 1, -1):
        match = _FILE_LINE.match(trace.margin.strip(lines[number]) or "")
        if match:
            raised.frames.append(frame_of("", match[0], Span(number + 1, number + 1)))
            trace.begin = number
            return


def _with_outer(lines: Sequence[str], trace: _Trace, floor: int) -> _Trace:
    """Find the error around this one that was printed without a stack: `[Error: x] {`, then `[cause]:`."""
    at = trace.begin
    text = lines[at].strip()
    is_member = at > floor and bool(_ERRORS.search(lines[at - 1].strip()))
    if not is_member and not text.startswith("[cause]: "):
        return trace
    for number in range(at - 1, max(floor, at - 10) - 1, -1):
        match = bracketed(trace.margin.strip(lines[number]) or "")
        if match:
            outer = Raised(match["type"], match["message"] or "", [], Span(number + 1, number + 1))
            members = [trace.current] if is_member else []
            chain = [outer] if is_member else [outer, trace.current]
            return _Trace(trace.margin, number, chain, trace.current, members, depth=1 + is_member, in_group=is_member)
    return trace


def _continue(lines: Sequence[str], at: int, trace: _Trace) -> int:
    end = at
    while at < len(lines):
        text = trace.margin.strip(lines[at])
        if text is None or not _take(trace, text, lines[at], at):
            break
        at += 1
        end = at if text.strip() else end
    return end


def _take(trace: _Trace, text: str, line: str, at: int) -> bool:
    """Add one line to the trace; False when it does not belong to it."""
    found = _frame_in(line)
    if found:
        trace.current.frames.append(frame_of(found[1], found[2], Span(at + 1, at + 1)))
        trace.depth += text.rstrip().endswith("{")
        return True
    text = text.strip()
    if _ELIDED.match(text):
        return True
    if _EMITTED.match(text):
        trace.current = _unknown(at)
        return True
    joint = _JOINT.match(text)
    if joint and (match := heading(text[joint.end() :], 1)):
        return _join(trace, match, at)
    return _take_annotation(trace, text, at) if trace.depth > 0 else _is_more(trace, text)


def _join(trace: _Trace, match: re.Match[str], at: int) -> bool:
    trace.current = _raised(match, at)
    trace.chain.append(trace.current)
    trace.depth += match[0].endswith("{")
    return True


def _raised(match: re.Match[str], at: int) -> Raised:
    return Raised(match["type"], match["message"] or "", [], Span(at + 1, at + 1))


def _is_more(trace: _Trace, text: str) -> bool:
    """A cause that has no frames yet may have more lines of its message."""
    raised = trace.current
    if raised is trace.chain[0] or raised.frames or not text or begins_something_else(text):
        return False
    raised.message += f"\n{text}"
    return raised.message.count("\n") < _FIRST_COLUMNS * 10


def _take_annotation(trace: _Trace, text: str, at: int) -> bool:
    """Take a property of the error, printed in braces below its frames."""
    trace.annotations += 1
    if _ERRORS.match(text):
        trace.in_group = True
    elif trace.in_group and (match := heading(text, 2)):
        trace.current = _raised(match, at)
        trace.members.append(trace.current)
    trace.depth += text.endswith(("{", "["))
    trace.depth -= text.startswith(("}", "]"))
    return trace.annotations < _LONGEST_ANNOTATION


def _crash(trace: _Trace, end: int) -> Crash:
    for raised, cause in pairwise(trace.chain):
        raised.cause = cause
    first = trace.chain[0]
    first.members = trace.members
    return Crash(LANGUAGE, SCHEME, first, Span(trace.begin + 1, end))
