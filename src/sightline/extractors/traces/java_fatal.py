"""Reports of a Java virtual machine that died, `hs_err_pid1.log` and the lines that it prints.

It names a signal, an error of its own or missing memory; the frames are those below `Native frames:` and
`Java frames:`, else the problematic one. The forms are those of HotSpot's `vmError.cpp` and `frame.cpp`.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.java import LIBRARIES
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE
from sightline.extractors.traces.native_frames import frame_of

_SCHEME = "hs1"
_BEGIN = regex(
    r"#\s+(?:A fatal error has been detected by|(?P<memory>There is insufficient memory for)) the Java Runtime Environment"
)
_TOLD = regex(
    r"#\s+(?P<message>(?P<type>SIG[A-Z]+|EXCEPTION_\w+|Internal Error|Out of Memory Error) \(.*?), pid=\d+, tid="
)
_MORE = regex(r"#\s+(?P<message>(?:fatal error|assert|guarantee|Error)\b.*|Native memory allocation .*)$")
_PROBLEMATIC = regex(r"#\s+Problematic frame:$")
_LIST = regex(r"(?P<name>Native|Java) frames: \(J=")
_NATIVE = regex(r"(?:# )?(?P<kind>[CVv])\s+(?:\[(?P<module>[^\]+]+)[^\]]*\])?\s*(?P<function>~?[A-Za-z_].*)?$")
_OFFSET = regex(r"\+0x[0-9a-f]+$")
_COMPILED = regex(r"(?:# )?(?:J\s+\d+%?(?:\s+[Cc][12])?|[Jj])\s+(?P<method>[\w$.<>/]+)\(")
_OF_THE_MACHINE = regex(
    r"(?:lib)?(?:jvm|java|jli|zip|net|nio|verify|jimage|management\w*|instrument|awt\w*|fontmanager|freetype|jdwp|j9\w*)"
    r"\.(?:so|dll|dylib)$",
    re.IGNORECASE,
)
_LINES_OF_THE_HEAD = 40
_LINES_OF_THE_REPORT = 400


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports in a text."""
    begins = [at for at in lines.having("the Java Runtime Environment") if _BEGIN.search(lines[at][:LONGEST_LINE])]
    for at, following in pairwise([*begins, len(lines)]):
        crash = _crash(lines, at, following)
        if crash:
            yield crash


def _crash(lines: Lines, at: int, following: int) -> Crash | None:
    raised, end = _head(lines, at, following)
    lists: dict[str, list[Frame]] = {}
    numbers = lines.having(" frames: (J=")
    for number in numbers[bisect(numbers, at) : bisect(numbers, min(following - 1, at + _LINES_OF_THE_REPORT))]:
        if match := _LIST.match(lines[number]):
            lists[match["name"]] = _frames(lines, number + 1, following)
    native, java = lists.get("Native", []), lists.get("Java", [])
    is_there_too = java and any(frame.label == java[0].label for frame in native)
    raised.frames = [*native, *([] if is_there_too else java)] or raised.frames
    end = max([end, *(frame.span.end_line for frame in raised.frames)])
    return Crash("java", _SCHEME, raised, Span(at + 1, end)) if raised.type else None


def _head(lines: Sequence[str], at: int, following: int) -> tuple[Raised, int]:
    """Read the lines that begin with `#`; returns how far they go."""
    begin = _BEGIN.search(lines[at])
    raised = Raised("Out of Memory Error" if begin and begin["memory"] else "", "", [], Span(at + 1, at + 1))
    end = at + 1
    for number in range(at + 1, min(following, at + _LINES_OF_THE_HEAD)):
        line = lines[number][:LONGEST_LINE].rstrip()
        if "#" not in line:
            break
        if told := _TOLD.search(line):
            raised.type, raised.message = told["type"], raised.message or told["message"]
            raised.span = Span(number + 1, number + 1)
        elif more := _MORE.search(line):
            raised.message, raised.span = more["message"], Span(number + 1, number + 1)
        elif _PROBLEMATIC.search(line):
            raised.frames = _frames(lines, number + 1, min(number + 2, following))
        end = number + 1
    return raised, end


def _frames(lines: Sequence[str], at: int, following: int) -> list[Frame]:
    frames: list[Frame] = []
    while at < following and (frame := _frame(lines[at][:LONGEST_LINE].strip(), Span(at + 1, at + 1))):
        frames.append(frame)
        at += 1
    return frames


def _frame(text: str, span: Span) -> Frame | None:
    text = text[max(text.find("# "), 0) :]
    if compiled := _COMPILED.match(text):
        method = compiled["method"].replace("/", ".")
        return Frame(method, method, not method.startswith(LIBRARIES), span)
    native = _NATIVE.match(text)
    if native is None:
        return None
    frame = frame_of(_OFFSET.sub("", native["function"] or ""), "", native["module"] or "", span)
    is_own = native["kind"] == "C" and bool(native["module"]) and not _OF_THE_MACHINE.match(native["module"])
    return frame._replace(is_own=is_own and frame.is_own)
