"""PHP: uncaught exceptions, exceptions in logs with `Stack trace:` or `[stacktrace]`, fatal and parse errors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import LONGEST_CHAIN, Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.php_frames import TraceLine, frame_of, trace_line
from sightline.extractors.traces.repeats import Repeats

_LANGUAGE = "php"
_SCHEME = "php2"
_STACK = ("Stack trace:", "[stacktrace]")
_MARKS = (*_STACK, "[object] (", "Fatal error", "Parse error", "Uncaught PHP Exception", "#0 ")
_TYPE = r"\\?[A-Za-z_][\w\\]*(?:@anonymous)?"
_PREFIX = regex(r".*?(?:[Uu]ncaught(?: exception)?|\bNext(?: exception)?|\bexception(?= ')) (?='?\\?[A-Za-z_])")
_EXCEPTION = regex(rf"'?(?P<type>{_TYPE})'?(?:: (?P<message>.*)| with message '(?P<quoted>.*)')?$", re.DOTALL)
_PLACE = regex(r"(?P<file>\S[^\n]*?)(?::(?P<line>\d+)| on line (?P<on>\d+)|\((?P<old>\d+)\))$")
_OBJECT = regex(
    rf"\[object\] \((?P<type>{_TYPE})\(code: [^)]*\): (?P<message>.*) at (?P<file>[^\n]+?):(?P<line>\d+)\)", re.DOTALL
)
# One that was logged without its calls: the last of the text, or another one follows.
_OBJECT_ALONE = regex(
    rf"\[object\] \((?P<type>{_TYPE})\(code: [^)]*\): (?P<message>.*?) at (?P<file>\S+\.php):(?P<line>\d+)[),]"
)
_SYMFONY = regex(rf'Uncaught PHP Exception (?P<type>{_TYPE}): "(?P<message>.*)" at (?P<file>.+?) line (?P<line>\d+)')
_FATAL = regex(
    r"(?:PHP )?(?P<type>(?:Recoverable fatal|Catchable fatal|Fatal|Parse|Compile|Core) error): +(?P<message>.*?)"
    r" in (?P<file>\S.*?) on line (?P<line>\d+)"
)
_AT_START = regex(r"\\?[A-Z][\w\\]*(?:: | in [^\n]+:\d+$)")
_SURE_START = regex(r"[Uu]ncaught |\s*Next |\[object\] \(|\bexception '")
_OTHER_TRACE = regex(r"\s*(?:#\d+ |thrown in )")
_ANYWHERE = regex(r"(?<![\w\\])(?P<type>(?:\\?[A-Z]\w*\\)*[A-Z]\w*(?:Exception|Error)): (?P<message>.*)$")
_TAGS = regex(r"</?b>|<br ?/?>")
_THROWN = regex(r"\s*thrown in (?P<file>.+) on line (?P<line>\d+)")
_LONGEST_MESSAGE = 50
_MOST_INSIDE = 20


@dataclass(frozen=True, slots=True)
class _Thrown:
    """What was thrown and where."""

    type: str
    message: str
    file: str
    line: str


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the crashes in a text; `Next` and `[previous exception]` make chains."""
    free = 0
    repeats = Repeats(lines)
    for at in lines.having(*_MARKS):
        if at < free:
            continue
        known = repeats.again(at, free)
        crash, free = known or (_crash(lines, at, free), free)
        if crash:
            free = crash.place(crash.span).end_line
            if not known:
                repeats.keep(at, crash, free)
            yield crash


def _crash(lines: Sequence[str], at: int, floor: int) -> Crash | None:
    line = _TAGS.sub("", lines[at][:LONGEST_LINE]).rstrip()
    mark = next((mark for mark in _STACK if line.endswith(mark)), None)
    if mark:
        return _traced(lines, at, floor, Margin(line[: -len(mark)]))
    if "#0 " in line:
        return _listed(lines, at, floor)
    return _without_trace(lines, at, line)


def _traced(lines: Sequence[str], at: int, floor: int, margin: Margin) -> Crash | None:
    begin = -1
    found: list[Raised] = []
    is_outermost_first = lines[at].rstrip().endswith("[stacktrace]")
    end = at
    while len(found) < LONGEST_CHAIN:
        section = _section(lines, at, floor, margin)
        if section is None:
            break
        raised, first, end = section
        begin = first if begin < 0 else begin
        found.append(raised)
        floor = end
        following = _next_stack(lines, end, margin)
        if following is None:
            break
        at = following
    chain = found if is_outermost_first else found[::-1]
    for raised, cause in pairwise(chain):
        raised.cause = cause
    thrown = _THROWN.match(margin.strip(_TAGS.sub("", lines[end])) or "") if end < len(lines) else None
    return Crash(_LANGUAGE, _SCHEME, chain[0], Span(begin + 1, end + bool(thrown))) if chain else None


def _next_stack(lines: Sequence[str], at: int, margin: Margin) -> int | None:
    """Find the stack of the next exception of the chain: `Next …` or `[previous exception]` begins it."""
    is_linked = False
    for number in range(at, min(at + _LONGEST_MESSAGE, len(lines))):
        text = (margin.strip(lines[number]) or "").strip()
        is_linked = is_linked or text.startswith(("Next ", "[previous exception]", "next exception "))
        if text and not is_linked and not text.startswith('"'):
            return None
        if is_linked and text in _STACK:
            return number
    return None


def _section(lines: Sequence[str], at: int, floor: int, margin: Margin) -> tuple[Raised, int, int] | None:
    """Read one exception: the line that begins it, its message and its frames."""
    heading = _heading(lines, at, floor, margin)
    if heading is None:
        return None
    begin, match = heading
    frames, end = _frames(lines, at + 1, margin)
    return _raised(match, frames, Span(begin + 1, at)), begin, end


def _heading(lines: Sequence[str], at: int, floor: int, margin: Margin) -> tuple[int, _Thrown] | None:
    """Find the line that begins the exception; one that says so is better than one that may be part of a message."""
    texts: list[str] = []
    weak = None
    for number in range(at - 1, max(floor, at - _LONGEST_MESSAGE) - 1, -1):
        shown = margin.strip(lines[number])
        text = _TAGS.sub("", (lines[number] if shown is None else shown)[:LONGEST_LINE])
        if _OTHER_TRACE.match(text):
            break
        texts.insert(0, text.rstrip())
        is_sure = bool(_SURE_START.search(text))
        match = _begins_exception(text, "\n".join(texts)) if is_sure or weak is None else None
        weak = weak or ((number, match) if match else None)
        if match and is_sure:
            return number, match
    return weak


def _begins_exception(first: str, text: str) -> _Thrown | None:
    """Read the whole text when its first line is the one where an exception begins."""
    monolog = first.find("[object] (")
    if monolog >= 0:
        match = _OBJECT.match(text[monolog:])
        return _Thrown(*map(_unescaped, match.groups())) if match else None
    prefix = _PREFIX.match(first)
    if prefix:
        return _thrown(text[prefix.end() :])
    found = _AT_START.match(first) or _ANYWHERE.search(first)
    return _thrown(text[found.start() :]) if found else None


def _unescaped(written: str) -> str:
    """Undo what JSON did to the text: an exception in a context of Monolog is part of an object."""
    return written.replace("\\\\", "\\").replace('\\"', '"')


def _thrown(text: str) -> _Thrown | None:
    """Read `Type: message in file:line`, or as PHP 5 wrote it, `'Type' with message '…' in file:line`."""
    head, _, tail = text.strip().rpartition(" in ")
    place, match = _PLACE.match(tail), _EXCEPTION.match(head)
    if not place or not match:
        return None
    return _Thrown(
        match["type"], match["message"] or match["quoted"] or "", place["file"], place[2] or place[3] or place[4]
    )


def _raised(thrown: _Thrown, calls: list[TraceLine], span: Span) -> Raised:
    """Make the frames: each call ran in the file that the line above it names; the first one in the file of the throw."""
    places = [(thrown.file, thrown.line, span.end_line)]
    places += [(call.file, call.line, call.span.line) for call in calls if call.file or call.function != "{main}"]
    functions = [call.function for call in calls] or [""]
    frames = [
        frame_of(function, file, line, Span(number, number))
        for function, (file, line, number) in zip(functions, places, strict=False)
    ]
    return Raised(thrown.type.lstrip("\\"), thrown.message.strip(), frames, span)


def _frames(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[TraceLine], int]:
    calls: list[TraceLine] = []
    while at < len(lines):
        text = margin.strip(_TAGS.sub("", lines[at]).replace("-&gt;", "->"))
        call = trace_line(text, Span(at + 1, at + 1)) if text else None
        if call is None:
            break
        calls.append(call)
        at += 1
    return calls, at


def _names_file(lines: Sequence[str], at: int, margin: Margin) -> bool:
    """Say whether one of the first calls has a file; looking at all of them for each would take too long."""
    calls, _ = _frames(lines[at : at + _MOST_INSIDE], 0, margin)
    return any(call.file for call in calls)


def _listed(lines: Sequence[str], at: int, floor: int) -> Crash | None:
    """Read a list of calls without `Stack trace:` above; the log line in front of it must name the exception."""
    column = lines[at].index("#0 ")
    margin = Margin(lines[at][:column])
    for number in range(at - 1, max(floor, at - 5) - 1, -1):
        text = (margin.strip(lines[number]) or lines[number])[:LONGEST_LINE].strip()
        found = _ANYWHERE.search(text)
        if not found:
            if begins_something_else(text):
                break
            continue
        if not _names_file(lines, at, margin):
            return None
        calls, end = _frames(lines, at, margin)
        if thrown := _thrown(text[found.start() :]):
            return Crash(
                _LANGUAGE, _SCHEME, _raised(thrown, calls, Span(number + 1, number + 1)), Span(number + 1, end)
            )
        frames = [frame_of(call.function, call.file, call.line, call.span) for call in calls if call.file]
        raised = Raised(found["type"], found["message"], frames, Span(number + 1, at))
        return Crash(_LANGUAGE, _SCHEME, raised, Span(number + 1, end))
    return None


def _without_trace(lines: Sequence[str], at: int, line: str) -> Crash | None:
    """Read an error that has a place but no calls; one that goes on in the next lines has a stack trace."""
    match = _SYMFONY.search(line) or _FATAL.search(line) or _OBJECT_ALONE.match(line, max(line.find("[object] ("), 0))
    is_traced = ("ncaught" in line or "[object] (" in line) and any(
        mark in text for text in lines[at + 1 : at + 4] for mark in _STACK
    )
    span = Span(at + 1, at + 1)
    thrown = None
    if match and match.re.pattern == _OBJECT_ALONE.pattern:
        thrown = _Thrown(*map(_unescaped, match.groups()))
    elif not match and "rror: " in line and (prefix := _PREFIX.match(line)):
        thrown = _thrown(line[prefix.end() :])
    if thrown and not is_traced:
        return Crash(_LANGUAGE, _SCHEME, _raised(thrown, [], span), span)
    if not match or is_traced:
        return None
    message = match["message"].strip()
    uncaught = re.match(rf"Uncaught (?P<type>{_TYPE}): (?P<message>.*)$", message)
    kind = uncaught["type"] if uncaught else match["type"]
    frame: Frame = frame_of("", match["file"], match["line"], span)
    return Crash(_LANGUAGE, _SCHEME, Raised(kind, uncaught["message"] if uncaught else message, [frame], span), span)
