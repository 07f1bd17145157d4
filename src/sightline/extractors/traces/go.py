"""Panics and fatal errors of Go: `panic: …`, then `goroutine 1 [running]:` and pairs of function and file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span, skeleton
from sightline.extractors.traces.lines import MOST_LINES_KEPT, Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else
from sightline.extractors.traces.repeats import Repeats

SCHEME = "go2"
_GOROUTINE = regex(r"goroutine \d+(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[[^\]]*\]:\s*$")
_FILE = regex(r"\s*(?P<file>\S.*\.(?:go|s|c|y)):(?P<line>\d+)(?: \+0x[0-9a-f]+)?(?: [fs]p=.*)?$")
_NOT_ITS_FRAME = regex(r"created by |\.\.\.(?:additional frames|\d+ frames) elided|\[originating from|runtime stack:")
_HEADING = regex(
    r"(?:^|.*?[\s:\]]|.*?(?=panic: runtime error: ))(?P<type>panic|fatal error|unexpected fault address): ?(?P<message>.*)$"
    r"|(?P<signal>SIG[A-Z]+): (?P<said>.*)$"
)
_TOLD = regex(r"(?:^|.*?\W)(?:(?:[Rr]ecovered|[Pp]anic)\b[^:]{0,40}:|PANIC(?: RECOVER)?\]:?) *(?P<message>\S.*)$")
_SERVING = regex(r"panic serving [^ ]+: (?P<message>.*)$")
_RUNTIME_ERROR = regex(r"runtime error: .*")
_RUNTIMES_OWN = regex(
    r"runtime error|assignment to entry in nil map|close of |send on closed channel|interface conversion: "
)
_RUNTIMES_OWN_IN_A_LINE = regex(rf"(?:{_RUNTIMES_OWN.pattern}).*$")
_RECOVERED = regex(r" \[recovered(?:, (?:repanicked|reraised))?\]$")
_CALL = regex(r"\S+\.[^\s.]+\([^()]*\)$")
_MACHINERY = regex(
    r"(?:panic|runtime\.(?:throw|fatal\w*|go[pP]anic\w*|panic\w*|sigpanic\d*|dopanic\w*|gopanic)"
    r"|(?:internal/)?(?:runtime/)?(?:sync|maps)\.(?:throw|fatal))$"
)
# fmt: off
_STANDARD = (
    "archive|bufio|bytes|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar|flag|fmt|go"
    "|hash|html|image|index|internal|io|iter|log|maps|math|mime|net|os|path|plugin|reflect|regexp|runtime|slices|sort"
    "|strconv|strings|sync|syscall|testing|text|time|unicode|unsafe"
)
# fmt: on
_LIBRARY = regex(
    rf"[\\/]pkg[\\/]mod[\\/]|[\\/]vendor[\\/]|^_cgo_|^_testmain\.go|@v\d|"
    rf"^(?:.*[\\/])?(?:go(?:root)?[-\d.]*|\d+(?:\.\d+)+|libexec|golang[^\\/]*|go\d[\w.-]*|go[\\/][\d.]+[\\/]\w+|toolchain[^\\/]*|[Gg]o)[\\/](?:libexec[\\/])?src[\\/](?:pkg[\\/])?(?:{_STANDARD}|vendor)[\\/]"
)
_TRIMMED_LIBRARY = regex(rf"(?:{_STANDARD})(?:/|$)")
_CLOSURES = regex(r"(?:\.func\d+|\.gowrap\d+|\.deferwrap\d+|\.\d+|-range\d+|-fm)+")
_LINES_ABOVE = 60


@dataclass(frozen=True, slots=True)
class _Stack:
    """The frames of one goroutine, innermost first, and how many of them printed the panic."""

    frames: list[Frame]
    machinery: int
    end: int


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the panics in a text: the goroutine that died, the first of a dump; the other goroutines belong to it."""
    free = 0
    repeats = Repeats(lines)
    for at in lines.having("goroutine "):
        match = _GOROUTINE.search(lines[at][:LONGEST_LINE]) if at >= free else None
        if match is None:
            continue
        if known := repeats.again(at, free):
            crash, free = known
            yield crash
            continue
        margin = _margin(lines, at, match.start())
        stack = _stack(lines, at + 1, margin)
        raised, begin = _raised(lines, at, free, margin, stack)
        free = _end_of_dump(lines, stack.end, margin) if stack.frames else stack.end
        if stack.frames and raised:
            crash = Crash("go", SCHEME, raised, Span(begin + 1, free))
            repeats.keep(at, crash, free)
            yield crash


def _margin(lines: Sequence[str], at: int, column: int) -> Margin:
    """Give what stands in front of every line; a message in front of the first one only is none."""
    margin = Margin(lines[at][:column])
    is_margin = at + 1 >= len(lines) or margin.strip(lines[at + 1]) is not None
    return margin if is_margin else Margin("")


def _stack(lines: Sequence[str], at: int, margin: Margin) -> _Stack:
    frames: list[Frame] = []
    machinery = 0
    while at + 1 < len(lines):
        call, place = margin.strip(lines[at]), margin.strip(lines[at + 1])
        file = _FILE.match(place) if place else None
        if call and file and not _FILE.match(call):
            if not call.startswith("created by "):
                frames.append(frame_of(_function(call), file["file"], file["line"], Span(at + 1, at + 2)))
                machinery = len(frames) if _MACHINERY.match(_function(call)) else machinery
            at += 2
        elif call and _NOT_ITS_FRAME.search(call):
            at += 1
        else:
            break
    if frames and machinery == len(frames) and at < len(lines) and _CALL.match(margin.strip(lines[at]) or ""):
        # Cut off behind what panicked.
        frames.append(frame_of(_function(margin.strip(lines[at]) or ""), "", "", Span(at + 1, at + 1)))
        at += 1
    return _Stack(frames, machinery, at)


def _function(call: str) -> str:
    return call[: call.rindex("(")] if call.endswith(")") and "(" in call else call


def frame_of(function: str, file: str, line: str, span: Span) -> Frame:
    """Make a frame; the key is the function, without versions, type parameters and the numbers of closures.

    Without a function it is the file with its folder, which does not name a place in the program.
    """
    return Frame(*_called(function, file, line), span)


@lru_cache(maxsize=MOST_LINES_KEPT)
def _called(function: str, file: str, line: str) -> tuple[str, str, bool]:
    if not function:
        folder_and_file = "/".join(re.split(r"[\\/]", file)[-2:])
        return f"{file}:{line}", f"{folder_and_file}:", not _is_library(function, file)
    key = _CLOSURES.sub(".func", re.sub(r"\[[^\]]*\]|@v[^/]*", "", function.rpartition("/vendor/")[2]))
    return f"{function} ({file}:{line})" if file else function, key, not _is_library(function, file)


def _is_library(function: str, file: str) -> bool:
    if _LIBRARY.search(file) or function == "panic":
        return True
    is_trimmed = not re.match(r"[\\/]|[A-Za-z]:", file)
    package = function.split(".", maxsplit=1)[0] or file
    return bool(is_trimmed and _TRIMMED_LIBRARY.match(package) and _TRIMMED_LIBRARY.match(file))


def _raised(lines: Sequence[str], at: int, floor: int, margin: Margin, stack: _Stack) -> tuple[Raised | None, int]:
    """Read the message above the goroutine; a log line will do when the frames show that it panicked."""
    number = _heading_line(lines, at, floor, margin, stack)
    if number is None and (told := _TOLD.match(lines[at][:LONGEST_LINE].partition(" goroutine ")[0])):
        return _surfaced("panic", [told["message"]], stack, Span(at + 1, at + 1)), at
    if number is None:
        fault = _fault(stack)
        shows_panic = stack.machinery > 0
        return (Raised("panic", "", fault, Span(at + 1, at + 1)) if shows_panic else None), at
    texts = [_text(line, margin) for line in lines[number:at]]
    serving = _SERVING.search(texts[0])
    match = serving or _HEADING.match(texts[0]) or _RUNTIME_ERROR.search(texts[0]) or _TOLD.match(texts[0])
    groups = match.groupdict() if match else {}
    own = _RUNTIMES_OWN_IN_A_LINE.search(texts[0]) if match and match.re.pattern == _TOLD.pattern else None
    first = own[0] if own else groups.get("message") or groups.get("said") or (match[0] if match and not groups else "")
    kind = groups.get("type") or groups.get("signal") or "panic"
    return _surfaced(kind, _panics([first, *texts[1:]]), stack, Span(number + 1, number + 1)), number


def _text(line: str, margin: Margin) -> str:
    text = margin.strip(line)
    return (line[:LONGEST_LINE] if text is None else text).rstrip()


def _heading_line(lines: Sequence[str], at: int, floor: int, margin: Margin, stack: _Stack) -> int | None:
    found = None
    for number in range(at - 1, max(floor, at - _LINES_ABOVE) - 1, -1):
        text = margin.strip(lines[number])
        shown = lines[number][:LONGEST_LINE] if text is None else text
        if _HEADING.match(shown) or _SERVING.search(shown):
            found = number
            if not shown.startswith(("\t", "  ")):
                return number
        elif stack.machinery and at - number <= 2 and (_RUNTIME_ERROR.search(shown) or _TOLD.match(shown)):  # noqa: PLR2004 - the signal line stands between
            return number
        elif found is None and text and begins_something_else(text):
            break
    return found


def _panics(texts: list[str]) -> list[str]:
    """Split the text above the goroutine into the messages of the panics, the first one first."""
    messages = [texts[0]]
    for text in texts[1:]:
        again = re.match(r"\s+panic: (.*)$", text)
        if again:
            messages.append(again[1])
        elif text.startswith(("[signal ", "goroutine ", "runtime stack:", "runtime: ", "PC=")):
            break
        else:
            messages[-1] += f"\n{text}"
    return [message.rstrip() for message in messages]


def _surfaced(kind: str, panics: list[str], stack: _Stack, span: Span) -> Raised:
    """Make a chain of a panic in a deferred function and the one before; a panic raised again is the same one."""
    *earlier, message = [_RECOVERED.sub("", panic).strip() for panic in panics]
    differs = bool(earlier) and earlier[0] != message
    raised = Raised(kind, message, stack.frames if differs else _fault(stack), span)
    if differs:
        raised.cause = Raised("panic", earlier[0], _fault(stack), span)
    for each in raised.causes():
        each.sort = skeleton(each.message) if kind != "panic" or _RUNTIMES_OWN.match(each.message) else ""
    return raised


def _fault(stack: _Stack) -> list[Frame]:
    return stack.frames[stack.machinery :] or stack.frames


def _end_of_dump(lines: Sequence[str], at: int, margin: Margin) -> int:
    """Skip the other goroutines, registers and the exit status that follow."""
    while at + 1 < len(lines):
        begin = at
        while begin < min(at + 3, len(lines)) and not (margin.strip(lines[begin]) or "").strip():
            begin += 1
        if begin >= len(lines) or not _GOROUTINE.match(margin.strip(lines[begin]) or ""):
            return at
        at = max(_stack(lines, begin + 1, margin).end, begin + 1)
    return at
