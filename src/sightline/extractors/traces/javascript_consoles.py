r"""Stack traces as the consoles of Safari and Firefox show them: `\tprice (cart.js:3:14)`, `    price https://…/cart.js:3:14`."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.javascript import LANGUAGE, SCHEME
from sightline.extractors.traces.javascript_frames import frame_of
from sightline.extractors.traces.javascript_lines import heading
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_HEADING = re.compile(
    r"(?P<before>(?:^|.*?[\s>])(?:\[Error\] (?:Unhandled Promise Rejection: )?|(?=[Uu]ncaught )))(?P<rest>\S.*)$"
)
_FRAME = re.compile(
    r"\s+(?P<function>[^\s()]+|\(anonymous function\)|[\w ]+ [cC]ode) "
    r"(?:\((?P<file>[^\s()]+:\d+(?::\d+)?)\)|(?P<url>(?:https?|file|webpack|moz-extension|resource)://?\S+:\d+))$"
)
_POINTER = " \u276f "
_FRAME_OF_APP = re.compile(r"(?P<function>[\w$.<>]*)@(?P<file>\d+:\d+)(?P<url>)$")
_FRAME_OF_TEST = re.compile(r"\s+\u276f (?:(?P<function>\S+) )?(?P<file>\S+:\d+:\d+)(?P<url>)$")
_NATIVE = re.compile(r"\s+(?P<function>[A-Za-z]\w*)(?: \(\[native code\]\))?$")
_OF_APP = re.compile(r"(?P<type>[A-Z]\w*(?:Error|Exception)): (?P<message>.*)$")
_Heading = tuple[re.Match[str], int, Margin, re.Pattern[str]]


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the traces in a text; the heading stands right above the frames."""
    free = 0
    for at in lines.having("[Error] ", "ncaught ", ", stack:", _POINTER):
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
    shown = _HEADING.match(line)
    match = heading(shown["rest"], 1) if shown else None
    return (match, at, Margin(_margin(shown["before"])), _FRAME) if shown and match else None


def _margin(before: str) -> str:
    return before.partition("[Error]")[0].rstrip(" ")


def _frames(lines: Sequence[str], at: int, margin: Margin, pattern: re.Pattern[str]) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    while at < len(lines):
        text = margin.strip(lines[at])
        match = pattern.match(text) if text else None
        native = _NATIVE.match(text) if text and frames and not match else None
        if match:
            frames.append(frame_of(match["function"] or "", match["file"] or match["url"], Span(at + 1, at + 1)))
        elif native:
            frames.append(frame_of(native["function"], "[native code]", Span(at + 1, at + 1)))
        else:
            break
        at += 1
    return frames, at
