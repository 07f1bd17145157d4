"""Lines that several programs wrote into one text, put apart, and lines that a log wrapped into JSON one by one."""

import html
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from sightline.extractors.decoding import clean
from sightline.extractors.regex import regex
from sightline.extractors.traces.lines import Lines

_CONTAINER = regex(r"(?:\S{0,40}\d\d:\d\d:\d\d\S{0,20} )?(?P<who>(?:\d+\|)?[A-Za-z][\w./-]{0,80}) *\| ?", re.ASCII)
_POD = regex(r"\[pod/(?P<who>[^\]\s]{1,200})\] ")
_ANDROID = regex(r"\d\d-\d\d \d\d:\d\d:\d\d\.\d+ +(?P<who>\d+ +\d+ [VDIWEF] [^:]{1,60}): ")
_LONGEST_PREFIX = 120
_CONTAINER_LINE = regex(r'\{"log": ?"')
# GitHub's, GitLab's and Jenkins' own, and that of `docker logs -t`.
_CLOCK = regex(
    r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z(?: \d\d[OE](?:[ +]|$)| |$)"
    r"|\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\](?: |$)|\d\d:\d\d:\d\d(?:  |$))"
)
_NEARLY_ALL = 0.9
_SIDES = ("\n\u2502 ", "\n\u2503 ")
_RICH = ("\u2500 Traceback (", " in <module>")
_BOXED = regex(r"[\u2502\u2503] {0,2}(?P<text>.*?)\s*[\u2502\u2503]$")
_KEYS = ("log", "MESSAGE", "message", "msg", "textPayload", "line")
_FRAME_IN_JSON = regex(
    rf'"(?:{"|".join(_KEYS)})" ?: ?"(?:\\t|\\u0009| )*(?:at |File \\"|from |\#\d+ |[\w$/<.]{{0,100}}@http|goroutine \d)'
)
_MARKS = (" at ", '"at ', "\\tat ", 'File \\"', '"from ', "\\tfrom ", "#0 ", "@http", '"goroutine ')
_LINES_ASKED = 200
_ESCAPED_FOR_PAGES = "File &quot;"
MARKS_OF_ONE_LINE = (") at ", ")  at ", ")   at ", ")    at ", ") in ", "last): ", "Stack trace: #0 ")
_FRAME_IN_A_LINE = regex(r"\s(?=at (?:async )?[^\s()]{1,300} ?\([^()]{0,300}\)(?:$| +at | in |\s))")
_TRACEBACK_IN_A_LINE = regex(r"Traceback \(most recent call last\): +File \"")
_FILE_IN_A_LINE = regex(r"(?<! ) +(?=File \"[^\"]{1,500}\", line \d)")
_FUNCTION_IN_A_LINE = regex(r"(\", line \d+, in \S+) +")
_EXCEPTION_IN_A_LINE = regex(r"(?<! ) +(?=[\w.]{1,200}(?:Error|Exception|Interrupt|Warning)(?:: |$))")
_PHP_IN_A_LINE = regex(r" (?=#\d{1,4} |Next [\w\\]+: )| (?=thrown in )")
_JOINT_IN_A_LINE = regex(r"\s(?=Caused by: )")
_MORE_OF_STRING = "\\n' +"
_FEWEST_SPACED = 5
_STRING = regex(r"\s*(?:\w{1,40}: )?'(?P<text>.*?)(?:\\n)?'(?: \+|,)?$")


def put_apart(lines: Sequence[str]) -> tuple[list[str], list[int]] | None:
    """Give the lines writer by writer, and their numbers in the text; nothing when one program wrote all of them.

    Writers are named by container engines (`web-1  | `), syslog (`shop[4711]: `) and Android. A line without a name
    belongs to the one above.
    """
    if not any(map(_writer, lines[:_LINES_ASKED])):
        return None
    by_writer: dict[str, list[int]] = {}
    writer = ""
    for number, line in enumerate(lines):
        writer = _writer(line) or writer
        by_writer.setdefault(writer, []).append(number)
    if len(by_writer) - ("" in by_writer) < 2:  # noqa: PLR2004 - two writers
        return None
    order = [number for numbers in by_writer.values() for number in numbers]
    return [lines[number] for number in order], order


def closed_up(lines: Lines) -> tuple[list[str], list[int]] | None:
    """Take out every second line where all of those are blank, as pages and forms space what is pasted into them.

    Gives the lines that stay, and their numbers in the text; nothing when no part of it is spaced so.
    """
    order: list[int] = []
    at = 0 if lines.hold("\n\n") else len(lines)
    while at < len(lines):
        end = _end_of_spaced(lines, at) if lines[at].strip() else at
        step = 2 if end > at else 1
        order += range(at, max(end, at + 1), step)
        at = max(end, at + 1)
    return ([lines[number] for number in order], order) if 0 < len(order) < len(lines) else None


def _end_of_spaced(lines: Sequence[str], begin: int) -> int:
    """Give the end of the part in which every second line is blank; `begin` itself when it is short."""
    at, written = begin, 0
    while at < len(lines):
        written += bool(lines[at].strip())
        if at + 1 < len(lines) and lines[at + 1].strip():
            break
        at += 2
    return min(at, len(lines)) if written >= _FEWEST_SPACED else begin


def _writer(line: str) -> str:
    bracket = line.find("]: ", 0, _LONGEST_PREFIX)
    if bracket > 0 and (begin := line.rfind(" ", 0, bracket) + 1) and "[" in line[begin + 1 : bracket]:
        return line[begin:bracket]
    bar = line.find("|", 0, _LONGEST_PREFIX)
    match = (_CONTAINER.match(line) if bar > 0 else _ANDROID.match(line)) or _POD.match(line)
    return match["who"] if match else ""


_TAB_IN_SYSLOG = "#011"
# Behind who wrote the line only: further on it may be the number of a ticket.
_INDENTED_IN_SYSLOG = regex(r"((?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ [^\s:]+: )((?:#011)++)")


def _indented(line: str) -> str:
    match = _INDENTED_IN_SYSLOG.match(line)
    return match[1] + "\t" * (len(match[2]) // len(_TAB_IN_SYSLOG)) + line[match.end() :] if match else line


def unwrapped(lines: Lines) -> Lines:
    """Take the lines out of what something put around each: a build's clock, a drawn frame, JSON, strings."""
    if lines.hold(_TAB_IN_SYSLOG):
        lines = Lines(map(_indented, lines))
    lines = _framed(_timed(lines))
    if lines.hold(_ESCAPED_FOR_PAGES):
        lines = Lines(map(html.unescape, lines))
    if lines.hold("\n`"):
        lines = Lines(map(_unticked, lines))
    if lines.hold(_MORE_OF_STRING):
        lines = Lines(_unquoted(lines))
    is_container = any(_CONTAINER_LINE.match(line) for line in lines[:_LINES_ASKED])
    if not is_container and not (lines.hold(*_MARKS) and any(map(_holds_frame, lines))):
        return lines
    return Lines(_logged(line) if line.startswith("{") else line for line in lines)


def _timed(lines: Lines) -> Lines:
    """Take off the times that a build service puts before every line of every program it runs."""
    asked = list(islice(filter(str.strip, lines), _LINES_ASKED))
    timed = sum(map(bool, map(_CLOCK.match, asked)))
    if not timed or timed < _NEARLY_ALL * len(asked):
        return lines
    return Lines(_CLOCK.sub("", line, count=1) for line in lines)


def _framed(lines: Lines) -> Lines:
    """Take lines out of a box that a program draws around what went wrong; those of Rich are read as they are."""
    if not lines.hold(*_SIDES) or lines.hold(*_RICH):
        return lines
    return Lines(match["text"] if (match := _BOXED.match(line)) else line for line in lines)


def _unticked(line: str) -> str:
    """Take off the mark of code that people put around one line, or around several as if they were one."""
    if not line.startswith("`") or line.startswith("``"):
        return line
    if line.endswith("`") and line.count("`") > 1:
        return line[1:-1]
    return line[1:] if line.count("`") % 2 else line


def _unquoted(lines: list[str]) -> list[str]:
    r"""Take apart a string that Node shows in several lines: `'one\n' +`, and below `'two'`."""
    shown: list[str] = []
    is_open = False
    for line in lines:
        is_more = line.endswith(_MORE_OF_STRING)
        match = _STRING.match(line) if is_more or is_open else None
        shown.append(match["text"] if match else line)
        is_open = is_more
    return shown


def broken_up(line: str) -> str | None:
    """Break a line before each frame when it holds two of them or more, a traceback of Python or a trace of PHP."""
    if _TRACEBACK_IN_A_LINE.search(line):
        text = _FUNCTION_IN_A_LINE.sub(r"\1\n    ", _FILE_IN_A_LINE.sub("\n  ", line))
        return _EXCEPTION_IN_A_LINE.sub("\n", text)
    thrown, mark, calls = line.partition(" Stack trace: #0 ")
    if mark:
        calls = calls.replace(" Stack trace: #0 ", "\nStack trace:\n#0 ")
        return f"{thrown}\nStack trace:\n" + _PHP_IN_A_LINE.sub("\n", f"#0 {calls}").replace("\nthrown", "\n  thrown")
    text, count = _FRAME_IN_A_LINE.subn("\n    ", line)
    return _JOINT_IN_A_LINE.sub("\n", text) if count > 1 else None


def _holds_frame(line: str) -> bool:
    return line.startswith("{") and bool(_FRAME_IN_JSON.search(line)) and "\\n" not in line


def _logged(line: str) -> str:
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
        text = next((found[key] for key in _KEYS if isinstance(found.get(key), str)), None)
        is_whole = text is not None and ("\n" not in text.rstrip("\n") or "log" in found)
        if text is not None and is_whole:
            return clean(text).rstrip("\n").replace("\n", "\\n")
    return line
