"""Panics of Rust, old and new, and errors that `main` returned with anyhow or eyre."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span, skeleton
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.repeats import Repeats
from sightline.extractors.traces.rust_frames import at_place, frame_of_place, read_backtrace

_LANGUAGE = "rust"
_SCHEME = "rust2"
_PANIC = regex(
    r"(?:The application panicked \(crashed\)\.|thread '.*?'(?: \(\d+\))? panicked at (?P<rest>.*)$"
    r"|thread '[^']*' panicked at$|(?:^|(?<=[\s:\]]))panicked at (?P<told>\S+:\d+:\d+:)$)"
)
# What the standard library says tells panics in one function apart; what a program says holds names and the like.
_SAID_BY_LIBRARY = regex(
    r"index out of bounds|called `\w+::\w+\(\)`|attempt to [a-z ]+|assertion|capacity overflow|range (?:start|end) index"
    r"|slice index|already (?:mutably )?borrowed|RefCell already|no entry found|not yet implemented|not implemented"
    r"|internal error: entered unreachable|byte index|(?:start|end) byte index|explicit panic"
)
_OLD = regex(r"'(?P<message>.*)'(?:, |: )(?P<place>[^\s'][^\n]*:\d+(?::\d+)?)$", re.DOTALL)
_NEW = regex(r"(?P<place>\S.*:\d+:\d+):$")
_DRAWN = regex(r"(?:Message|Location): +(?P<told>\S.*)$")
_ABORT = regex(r"fatal runtime error: (?P<message>.*)$")
_AFTER_MESSAGE = regex(r"note: |thread caused non-unwinding panic|stack backtrace:|Backtrace|Stack backtrace:")
_BACKTRACE = regex(r"(?:stack backtrace:|Stack backtrace:|\s*━+ BACKTRACE ━+)")
_ERROR = regex(r"(?:^|.*?\s)Error: ?(?P<message>.*)$")
_CAUSE = regex(r"\s+(?:(?P<number>\d+): )?(?P<message>\S.*)$")
_IN_BROWSER = regex(r"Stack:$|Error$|\s+at |\S*@\S+:\d+|$")
_LONGEST_MESSAGE = 50
_LONGEST_STACK = 300
_LINES_BELOW_PANIC = 2
_MOST_SECTIONS = 20


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the panics and the errors with causes in a text."""
    free = 0
    repeats = Repeats(lines)
    for at in lines.having(
        "panicked at",
        "The application panicked",
        "fatal runtime error: ",
        "Caused by:",
        "Stack backtrace:",
        "Location:",
    ):
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
    line = lines[at][:LONGEST_LINE]
    if match := _PANIC.search(line):
        return _panic(lines, at, match)
    if match := _ABORT.search(line):
        if floor and at - floor <= _LINES_BELOW_PANIC:
            return None  # what became of the panic above
        raised = Raised("fatal runtime error", match["message"].removesuffix(", aborting"), [], Span(at + 1, at + 1))
        return Crash(_LANGUAGE, _SCHEME, raised, Span(at + 1, at + 1))
    return _returned(lines, at, floor)


def _panic(lines: Sequence[str], at: int, match: re.Match[str]) -> Crash | None:
    margin = Margin("" if match["told"] else lines[at][: match.start()])
    if told := _drawn(lines, at, margin):
        return told
    rest = (match["rest"] or match["told"] or "").strip()
    place = _NEW.match(rest)
    message, end = _message(lines, at + 1, margin, rest)
    if not place:
        old = _OLD.match(f"{rest}\n{message}".strip()) or _OLD.match(rest)
        message, end = (old["message"], at + 1 + old[0].count("\n")) if old else (rest.strip("'"), at + 1)
        place = old
    raised = Raised("panic", message.strip("\n"), [], Span(at + 1, end))
    frames, end = _frames_below(lines, end, margin)
    here = [frame_of_place(place["place"], Span(at + 1, at + 1))] if place else []
    if frames and place:
        frames = at_place(frames, place["place"])
    raised.frames = frames or here
    if not any(frame.is_own for frame in raised.frames):
        raised.frames += here if frames else []
        raised.sort = skeleton(raised.message)
    elif not frames:
        raised.sort = skeleton(raised.message)
    elif said := _SAID_BY_LIBRARY.match(raised.message):
        raised.sort = said[0]
    return Crash(_LANGUAGE, _SCHEME, raised, Span(at + 1, end))


def _drawn(lines: Sequence[str], at: int, margin: Margin) -> Crash | None:
    """Read the panic that color-eyre and color-backtrace draw: `Message:  …` and `Location: …` in lines of their own."""
    texts = [(margin.strip(line) or "") for line in lines[at + 1 : at + 3]]
    found = [_DRAWN.match(text) for text in texts]
    if len(found) < 2 or not all(found):  # noqa: PLR2004 - a message and a place
        return None
    message, place = (match["told"] for match in found if match)
    frames, end = _frames_below(lines, at + 3, margin)
    here = frame_of_place(place, Span(at + 3, at + 3))
    raised = Raised("panic", message, frames or [here], Span(at + 1, at + 3))
    if not raised.own_frame:
        raised.sort = skeleton(message)
    elif said := _SAID_BY_LIBRARY.match(message):
        raised.sort = said[0]
    return Crash(_LANGUAGE, _SCHEME, raised, Span(at + 1, end))


def _message(lines: Sequence[str], at: int, margin: Margin, rest: str) -> tuple[str, int]:
    """Read the lines of the message; blank ones only when a note or a backtrace closes it."""
    taken: list[str] = []
    for number in range(at, min(at + _LONGEST_MESSAGE, len(lines))):
        text = margin.strip(lines[number])
        if text is None or _AFTER_MESSAGE.match(text) or _PANIC.search(text):
            return "\n".join(taken), number
        if begins_something_else(text) and (taken or rest.startswith("'")):
            break
        taken.append(text)
    kept = taken[: taken.index("")] if "" in taken else taken
    return "\n".join(kept), at + len(kept)


def _frames_below(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    for number in range(at, min(at + 6, len(lines))):
        text = margin.strip(lines[number])
        if text is None:
            break
        if _BACKTRACE.match(text):
            return read_backtrace(lines, number + 1, margin)
        if text == "Stack:":
            return [], _end_of_stack(lines, number, margin)
    return [], at


def _end_of_stack(lines: Sequence[str], at: int, margin: Margin) -> int:
    """Skip the stack that a browser adds; the frames are those of the glue around the program."""
    last = min(at + _LONGEST_STACK, len(lines))
    return next((end for end in range(at, last) if not _IN_BROWSER.match(margin.strip(lines[end]) or "")), last)


def _returned(lines: Sequence[str], at: int, floor: int) -> Crash | None:
    """Read `Error: …`, `Caused by:` and what follows; the causes have a message only."""
    column = max(lines[at].find(mark) for mark in ("Caused by:", "Stack backtrace:", "Location:"))
    margin = Margin(lines[at][:column])
    if lines[at][:LONGEST_LINE].rstrip()[column:] not in {"Caused by:", "Stack backtrace:", "Location:"}:
        return None
    begin = _error_line(lines, at, floor, margin)
    match = _ERROR.match((margin.strip(lines[begin]) or lines[begin])[:LONGEST_LINE]) if begin is not None else None
    if begin is None or match is None:
        return None
    more = [(margin.strip(line) or "") for line in lines[begin + 1 : at]]
    chain = _numbered([match["message"], *more], begin) or [_error("\n".join([match["message"], *more]), begin)]
    end = _read_sections(lines, at, margin, chain)
    for raised, cause in pairwise(chain):
        raised.cause = cause
    chain[0].type = "Error"
    chain[0].sort = "" if chain[0].own_frame else skeleton(chain[0].message)
    is_rust = chain[0].frames or len(chain) > 1
    return Crash(_LANGUAGE, _SCHEME, chain[0], Span(begin + 1, end)) if is_rust else None


def _error_line(lines: Sequence[str], at: int, floor: int, margin: Margin) -> int | None:
    for number in range(at - 1, max(floor, at - _LONGEST_MESSAGE // 2) - 1, -1):
        text = margin.strip(lines[number])
        if _ERROR.match((lines[number] if text is None else text)[:LONGEST_LINE]):
            return number
        if text is None or begins_something_else(text):
            break
    return None


def _error(message: str, at: int) -> Raised:
    return Raised("", message.strip(), [], Span(at + 1, at + 1))


def _numbered(texts: list[str], at: int) -> list[Raised]:
    """Read eyre's list of the error and its causes: `   0: outer`, `   1: inner`."""
    chain: list[Raised] = []
    for number, text in enumerate(texts):
        match = _CAUSE.match(text)
        if match and match["number"]:
            chain.append(_error(match["message"], at + number))
        elif chain and text.strip():
            chain[-1].message += f"\n{text.strip()}"
    return chain if not texts[0].strip() else []


def _read_sections(lines: Sequence[str], at: int, margin: Margin, chain: list[Raised]) -> int:
    end = at
    for _ in range(_MOST_SECTIONS):
        if at >= len(lines):
            break
        text = margin.strip(lines[at])
        if text == "Caused by:":
            at = end = _read_causes(lines, at + 1, margin, chain)
        elif text == "Location:":
            place = (margin.strip(lines[at + 1]) or "").strip() if at + 1 < len(lines) else ""
            if re.match(r"\S.*:\d+(:\d+)?$", place):
                chain[0].frames = chain[0].frames or [frame_of_place(place, Span(at + 2, at + 2))]
            at = end = min(at + 2, len(lines))
        elif text is not None and _BACKTRACE.match(text):
            frames, end = read_backtrace(lines, at + 1, margin)
            chain[0].frames = frames or chain[0].frames
            return end
        elif text is not None and not text.strip() and at - end < 3:  # noqa: PLR2004 - blank lines before the backtrace
            at += 1
        else:
            break
    return end


def _read_causes(lines: Sequence[str], at: int, margin: Margin, chain: list[Raised]) -> int:
    begin = at
    while at < min(len(lines), begin + _LONGEST_MESSAGE):
        match = _CAUSE.match(margin.strip(lines[at]) or "")
        if not match:
            break
        if match["number"] or at == begin:
            chain.append(_error(match["message"], at))
        else:
            chain[-1].message += f"\n{match['message']}"
        at += 1
    return at
