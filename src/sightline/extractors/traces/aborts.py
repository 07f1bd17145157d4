"""The last words of C and C++ programs that say what happened with few frames or none: aborts, assertions, signals."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span, skeleton
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.native_frames import frame_of, language

_SCHEME = "abort1"
_MARKS = ("terminat", "Assertion", "Segmentation fault", "(): ", "corrupt", "*** ", "[0x")
_THROWN = regex(
    r"terminat(?:e called after throwing an instance of '(?P<type>[^']+)'|ing (?:with"
    r"|due to) uncaught exception of type (?P<clang>[^:]+(?:::[^:]+)*)(?:: (?P<message>.*))?$)"
)
_WITHOUT = regex(r"terminate called (?P<message>without an active exception|recursively)")
_WHAT = regex(r"\s*what\(\): +(?P<message>.*)$")
_ASSERTION_BSD = regex(
    r"Assertion failed: \(?(?P<message>.*?)\)?, (?:function (?P<function>[^,]+), )?file (?P<file>[^,]+), line (?P<line>\d+)\.?$"
)
_FILE_LINE = regex(r"\S+:\d+$")
_SEGFAULT = regex(r"(?:^|[\s:>])(?P<message>Segmentation fault)(?: +\(core dumped\))?(?: .*|: 11)?$")
GLIBC = regex(
    r"(?P<message>(?:free|malloc|realloc|munmap_chunk|calloc)\(\): [a-z].*|double free or corruption \([^)]*\)"
    r"|corrupted (?:size vs\. prev_size|double-linked list).*"
    r"|\*\*\* (?:stack smashing detected|buffer overflow detected) \*\*\*:.*|\*\*\* Error in [`'].*)$"
)
_SYMBOL = regex(
    r"\s*(?:\[\w+\] "
    r"|#?\d+[:#]? +)?(?P<module>[^\s()]+)\((?P<function>[^()+]*)(?P<offset>(?:\+0x[0-9a-f]+)?)\) ?\[0x[0-9a-f]+\]"
)
_MODULE_ONLY = regex(r"(?P<module>[^\s()\[\]]+)\[0x[0-9a-f]+\]$")
_BOOST = regex(r"\s*\d+# (?P<function>\S.*?) (?:at (?P<place>\S+:\d+)|in (?P<module>\S+))$")
_GLOG = regex(r"\*\*\* (?P<type>SIG\w+) (?P<message>.*?)(?: \*\*\*)?;?(?: stack trace: \*\*\*)?$")
_GLOG_FRAME = regex(r"\s*@ +0x[0-9a-f]+ +(?:\d+ +)?(?P<function>\S.*)$")
_SIGNAL_WORD = regex(r"(?P<word>SIG(?:SEGV|ABRT|BUS|FPE|ILL|TRAP))\b")
_LINES_ABOVE = 6


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the last words in a text."""
    free = 0
    for at in lines.having(*_MARKS):
        crash = _crash(lines, at, free) if at >= free else None
        if crash:
            yield crash
            free = crash.span.end_line


def _crash(lines: Sequence[str], at: int, floor: int) -> Crash | None:
    line = lines[at][:LONGEST_LINE].rstrip()
    raised = next(filter(None, (read(lines, at, line) for mark, read in _READERS if mark in line)), None)
    begin, after = at, at + 1
    if raised is None:
        raised, begin, after = _symbols_only(lines, at, floor)
    if raised is None:
        return None
    end = max(raised.span.end_line, after)
    frames, end = _symbols(lines, end) if not raised.frames else ([], end)
    raised.frames = raised.frames or frames
    if not raised.own_frame:
        raised.sort = skeleton(raised.message)
    return Crash(language(raised), _SCHEME, raised, Span(begin + 1, end))


def _thrown(lines: Sequence[str], at: int, line: str) -> Raised | None:
    match = _THROWN.search(line)
    if not match:
        without = _WITHOUT.search(line)
        return Raised("std::terminate", without["message"], [], Span(at + 1, at + 1)) if without else None
    if match["clang"]:
        return Raised(match["clang"].strip(), (match["message"] or "").strip(), [], Span(at + 1, at + 1))
    margin = Margin(line[: match.start()])
    what = _WHAT.match(margin.strip(lines[at + 1]) or "") if at + 1 < len(lines) else None
    if not what:
        return Raised(match["type"], "", [], Span(at + 1, at + 1))
    message, end = [what["message"]], at + 2
    while end < len(lines) and end < at + _LINES_ABOVE * 2 and (more := margin.strip(lines[end])):
        if (
            begins_something_else(more)
            or _SYMBOL.match(more)
            or _BOOST.match(more)
            or more.startswith(("Program received", "Aborted", "#"))
        ):
            break
        message.append(more)
        end += 1
    return Raised(match["type"], "\n".join(message), [], Span(at + 1, end))


def _asserted(lines: Sequence[str], at: int, line: str) -> Raised | None:
    """Read `cart: cart.cpp:36: int main(): Assertion `x' failed.`, as glibc writes it."""
    del lines
    head, _, rest = line.partition(": Assertion `")
    before, _, function = head.rpartition(": ")
    place = before.rpartition(" ")[2]
    if not rest.endswith(("' failed.", "' failed")) or not _FILE_LINE.match(place):
        return None
    return _assertion(rest.rpartition("' failed")[0], function, place, at)


def _assertion(message: str, function: str, place: str, at: int) -> Raised:
    span = Span(at + 1, at + 1)
    return Raised("Assertion failed", message, [frame_of(function, place, "", span)], span)


def _asserted_bsd(lines: Sequence[str], at: int, line: str) -> Raised | None:
    del lines
    match = _ASSERTION_BSD.search(line)
    if not match:
        return None
    return _assertion(match["message"], match["function"] or "", f"{match['file']}:{match['line']}", at)


def _aborted(lines: Sequence[str], at: int, line: str) -> Raised | None:
    del lines
    match = GLIBC.search(line.removesuffix(" ***"))
    return Raised("SIGABRT", match["message"], [], Span(at + 1, at + 1)) if match else None


def _segfault(lines: Sequence[str], at: int, line: str) -> Raised | None:
    del lines
    match = _SEGFAULT.search(line)
    return Raised("SIGSEGV", match["message"], [], Span(at + 1, at + 1)) if match else None


def _glog(lines: Sequence[str], at: int, line: str) -> Raised | None:
    del lines
    match = _GLOG.search(line)
    return Raised(match["type"], match["message"], [], Span(at + 1, at + 1)) if match else None


_READERS = (
    ("terminat", _thrown),
    (": Assertion `", _asserted),
    ("Assertion failed: ", _asserted_bsd),
    ("Segmentation fault", _segfault),
    ("*** SIG", _glog),
    ("(): ", _aborted),
    ("corrupt", _aborted),
    ("*** ", _aborted),
)


def _symbols_only(lines: Sequence[str], at: int, floor: int) -> tuple[Raised | None, int, int]:
    """Read frames that a program printed of itself; the signal may be named above."""
    frames, end = _symbols(lines, at)
    if len(frames) < 2:  # noqa: PLR2004 - one line alone is no trace
        return None, at, at
    raised = Raised("", "", frames, Span(at + 1, at + 1))
    begin = at
    for number in range(at - 1, max(floor, at - _LINES_ABOVE) - 1, -1):
        match = _SIGNAL_WORD.search(lines[number]) or _SEGFAULT.search(lines[number])
        if match:
            raised.type = match["word"] if "word" in match.re.groupindex else "SIGSEGV"
            raised.message, raised.span, begin = lines[number].strip(), Span(number + 1, number + 1), number
            break
    return raised, begin, end


def _symbols(lines: Sequence[str], at: int) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    begin = at
    while at < len(lines):
        line = lines[at][:LONGEST_LINE]
        symbol = _SYMBOL.match(line)
        glog = _GLOG_FRAME.match(line)
        boost = _BOOST.match(line)
        module = _MODULE_ONLY.match(line)
        if symbol:
            frames.append(_symbol_frame(symbol, Span(at + 1, at + 1)))
        elif module:
            frames.append(frame_of("", "", module["module"], Span(at + 1, at + 1)))
        elif boost:
            frames.append(
                frame_of(boost["function"], boost["place"] or "", boost["module"] or "", Span(at + 1, at + 1))
            )
        elif glog:
            frames.append(frame_of(glog["function"], "", "", Span(at + 1, at + 1)))
        elif frames or at - begin > 2 or not re.match(r"PC: @|={3,}|[Bb]acktrace|[Ss]tack", line):  # noqa: PLR2004 - a heading and a blank line
            break
        at += 1
    return frames, (at if frames else begin)


def _symbol_frame(symbol: re.Match[str], span: Span) -> Frame:
    frame = frame_of(symbol["function"], "", symbol["module"], span)
    if symbol["function"]:
        return frame
    return Frame(f"{symbol['module']}({symbol['offset']})", frame.key, frame.is_own, span)
