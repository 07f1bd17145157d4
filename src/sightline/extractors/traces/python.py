"""Python tracebacks, as printed by CPython 3.8 to 3.14 and by logging, alone or behind a margin."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import LONGEST_CHAIN, Crash, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import Margin
from sightline.extractors.traces.python_lines import (
    ANCHOR,
    END_OF_REMOTE,
    FRAME,
    LONGEST_MESSAGE,
    frame_of,
    is_group_rule,
    read_frames,
    read_raised,
)
from sightline.extractors.traces.python_margins import CAUSE, CONTEXT, EXCEPTION_NAME, margin_of
from sightline.extractors.traces.repeats import Repeats

_LANGUAGE = "python"
_SCHEME = "py1"
_TOLD_TYPE = regex(r"Exception Type: (?P<type>[\w.]+)(?: at .*)?$")
_TOLD_VALUE = regex(r"Exception Value: ?(?P<message>.*)$")
_TOLD_ABOVE = regex(r"\[ERROR\] (?P<type>[\w.]+)(?:: (?P<message>.*))?$")
_SYNTAX_ERROR = regex(r"(?:SyntaxError|IndentationError|TabError): ")
_MARKS_WITHOUT_ANCHOR = ("sub-exception", "SyntaxError: ", "IndentationError: ", "TabError: ")
_DEEPEST_GROUP = 20
_LINES_BEFORE_SYNTAX_ERROR = 6


@dataclass(frozen=True, slots=True)
class _Section:
    """One traceback of a chain, and the line after it."""

    raised: Raised
    begin: int
    end: int
    margin: Margin
    is_group: bool


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the tracebacks in a text.

    The fact is the exception that surfaced, the last one of a chain: the program died of it and people quote it.
    """
    free = 0
    repeats = Repeats(lines)
    for at in lines.having(ANCHOR, *_MARKS_WITHOUT_ANCHOR):
        if at < free:
            continue
        if known := repeats.again(at, free):
            crash, free = known
            yield crash
        elif ANCHOR in lines[at]:
            crash, free = _crash(lines, at)
            if crash.raised.frames or EXCEPTION_NAME.search(crash.raised.type):
                repeats.keep(at, crash, free)
                yield crash
        elif found := _without_anchor(lines, at):
            yield found
            free = found.span.end_line


def _without_anchor(lines: Sequence[str], at: int) -> Crash | None:
    return _bare_group(lines, at) if "sub-exception" in lines[at] else _bare_syntax_error(lines, at)


def _crash(lines: Sequence[str], at: int, depth: int = 0) -> tuple[Crash, int]:
    section = _section(lines, at)
    begin = section.begin
    for _ in range(LONGEST_CHAIN):
        if section.is_group and depth < _DEEPEST_GROUP:
            section = _with_members(lines, section, depth + 1)
        link = _link(lines, section)
        if link is None:
            break
        is_cause, anchor = link
        later = _section(lines, anchor)
        if is_cause:
            later.raised.cause = section.raised
        else:
            later.raised.context = section.raised
        section = later
    return Crash(_LANGUAGE, _SCHEME, section.raised, Span(begin + 1, section.end)), section.end


def _section(lines: Sequence[str], anchor: int) -> _Section:
    before, _, _ = lines[anchor].partition(ANCHOR)
    is_group = before.endswith("Exception Group ")
    margin = margin_of(lines, anchor, before)
    frames, at = read_frames(lines, anchor + 1, margin)
    raised = read_raised(lines, at, margin) or _below_blank_line(lines, at, margin, anchor)
    raised = raised or _told_below(lines, at, margin) or (_told_above(lines, anchor, before) if frames else None)
    if raised is None:
        return _Section(Raised("", "", frames[::-1], Span(at, at)), anchor, max(at, anchor + 1), margin, is_group=False)
    raised.frames = frames[::-1]
    return _Section(raised, anchor, raised.span.end_line, margin, is_group)


def _told_above(lines: Sequence[str], anchor: int, before: str) -> Raised | None:
    """Read the exception that serverless runtimes print above the traceback, and not below it."""
    above = Margin(before).strip(lines[anchor - 1]) if anchor else None
    match = _TOLD_ABOVE.match(above or "")
    return Raised(match["type"], match["message"] or "", [], Span(anchor, anchor)) if match else None


def _below_blank_line(lines: Sequence[str], at: int, margin: Margin, anchor: int) -> Raised | None:
    """Read the exception below a blank line, which a logger prints between all lines, and people who paste between some."""
    if at >= len(lines) or margin.strip(lines[at]) != "":
        return None
    is_spaced = margin.strip(lines[anchor + 1]) == ""
    raised = read_raised(lines, at + 1, margin)
    return raised if raised and (is_spaced or EXCEPTION_NAME.search(raised.type)) else None


def _told_below(lines: Sequence[str], at: int, margin: Margin) -> Raised | None:
    """Read the exception as Django's error page writes it, a line below the frames."""
    below = _next_filled(lines, at, margin)
    kind = _TOLD_TYPE.match(margin.strip(lines[below]) or "") if below is not None else None
    if below is None or kind is None:
        return None
    value = _TOLD_VALUE.match(margin.strip(lines[below + 1]) or "") if below + 1 < len(lines) else None
    return Raised(kind["type"], value["message"] if value else "", [], Span(below + 1, below + 1 + bool(value)))


def _link(lines: Sequence[str], section: _Section) -> tuple[bool, int] | None:
    """Find the sentence that joins two tracebacks of a chain, and the second one."""
    sentence = _next_filled(lines, section.end, section.margin)
    if sentence is not None and section.margin.strip(lines[sentence]) == END_OF_REMOTE:
        sentence = _next_filled(lines, sentence + 1, section.margin)
    text = section.margin.strip(lines[sentence]) if sentence is not None else None
    if sentence is None or text not in {CAUSE, CONTEXT}:
        return None
    anchor = _next_filled(lines, sentence + 1, section.margin)
    return (text == CAUSE, anchor) if anchor is not None and ANCHOR in lines[anchor] else None


def _next_filled(lines: Sequence[str], at: int, margin: Margin) -> int | None:
    return next((number for number in range(at, min(at + 3, len(lines))) if margin.strip(lines[number]) != ""), None)


def _with_members(lines: Sequence[str], group: _Section, depth: int) -> _Section:
    """Read the exceptions drawn below an exception group; they are its members."""
    at = group.end
    column = group.margin.width - len("| ")
    while (rule := _next_group_rule(lines, at, column)) is not None:
        at = rule + 1
        column = group.margin.width
        if not any(mark.isdigit() for mark in lines[rule]):
            break
        if at < len(lines) and ANCHOR in lines[at]:
            crash, at = _crash(lines, at, depth)
            group.raised.members.append(crash.raised)
        elif at < len(lines) and (bare := _bare_member(lines, at)):
            group.raised.members.append(bare)
            at = bare.span.end_line
    return _Section(group.raised, group.begin, at, group.margin, is_group=True)


def _next_group_rule(lines: Sequence[str], at: int, column: int) -> int | None:
    """Find the next line that separates members of the group whose lines begin at this column."""
    for number in range(at, min(at + LONGEST_MESSAGE, len(lines))):
        if is_group_rule(lines[number]):
            indent = len(lines[number]) - len(lines[number].lstrip())
            return number if indent == column else None
        if ANCHOR in lines[number]:
            break
    return None


def _bare_member(lines: Sequence[str], at: int) -> Raised | None:
    drawn = re.match(r"\s*\| ", lines[at])
    return read_raised(lines, at, Margin(drawn[0])) if drawn else None


def _bare_group(lines: Sequence[str], at: int) -> Crash | None:
    """Read a group that has members and no frames of its own, as `except*` leaves one."""
    is_group = at + 1 < len(lines) and is_group_rule(lines[at + 1])
    raised = _bare_member(lines, at) if is_group else None
    if raised is None:
        return None
    margin = Margin(lines[at][: lines[at].index("| ") + len("| ")])
    group = _with_members(lines, _Section(raised, at, at + 1, margin, is_group=True), depth=1)
    return Crash(_LANGUAGE, _SCHEME, raised, Span(at + 1, group.end))


def _bare_syntax_error(lines: Sequence[str], at: int) -> Crash | None:
    """Read the error of a script that does not compile: a file line and the error, without the word Traceback."""
    error = _SYNTAX_ERROR.search(lines[at])
    if not error:
        return None
    margin = Margin(lines[at][: error.start()])
    for begin in range(at - 1, max(at - _LINES_BEFORE_SYNTAX_ERROR, -1), -1):
        frame = FRAME.match(margin.strip(lines[begin]) or "")
        raised = read_raised(lines, at, margin) if frame else None
        if frame and raised:
            raised.frames = [frame_of(frame, Span(begin + 1, at))]
            return Crash(_LANGUAGE, _SCHEME, raised, Span(begin + 1, raised.span.end_line))
    return None
