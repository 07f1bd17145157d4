"""The page as an eye sees it: words in rows, rows in cells, and what stands beside or below a place."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby, pairwise

from sightline.extractors.reading import Box, Locator
from sightline.extractors.regex import regex
from sightline.extractors.words import Word

_ROW_TOLERANCE = 0.4
_CELL_GAP = 0.9
_DIGIT_GAP = 0.7
_SHORTEST_SPACED = 5
_NOT_DECOMPOSED = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "\u0131": "i", "đ": "d", "№": "no", "œ": "oe"}
)
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u00ad", "-"))
_TOKEN = regex(r"[^\W_]+|[#%&]")
_GLUED = regex(r"([^\W\d_]{3,}:)([^\W_].*)")


def plain(text: str) -> str:
    """Write without case, accents and dots, so that labels compare: `Rechnungs-Nr.:` is `rechnungsnr`, `N°` is `no`."""
    lowered = text.replace("°", "o").casefold().translate(_NOT_DECOMPOSED)
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(letter))
    return " ".join(_TOKEN.findall(re.sub(r"(?<=[^\W\d_])[-.'\u2019](?=[^\W\d_])", "", letters)))


@dataclass(frozen=True, slots=True)
class Span:
    """Some words that follow each other in a row."""

    page: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with spaces between."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The place of all words together."""
        lefts, tops, rights, bottoms = zip(*(word.box for word in self.words), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    @property
    def size(self) -> float:
        """The height of the line."""
        return max(word.size for word in self.words)

    @property
    def baseline(self) -> float:
        """The y of the line."""
        return self.words[0].baseline

    @property
    def sureness(self) -> float:
        """How surely the least sure word was read."""
        return min(word.sureness for word in self.words)

    @property
    def locator(self) -> Locator:
        """Page and box, as facts have them."""
        return Locator(page=self.page, box=self.box)

    def part(self, start: int, end: int) -> "Span":
        """Give the words that characters `start` to `end` of `text` touch."""
        kept, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                kept.append(word)
            at += len(word.text) + 1
        return Span(self.page, tuple(kept))


@dataclass(frozen=True)
class Row:
    """All words of a page on one baseline, from left to right; `number` counts the rows of a page from 0."""

    page: int
    number: int
    words: tuple[Word, ...]

    @cached_property
    def cells(self) -> tuple[Span, ...]:
        """The row cut where gaps are wider than a space."""
        return tuple(self._cut(_CELL_GAP))

    @cached_property
    def figures(self) -> tuple[Span, ...]:
        """The row cut where gaps are wider than between the groups of digits of one number."""
        return tuple(self._cut(_DIGIT_GAP))

    def _cut(self, widest: float) -> Iterator[Span]:
        cell = [self.words[0]]
        for before, word in pairwise(self.words):
            if word.box[0] - before.box[2] > widest * min(word.size, before.size):
                yield Span(self.page, tuple(cell))
                cell = []
            cell.append(word)
        yield Span(self.page, tuple(cell))

    @cached_property
    def plain_words(self) -> tuple[str, ...]:
        """Each word as `plain` writes it."""
        return tuple(plain(word.text) for word in self.words)

    @property
    def span(self) -> Span:
        """The whole row."""
        return Span(self.page, self.words)


class Page:
    """The rows of one page from top to bottom."""

    def __init__(self, number: int, words: Sequence[Word]) -> None:
        """Sort words into rows; pages count from 1."""
        self.number = number
        self.rows = [Row(number, at, tuple(row)) for at, row in enumerate(_rows(words))]

    @cached_property
    def cells(self) -> list[Span]:
        """All cells from top to bottom."""
        return [cell for row in self.rows for cell in row.cells]

    @cached_property
    def bottom(self) -> float:
        """The y of the last row."""
        return self.rows[-1].words[0].baseline if self.rows else 0.0

    @cached_property
    def width(self) -> float:
        """The x of the rightmost word."""
        return max((row.words[-1].box[2] for row in self.rows), default=0.0)

    def below(self, span: Span, row: Row, *, lines: float = 2.6, most: int = 4) -> Iterator[Span]:
        """Give cells of the next rows that stand under a span, the nearest first."""
        left, _, right, _ = span.box
        reach = span.baseline + lines * span.size + 2
        found = 0
        for under in self.rows[row.number + 1 :]:
            if under.words[0].baseline > reach or found >= most:
                return
            for cell in under.cells:
                x0, _, x1, _ = cell.box
                if (x0 < right and x1 > left) or abs(x0 - left) < span.size or abs(x1 - right) < span.size:
                    found += 1
                    yield cell


def _rows(words: Sequence[Word]) -> Iterator[list[Word]]:
    row: list[Word] = []
    for word in sorted(chain.from_iterable(map(_unglued, words)), key=lambda word: (word.baseline, word.box[0])):
        if row and word.baseline - row[0].baseline > _ROW_TOLERANCE * min(word.size, row[0].size):
            yield _unspaced(sorted(row, key=lambda word: word.box[0]))
            row = []
        row.append(word)
    if row:
        yield _unspaced(sorted(row, key=lambda word: word.box[0]))


def _unglued(word: Word) -> Iterator[Word]:
    """Cut a label from the value that follows its colon without a space: `Date:17`; every hyphen is the plain one."""
    word = replace(word, text=word.text.translate(_HYPHENS))
    glued = _GLUED.fullmatch(word.text)
    if glued is None:
        yield word
        return
    left, top, right, bottom = word.box
    middle = left + (right - left) * len(glued[1]) / len(word.text)
    yield replace(word, text=glued[1], box=(left, top, middle, bottom))
    yield replace(word, text=glued[2], box=(middle, top, right, bottom))


def _unspaced(row: list[Word]) -> list[Word]:
    """Join letters that are spaced for show: `R E C H N U N G`."""
    joined: list[Word] = []
    for is_letter, words in groupby(row, key=lambda word: len(word.text) == 1 and word.text.isalpha()):
        run = list(words)
        is_spaced = is_letter and len(run) >= _SHORTEST_SPACED
        joined += [_as_one(run)] if is_spaced else run
    return joined


def _as_one(letters: list[Word]) -> Word:
    span = Span(0, tuple(letters))
    return Word("".join(letter.text for letter in letters), span.box, span.baseline, span.size, span.sureness)
