"""The lines of a text, with a quick answer to which of them hold a mark."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

# Where a frame of Java, JavaScript or .NET begins; a single blank before `at` is a sentence.
FRAME_MARKS = ("  at ", "\tat ", "\nat ", "> at ", "| at ", ": at ")

_MANY = 20
_DIGITS = b"0123456789"
# How many lines a grammar remembers what it read in: the lines of a trace that comes again and again.
MOST_LINES_KEPT = 4096


class Lines(list[str]):
    """Lines counted from 0; they do not change once one has asked."""

    @cached_property
    def _text(self) -> str:
        return "\n" + "\n".join(self)

    @cached_property
    def _starts(self) -> list[int]:
        """Where in the text the line break in front of each line is."""
        return list(accumulate((len(line) + 1 for line in self), initial=0))

    @cached_property
    def _found(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def _shapes(self) -> str:
        """The text without digits and repeated lines: the lines of a log differ in little else, and marks are many."""
        bare = self._text.encode("utf-8", "surrogatepass").translate(None, _DIGITS).decode("utf-8", "surrogatepass")
        return "\n" + "\n".join(dict.fromkeys(bare.split("\n")))

    def _may_hold(self, mark: str) -> bool:
        return mark in self._shapes or any(digit in mark for digit in _DIGITS.decode())

    def hold(self, *marks: str) -> bool:
        """Say whether one of the marks is anywhere in the text."""
        return any(self._may_hold(mark) and mark in self._text for mark in marks)

    def having(self, *marks: str) -> list[int]:
        r"""Give the numbers of the lines that hold one of the marks, in order; a mark `\nx` is an x at the begin."""
        for mark in marks:
            if mark not in self._found:
                self._found[mark] = list(self._lines_with(mark)) if self._may_hold(mark) else []
        hit = [self._found[mark] for mark in marks if self._found[mark]]
        return hit[0] if len(hit) == 1 else sorted({number for numbers in hit for number in numbers})

    def _lines_with(self, mark: str) -> Iterator[int]:
        at = self._text.find(mark)
        if at >= 0 and not mark.startswith("\n") and self._text.count(mark) > len(self) // _MANY:
            # Where most lines have it, asking each of them is quicker than finding out which line a place is in.
            yield from (number for number, line in enumerate(self) if mark in line)
            return
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            at = self._text.find(mark, self._starts[number + 1]) if number + 1 < len(self) else -1
