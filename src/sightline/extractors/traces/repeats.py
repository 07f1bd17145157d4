"""Crashes that come again: logs repeat the same trace, and reading it once is enough."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sightline.extractors.traces.crash import Crash

_MOST_BEHIND_ONE_LINE = 8
_MOST_LINES = 2000
_LINES_BEFORE = 1
_LINES_AFTER = 3
_LONGEST = 300
_DIGITS = str.maketrans("123456789", "000000000")


@dataclass(frozen=True, slots=True)
class _Known:
    """A crash found at a line, its text, the lines around it, and where to go on."""

    crash: Crash
    at: int
    free: int
    lines: Sequence[str]
    around: list[str]


class Repeats:
    """The crashes of a text so far, by the line they were noticed in."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Begin with none."""
        self._lines = lines
        self._known: defaultdict[str, list[_Known]] = defaultdict(list)

    def again(self, at: int, floor: int) -> tuple[Crash, int] | None:
        """Give the crash at this line, and the line to go on at, if one with the same text was read before."""
        for known in self._known.get(self._lines[at], ()):
            shift = at - known.at
            begin = known.crash.begin + shift
            if floor <= begin and self._lines[begin : begin + len(known.lines)] == known.lines:
                if not _are_alike(self._around(begin, begin + len(known.lines)), known.around):
                    continue
                return replace(known.crash, skipped=known.crash.skipped + shift), known.free + shift
        return None

    def keep(self, at: int, crash: Crash, free: int) -> None:
        """Remember a crash that was noticed at this line."""
        begin = crash.begin
        if free - begin > _MOST_LINES:
            return
        behind = self._known[self._lines[at]]
        behind.insert(0, _Known(crash, at, free, self._lines[begin:free], self._around(begin, free)))
        del behind[_MOST_BEHIND_ONE_LINE:]

    def _around(self, begin: int, end: int) -> list[str]:
        return [*self._lines[max(begin - _LINES_BEFORE, 0) : begin], *self._lines[end : end + _LINES_AFTER]]


def _are_alike(some: list[str], others: list[str]) -> bool:
    # What follows decides where a trace ends, by its words; the numbers in it are times.
    return len(some) == len(others) and all(map(_is_alike, some, others))


def _is_alike(line: str, other: str) -> bool:
    return line == other or line[:_LONGEST].translate(_DIGITS) == other[:_LONGEST].translate(_DIGITS)
