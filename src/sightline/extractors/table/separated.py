"""Values that are separated by commas and the like (RFC 4180, and what programs make of it)."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from sightline.extractors.reading import Locator
from sightline.extractors.source import Passage
from sightline.extractors.table.rows import Table, headers_in

_SEPARATORS = ("\t", ";", ",", "|")
_SAMPLE = 200
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2
_FEWEST_WITHOUT_HEADERS = 4
_FEWEST_COLUMNS_WITHOUT_HEADERS = 3
_MOST_ODD = 0.02
_NARROW = 4


def table_in(passages: list[Passage]) -> Table | None:
    """Give the table that a text is, None when it is none.

    A table has rows of the same number of cells; what could be prose, a log or source code is none in doubt: there has
    to be a row of headers, or at least four rows of three cells that are not sentences.
    """
    lines = passages[0].lines
    found = [table for separator in _SEPARATORS if (table := _table(passages, lines, separator))]
    return max(found, key=lambda table: table.column_count, default=None)


def _table(passages: list[Passage], lines: list[str], separator: str) -> Table | None:
    if not any(separator in line for line in lines[:3]):
        return None
    sample = [cells for _, cells in islice(_rows(lines, separator), _SAMPLE)]
    columns = len(sample[0]) if sample else 0
    headers = headers_in(sample[0]) if sample else ()
    if columns < _FEWEST_COLUMNS or not _is_table(sample, columns, has_headers=bool(headers)):
        return None
    widths = Counter(len(cells) for _, cells in _rows(lines, separator))
    if not _is_even(widths, columns):
        return None
    count = sum(widths.values()) + sum(sum(map(bool, passage.lines)) for passage in passages[1:])
    return Table(
        headers,
        count - bool(headers),
        columns,
        Locator(line=1),
        Locator(line=1 + bool(headers), end_line=_last_line(passages[-1])),
        lambda: _rows(lines, separator),
    )


def _last_line(passage: Passage) -> int:
    """Number the last line that is not empty."""
    length = next((length for length in range(len(passage.lines), 0, -1) if passage.lines[length - 1].strip()), 0)
    return passage.first_line + length - 1


def _rows(lines: list[str], separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Give rows with the number of their first line; one that breaks the rules ends the table."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        yield begins, ()


def _is_even(widths: Counter[int], columns: int) -> bool:
    """Say whether nearly all rows have as many cells as the first; of wide tables programs leave out empty ends."""
    least = min(columns, _FEWEST_COLUMNS if columns > _NARROW else columns)
    odd = sum(count for width, count in widths.items() if not least <= width <= columns)
    most = widths.most_common(1)[0][0]
    return odd <= sum(widths.values()) * _MOST_ODD and 0 not in widths and most > columns // 2


def _is_table(sample: list[Sequence[str]], columns: int, *, has_headers: bool) -> bool:
    if not _is_even(Counter(map(len, sample)), columns) or len(sample) < _FEWEST_ROWS:
        return False
    # A row of a Markdown table has nothing before its first bar and behind its last.
    if 2 * sum(map(_is_sentence, sample)) >= len(sample) or not any(cells[0] or cells[-1].strip() for cells in sample):
        return False
    if has_headers:
        return True
    return len(sample) >= _FEWEST_WITHOUT_HEADERS and columns >= _FEWEST_COLUMNS_WITHOUT_HEADERS


def _is_sentence(cells: Sequence[str]) -> bool:
    """Say whether a row reads like words that go on after a comma and a space."""
    return any(cell.startswith(" ") for cell in cells[1:]) and any(" " in cell.strip() for cell in cells)
