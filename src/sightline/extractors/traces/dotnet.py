"""Stack traces of .NET, .NET Framework and Mono, with inner exceptions and the members of an aggregate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import LONGEST_CHAIN, Crash, Raised, Span
from sightline.extractors.traces.dotnet_frames import frame_in, frame_of
from sightline.extractors.traces.heading import lines_of_message
from sightline.extractors.traces.lines import FRAME_MARKS, Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.repeats import Repeats

_LANGUAGE = "dotnet"
_SCHEME = "net1"
_TRANSLATED = ("   bei ", "   à ", "   en ", "   em ", "   в ", "   w ", "   in ", "   在 ", "   場所 ")
_LONGEST_MESSAGE = 50
_CODE = r"(?: \((?:0x[0-9A-Fa-f]+|\d+)(?:, 0x[0-9A-Fa-f]+)?\))?"
_TYPE = r"(?:[^\W\d][\w`]*[.+])+[^\W\d][\w`]*(?:\[[^\]]*\])?"
_SIMPLE_TYPE = r"[A-Z]\w*(?:Exception|Error)"
_HEADING = regex(rf"(?P<type>{_TYPE}|{_SIMPLE_TYPE}){_CODE}(?:: ?(?P<message>.*))?$")
_IN_A_LINE = regex(
    rf"(?<![\w.`+/\\])(?P<type>(?:[^\W\d][\w`]*[.+]){{1,20}}\w*(?:Exception|Error)(?:`\d)?(?:\[[^\]]*\])?|{_SIMPLE_TYPE})"
    rf"{_CODE}: (?P<message>.*)$"
)
_PREFIX = regex(r"(?:.*\b(?:FATAL )?(?:Unhandled|UNHANDLED) [Ee](?:xception|XCEPTION)[.:] ?|Exception Info: )")
_INNER = " ---> "
_END_OF_INNER = regex(r"-{3} .{5,80} -{3}$")
_PREVIOUS_PLACE = regex(r"-{3} .*(?:previous location|vorhergehenden|précédent).* -{3}$|={5,}|-{5,}$")
_DATA = "Exception data:"
_ABOVE_A_MESSAGE, _ABOVE_FRAMES = "Error Message:", "Stack Trace:"  # of `dotnet test`
_OF_A_TEST = regex(rf"(?P<type>{_TYPE}) : (?P<message>.*)$")
_MEMBER = regex(r"-{3}> \((?:Inner Exception|Interne Ausnahme)[^)]*\) ")


@dataclass(slots=True)
class _Trace:
    """A trace while it is read: `open` are the exceptions whose frames are to come, the innermost last."""

    margin: Margin
    begin: int
    first: Raised
    open: list[Raised]
    members: list[Raised] = field(default_factory=list)
    is_data: bool = False


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stack traces in a text; each needs a heading with the type."""
    free = 0
    repeats = Repeats(lines)
    marks = (*FRAME_MARKS, *_TRANSLATED) if lines.having("Exception: ") else FRAME_MARKS
    for at in lines.having(*marks):
        found = frame_in(lines[at]) if at >= free else None
        if found is None:
            continue
        if known := repeats.again(at, free):
            crash, free = known
            yield crash
            continue
        trace = _begin(lines, at, free, Margin(lines[at][: found[0]].rstrip()))
        free = _continue(lines, at, trace) if trace else at + 1
        if trace:
            trace.first.members = trace.members
            crash = Crash(_LANGUAGE, _SCHEME, trace.first, Span(trace.begin + 1, free))
            repeats.keep(at, crash, free)
            yield crash


def _begin(lines: Sequence[str], at: int, floor: int, margin: Margin) -> _Trace | None:
    for number in range(at - 1, max(floor, at - _LONGEST_MESSAGE) - 1, -1):
        text = margin.strip(lines[number])
        shown = (lines[number] if text is None else text)[:LONGEST_LINE].strip()
        if shown.startswith("---> "):
            continue
        if shown == _ABOVE_A_MESSAGE:
            return _told_by_test_runner(lines, number, at, margin)
        match = _heading(shown, is_next=number == at - 1)
        if match and shown[: match.start()].endswith(_INNER):
            continue
        if match:
            more = _told_by_debugger(lines_of_message(lines[number + 1 : at], margin, text or ""))
            # An inner exception without frames ends before those of the outer one begin.
            message = [line for line in more if not _END_OF_INNER.match(line.strip())]
            chain = _chain(match, message, number)
            ended = len(more) - len(message)
            return _Trace(margin, number, chain[0], chain[: max(1, len(chain) - ended)])
        if text is not None and begins_something_else(text):
            break
    return None


def _told_by_test_runner(lines: Sequence[str], begin: int, at: int, margin: Margin) -> _Trace | None:
    """Read a failed test whose message names no exception as other programs do; an assertion has no type."""
    if lines[at - 1].strip() != _ABOVE_FRAMES:
        return None
    message = "\n".join(lines_of_message(lines[begin + 1 : at - 1], margin, "")).strip()
    match = _OF_A_TEST.match(message.partition("\n")[0])
    kind, message = (match["type"], message[match.start("message") :]) if match else ("", message)
    raised = Raised(kind, message, [], Span(begin + 2, at - 1))
    return _Trace(margin, begin, raised, [raised])


def _told_by_debugger(lines: list[str]) -> list[str]:
    """Take the message out of the properties that Visual Studio lists, in the language of its user.

    Windows' event log writes `Stack:` above the frames.
    """
    if [line.strip() for line in lines] == ["Stack:"]:
        return []
    is_listed = len(lines) > 1 and lines[0].lstrip().startswith("HResult=") and "=" in lines[1]
    return [lines[1].partition("=")[2].strip()] if is_listed else lines


def _heading(text: str, *, is_next: bool) -> re.Match[str] | None:
    prefix = _PREFIX.match(text) if "nhandled" in text or "NHANDLED" in text or "Info: " in text else None
    text = text[prefix.end() :] if prefix else text
    match = _HEADING.match(text)
    if match and not (is_next or match["message"] or match["type"].endswith(("Exception", "Error"))):
        match = None
    return match or (_IN_A_LINE.search(text) if "xception" in text or "Error" in text else None)


def _chain(match: re.Match[str], more: list[str], at: int) -> list[Raised]:
    """Split the lines above the frames into the exceptions, outermost first, each the cause of the one before."""
    text = "\n".join([match["message"] or "", *more])
    message, *inner = re.split(r"\s+---> ", text)[:LONGEST_CHAIN]
    chain = [Raised(match["type"], message.strip(), [], Span(at + 1, at + 1 + message.count("\n")))]
    line = at + 1 + message.count("\n")
    for part in inner:
        head, _, rest = part.partition("\n")
        found = _heading(head, is_next=True)
        line += 1 if more else 0
        last = line + rest.count("\n") if rest else line
        written = "\n".join(filter(None, [found["message"] or "" if found else head, rest]))
        chain.append(Raised(found["type"] if found else "", written.strip(), [], Span(line, last)))
        line = last
    for raised, cause in pairwise(chain):
        raised.cause = cause
    return chain


def _continue(lines: Sequence[str], at: int, trace: _Trace) -> int:
    end = at
    while at < len(lines):
        text = trace.margin.strip(lines[at])
        if text is None or not _take(trace, text.strip(), lines[at], at):
            break
        at += 1
        end = at if text.strip() else end
    return end


def _take(trace: _Trace, text: str, line: str, at: int) -> bool:
    """Add one line to the trace; False when it does not belong to it."""
    found = frame_in(line)
    if text == _DATA or (trace.is_data and not found and not _END_OF_INNER.match(text)):
        # What a database said, as names and values below the frames of its exception.
        trace.is_data = text == _DATA or (": " in text and (trace.margin.strip(line) or "").startswith("    "))
        return trace.is_data
    trace.is_data = False
    if found:
        rest, where = found[1:]
        file, number = rest["file"] or rest["unity"], rest["line"] or rest["unity_line"]
        trace.open[-1].frames.append(frame_of(where, file, number, Span(at + 1, at + 1)))
        return True
    if not text or _PREVIOUS_PLACE.match(text):
        return bool(trace.open[-1].frames) or not text
    if _END_OF_INNER.match(text):
        if len(trace.open) > 1:
            trace.open.pop()
        return True
    member = _MEMBER.match(text)
    if member:
        return _open_member(trace, text[member.end() :], at)
    return text == "<---" or _is_inner_below(trace, text, at) or _is_more(trace, text, at)


def _open_member(trace: _Trace, text: str, at: int) -> bool:
    match = _heading(text, is_next=True)
    if not match:
        return False
    chain = _chain(match, [], at)
    trace.members.append(chain[0])
    trace.open = chain
    return True


def _is_inner_below(trace: _Trace, text: str, at: int) -> bool:
    """Some loggers print an inner exception below the frames of the outer one; a member may have one as well."""
    match = _heading(text.removeprefix("---> "), is_next=True) if text.startswith("---> ") else None
    if match is None:
        return False
    inner = _chain(match, [], at)
    trace.open[-1].cause = trace.open[-1].cause or inner[0]
    trace.open += inner
    return True


def _is_more(trace: _Trace, text: str, at: int) -> bool:
    """A member's message may have more lines."""
    raised = trace.open[-1]
    if raised.frames or begins_something_else(text) or at - raised.span.line > _LONGEST_MESSAGE:
        return False
    raised.message += f"\n{text}"
    return True
