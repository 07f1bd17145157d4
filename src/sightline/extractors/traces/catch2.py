"""Signals that end a test of Catch2: `file:line: FAILED:`, the expression, `due to a fatal error condition:`, the signal."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_MARK = "due to a fatal error condition:"
_SIGNAL = regex(r" *(?P<type>SIG[A-Z]+) - (?P<message>\S.*)$")
_FAILED = regex(r"(?P<place>(?P<file>\S.*?)(?::\d+|\(\d+\))): FAILED:$")
_OF_THE_SHELL = regex(r"(?:Segmentation fault|Aborted|Bus error|Floating point exception|Illegal instruction)\b")
_TOTALS = regex(r"=*$|test cases: |assertions: ")
_LINES_ABOVE = 12


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the tests that a signal ended; the place is that of the last expression before it."""
    for at in lines.having(_MARK):
        margin = Margin(lines[at][: lines[at].index(_MARK)])
        signal = _SIGNAL.match(margin.strip(lines[at + 1]) or "") if at + 1 < len(lines) else None
        if signal:
            frames = _place(lines, at, margin)
            begin = frames[0].span.line if frames else at + 1
            raised = Raised(signal["type"], signal["message"], frames, Span(at + 1, at + 2))
            yield Crash("c++", "catch1", raised, Span(begin, _end(lines, at + 2)))


def _end(lines: Sequence[str], at: int) -> int:
    """Give the line after what the shell says of the same death, if that stands right below the totals."""
    below = next((n for n in range(at, min(at + _LINES_ABOVE, len(lines))) if not _TOTALS.match(lines[n])), at)
    return below + 1 if below < len(lines) and _OF_THE_SHELL.search(lines[below][:LONGEST_LINE]) else at


def _place(lines: Sequence[str], at: int, margin: Margin) -> list[Frame]:
    for number in range(at - 1, max(at - _LINES_ABOVE, -1), -1):
        if failed := _FAILED.match(margin.strip(lines[number]) or ""):
            key = re.split(r"[\\/]", failed["file"])[-1]
            return [Frame(failed["place"], key, is_own=True, span=Span(number + 1, number + 1))]
    return []
