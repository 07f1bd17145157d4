r"""Stack traces as the consoles of Safari and Firefox show them: `\tprice (cart.js:3:14)`, `    price https://…/cart.js:3:14`."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.javascript import LANGUAGE, SCHEME
from sightline.extractors.traces.javascript_frames import frame_of
from sightline.extractors.traces.javascript_lines import heading
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_HEADING = regex(
    r"(?P<before>(?:^|.*?[\s>])(?:\[Error\] (?:Unhandled Promise Rejection: )?|(?=[Uu]ncaught )))(?P<rest>\S.*)$"
)
_TIMED = regex(r"(?P<before>)(?:\d\d:\d\d:\d\d(?:\.\d{3})? )?(?P<rest>[A-Z]\w*Error: .*)$")
_FRAME = regex(
    r"\s+(?P<function>[^\s()]+|\(anonymous function\)|[\w ]+ [cC]ode) "
    r"(?:\((?:(?P<file>[^\s()]+:\d+(?::\d+)?)|(?P<script>[^\s()]+), line (?P<line>\d+))\)|(?P<url>(?:https?|file|webpack|moz-extension|resource)://?\S+:\d+))$"
)
# What Node says of a rejection with something that is no error: it has no stack.
_REJECTED = regex(r"\[(?P<type>UnhandledPromiseRejection): (?P<message>.*)\] \{$")
_ENDED_NODE = "triggerUncaughtException("
_OBJECT = regex(r"\[(?P<type>\w*(?:Error|Exception)): (?P<message>.*)\](?: \{)?$")
_WARNED = regex(
    r"UnhandledPromiseRejectionWarning: (?:Unhandled promise rejection \(rejection id: \d+\): )?"
    r"(?P<type>\w*(?:Error|Exception)): (?P<message>.*)$"
)
_POINTER = " \u276f "
_FRAME_OF_APP = regex(r"(?P<function>[\w$.<>]*)@(?P<file>\d+:\d+)(?P<url>)$")
_FRAME_OF_TEST = regex(r"\s+\u276f (?:(?P<function>\S+) )?(?P<file>\S+:\d+:\d+)(?P<url>)$")
_NATIVE = regex(r"\s+(?P<function>[A-Za-z]\w*)(?: \(\[native code\]\))?$")
_OF_APP = regex(r"(?P<type>[A-Z]\w*(?:Error|Exception)): (?P<message>.*)$")
_Heading = tuple[re.Match[str], int, Margin, re.Pattern[str]]


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the traces in a text; the heading stands right above the frames."""
    free = 0
    for at in lines.having("[Error] ", "ncaught ", "Error: ", ", stack:", _POINTER, "[UnhandledPromiseRejection: "):
        if rejected := _REJECTED.search(lines[at][:LONGEST_LINE].rstrip()):
            span = Span(at + 1, at + 1)
            yield Crash(LANGUAGE, SCHEME, Raised(rejected["type"], rejected["message"], [], span), span)
            continue
        found = _heading(lines, at) if at >= free else None
        if found is None:
            continue
        match, begin, margin, pattern = found
        frames, end = _frames(lines, begin + 1, margin, pattern)
        if frames:
            free = end
            message = (match["message"] or "").strip()
            raised = Raised(match["type"], message, frames, Span(begin + 1, begin + 1))
            yield Crash(LANGUAGE, SCHEME, raised, Span(begin + 1, end))


def rejections(lines: Lines) -> Iterator[Crash]:
    """Find the rejections that Node prints without a stack; those with one begin in the same line."""
    for at in lines.having(_ENDED_NODE, "UnhandledPromiseRejectionWarning: "):
        line = lines[at][:LONGEST_LINE].rstrip()
        below = [text[:LONGEST_LINE].rstrip() for text in lines[at + 1 : at + 5]] if _ENDED_NODE in line else []
        match = next(filter(None, map(_OBJECT.match, below)), _WARNED.search(line))
        if match:
            number = at + 2 + below.index(match.string) if match.string in below else at + 1
            span = Span(number, number)
            yield Crash(LANGUAGE, SCHEME, Raised(match["type"], match["message"], [], span), span)


def _heading(lines: Sequence[str], at: int) -> _Heading | None:
    """Give type and message, their line, the margin of the frames and what those look like."""
    line = lines[at][:LONGEST_LINE].rstrip()
    if line.endswith(", stack:"):
        found = _OF_APP.search(line.removesuffix(", stack:"))
        return (found, at, Margin(line[: found.start()]), _FRAME_OF_APP) if found else None
    if _POINTER in line and at:
        margin = Margin(line[: line.index(_POINTER)])
        found = heading((margin.strip(lines[at - 1]) or "").strip(), 1)
        return (found, at - 1, margin, _FRAME_OF_TEST) if found else None
    shown = _HEADING.match(line) or _listed(lines, at, line)
    match = heading(shown["rest"], 1) if shown else None
    return (match, at, Margin(_margin(shown["before"])), _FRAME) if shown and match else None


def _listed(lines: Sequence[str], at: int, line: str) -> re.Match[str] | None:
    """Read an error that Firefox lists without the word `Uncaught`: two places below show that it is one."""
    frames = [_FRAME.match(below[:LONGEST_LINE].rstrip()) for below in lines[at + 1 : at + 3]]
    return _TIMED.match(line) if len(frames) > 1 and all(frame and frame["url"] for frame in frames) else None


def _margin(before: str) -> str:
    return before.partition("[Error]")[0].rstrip(" ")


def _frames(lines: Sequence[str], at: int, margin: Margin, pattern: re.Pattern[str]) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines):
        text = margin.strip(lines[at])
        match = pattern.match(text) if text else None
        native = _NATIVE.match(text) if text and frames and not match else None
        if match:
            groups = match.groupdict()
            script = f"{groups['script']}:{groups['line']}" if groups.get("script") else ""
            place = groups["file"] or groups["url"] or script
            frames.append(frame_of(groups["function"] or "", place, Span(at + 1, at + 1)))
        elif native:
            frames.append(frame_of(native["function"], "[native code]", Span(at + 1, at + 1)))
        else:
            break
        at += 1
    return frames, at
