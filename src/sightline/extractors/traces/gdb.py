"""Backtraces of debuggers: gdb's `bt`, lldb's, and the dumps of Android's and Apple's crash reporters."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.aborts import GLIBC
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.native_frames import frame_of, language

_SCHEME = "gdb1"
_FRAME = regex(r"#(?P<number>\d+) +(?:0x[0-9a-fA-F]+ (?:in )?)?(?P<rest>(?: \(\)|[^\s#(]).*)$")
_STOPPED = regex(r"(?:0x[0-9a-fA-F]+ in )?(?P<rest>(?:[^\s#(=:]|::)+ \(.*)$")
_PLACE = regex(r" at (?P<place>\S(?:(?! at ).)*:\d+)$")
_MODULE = regex(r" from (?P<module>\S.*)$")
_IN_CORE = regex(r"(?P<function>\S+) \((?P<module>[^()]+) \+ 0x[0-9a-f]+\)$")
_SIGNAL = regex(r"(?:received|terminated with|stopped with) signal (?P<type>SIG\w+|\d+),? ?(?P<message>[^.]*)\.?")
_STOP = regex(r"(?:Program|Thread \d+ \S.*) received signal SIG")
_THROWN = regex(r"terminate called after throwing an instance of '(?P<type>[^']+)'")
_WHAT = regex(r"\s*what\(\): +(?P<message>.*)$")
_ASSERTION = regex(r".+: Assertion `(?P<message>.*)' failed\.?$")
_OTHER_THREAD = regex(r"Thread \d+ \(")
_FAULT = regex(r"(?:^|[\s:>])(?P<message>Segmentation fault)(?: \(core dumped\))?$")
_DUMPED = regex(r"\s*Signal: \d+ \((?P<type>[A-Z]+)\)$")
_LONGEST_FRAME_LINES = 6
_LINES_UNTIL_ASKED = 12
_LINES_ABOVE = 200


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the backtraces: a list of frames from number 0 on, of which two are like gdb's."""
    free = 0
    for at in lines.having("#0 "):
        column = lines[at].find("#0 ")
        if at < free or not _FRAME.match(lines[at][column:LONGEST_LINE]):
            continue
        margin = Margin(lines[at][:column])
        frames, end = _frames(lines, at, margin)
        if not frames or (len(frames) == 1 and _comes_again(lines, end, lines[at][column:])):
            continue
        if free and _OTHER_THREAD.match(margin.strip(lines[at - 1]) or ""):
            free = end
            continue
        raised, begin = _raised(lines, at, free, margin)
        raised.frames = frames
        free = end
        yield Crash(language(raised), _SCHEME, raised, Span(begin + 1, end))


def stops(lines: Lines) -> Iterator[Crash]:
    """Find where gdb stopped for a signal when nobody asked for the backtrace: the line below names the function."""
    traced = lines.having("#0 ")
    for at in lines.having("received signal SIG"):
        stop = _STOP.search(lines[at][:LONGEST_LINE])
        margin = Margin(lines[at][: stop.start()] if stop else "")
        shown = margin.strip(lines[at + 1]) if stop and at + 1 < len(lines) else None
        place = _STOPPED.match(shown) if shown else None
        frame = _frame(place["rest"], Span(at + 2, at + 2)) if place else None
        asked = bisect_left(traced, at)
        if frame and not (asked < len(traced) and traced[asked] < at + _LINES_ABOVE):
            raised, _ = _raised(lines, at + 1, at, margin)
            raised.frames = [frame]
            yield Crash(language(raised), _SCHEME, raised, Span(at + 1, at + 2))


def _comes_again(lines: Sequence[str], at: int, first: str) -> bool:
    """A debugger that opens a dump of memory shows the innermost frame before it is asked for all of them."""
    return any(line.endswith(first) for line in lines[at : at + _LINES_UNTIL_ASKED])


def _frames(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    """Read frames with rising numbers; a long one may be wrapped, and variables may be printed below."""
    frames: list[Frame] = []
    end = at
    while at < len(lines):
        text = margin.strip(lines[at])
        match = _FRAME.match(text) if text else None
        if match and int(match["number"]) == len(frames):
            last = _last_line(lines, at, margin)
            whole = " ".join([match["rest"], *((margin.strip(line) or "").strip() for line in lines[at + 1 : last])])
            frame = _frame(whole, Span(at + 1, last))
            if frame is None:
                break
            frames.append(frame)
            at = end = last
        elif text and text.startswith((" ", "\t", "No locals.", "No symbol table info")) and at - end < _LINES_ABOVE:
            at += 1
        else:
            break
    return frames, end


def _last_line(lines: Sequence[str], at: int, margin: Margin) -> int:
    """Find the line after a frame that was wrapped to the width of a terminal."""
    if _is_whole(margin.strip(lines[at]) or ""):
        return at + 1
    for number in range(at + 1, min(at + _LONGEST_FRAME_LINES, len(lines))):
        text = margin.strip(lines[number])
        if not text or not text.startswith("    "):
            return at + 1
        if _is_whole(text):
            return number + 1
    return at + 1


def _is_whole(text: str) -> bool:
    return bool(_PLACE.search(text) or _MODULE.search(text) or text.endswith("()"))


def _frame(rest: str, span: Span) -> Frame | None:
    if core := _IN_CORE.match(rest):
        return frame_of(core["function"], "", core["module"], span)
    place, module = _PLACE.search(rest), _MODULE.search(rest)
    head = rest[: place.start()] if place else rest[: module.start()] if module else rest
    if head == "<signal handler called>":
        return frame_of(head, "", "", span)
    # Without symbols it prints `??`, and some print nothing.
    function, gap, arguments = (head if head != " ()" else "?? ()").partition(" (")
    if function.endswith("operator"):
        function, gap, arguments = head.rpartition(" (")
    if not gap or not arguments.rstrip().endswith(")"):
        return None
    return frame_of(function, place["place"] if place else "", module["module"] if module else "", span)


def _what(lines: Sequence[str], at: int, end: int, margin: Margin) -> str:
    what = _WHAT.match(margin.strip(lines[at]) or "")
    if not what:
        return ""
    more = [(margin.strip(line) or "") for line in lines[at + 1 : end]]
    blank = next((number for number, line in enumerate(more) if not line or line.startswith("Program ")), len(more))
    return "\n".join([what["message"], *more[:blank]])


def _raised(lines: Sequence[str], at: int, floor: int, margin: Margin) -> tuple[Raised, int]:
    """Find above the frames what happened: an exception that was thrown is better than the signal that followed."""
    signal: Raised | None = None
    for number in range(at - 1, max(floor, at - _LINES_ABOVE) - 1, -1):
        line = lines[number][:LONGEST_LINE].rstrip()
        thrown = _THROWN.search(line)
        if thrown:
            return Raised(
                thrown["type"], _what(lines, number + 1, at, margin), [], Span(number + 1, number + 2)
            ), number
        if signal is not None and (said := GLIBC.match(line)):
            signal.message = said["message"]
            signal.span = Span(number + 1, signal.span.end_line)
        asserted = _ASSERTION.match(line)
        if asserted:
            return Raised("Assertion failed", asserted["message"], [], Span(number + 1, number + 1)), number
        dumped = _DUMPED.match(line)
        if dumped and signal is None:
            signal = Raised(f"SIG{dumped['type']}", "", [], Span(number + 1, number + 1))
        fault = _FAULT.search(line)
        if fault and signal is None:
            signal = Raised("SIGSEGV", fault["message"], [], Span(number + 1, number + 1))
        match = _SIGNAL.search(line)
        if match and signal is None:
            signal = Raised(match["type"], match["message"].strip(), [], Span(number + 1, number + 1))
    return (signal, signal.span.line - 1) if signal else (Raised("", "", [], Span(at + 1, at + 1)), at)
