"""Exceptions as the consoles of Symfony and Laravel draw them: `In Cart.php line 42:`, a block, then the trace."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.php_frames import frame_of

_HEADING = regex(r"(?P<before>.{0,80}?)In (?P<file>\S+\.php(?:\(\d+\) : eval\(\)'d code)?) line (?P<line>\d+):$")
_TYPE = regex(r"\[(?P<type>\\?[A-Za-z_][\w\\]*)(?: \(.{1,40}\))?\]$")
_CALL = regex(r" +(?:(?P<function>\S+)\(\) )?at (?P<file>\S.*?):(?P<line>\d+|n/a)$")
_LONGEST = 60


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the exceptions; without `-v` there is no trace, and with it the type stands in brackets."""
    for at in lines.having(".php line "):
        match = _HEADING.match(lines[at][:LONGEST_LINE].rstrip())
        if match and (crash := _crash(lines, at, match)):
            yield crash


def _crash(lines: Sequence[str], at: int, match: re.Match[str]) -> Crash | None:
    margin = Margin(match["before"])
    block, end = _block(lines, at + 1, margin)
    kind = _TYPE.match(block[0]) if block else None
    if kind is None:
        return None
    calls, end = _calls(lines, end, margin)
    here = Span(at + 1, at + 1)
    first = (match["file"], match["line"], here)
    # Each line names the function and where that was called; where the first one stood is said in the heading.
    places = [first, *((call["file"], call["line"], span) for call, span in calls)]
    functions = [*((call["function"] or "") for call, _ in calls), ""]
    if calls and not calls[0][0]["function"]:
        places, functions = places[1:], functions[1:]
    frames: list[Frame] = [
        frame_of(function, file, line, span)
        for function, (file, line, span) in zip(functions, places, strict=True)
        if line != "n/a"
    ]
    raised = Raised(kind["type"].lstrip("\\"), "\n".join(block[1:]), frames, Span(at + 1, end))
    return Crash("php", "php2", raised, Span(at + 1, end))


def _block(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[str], int]:
    """Read the lines that are drawn as a block of colour, with blanks around them."""
    taken: list[str] = []
    for number in range(at, min(at + _LONGEST, len(lines))):
        text = margin.strip(lines[number])
        if text is None or (text and not text.startswith("  ")) or (taken and not text):
            return taken, number
        if text:
            taken.append(text.strip())
    return taken, at


def _calls(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[tuple[re.Match[str], Span]], int]:
    begin = at
    while begin < min(at + 4, len(lines)) and margin.strip(lines[begin]) == "":
        begin += 1
    if begin >= len(lines) or margin.strip(lines[begin]) != "Exception trace:":
        return [], at
    calls: list[tuple[re.Match[str], Span]] = []
    for number in range(begin + 1, len(lines)):
        match = _CALL.match((margin.strip(lines[number]) or "")[:LONGEST_LINE])
        if match is None:
            return calls, number
        calls.append((match, Span(number + 1, number + 1)))
    return calls, len(lines)
