"""A table, whatever it was written in."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sightline.extractors.reading import Locator
from sightline.extractors.regex import regex

_LONGEST_HEADER = 100
_VALUE = regex(r"[-+]?[\d.,:/ -]+[%€$£]?|true|false|yes|no|null|none|n/?a", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """`headers` is empty when the first row is data; `rows` gives (line or row number, cells) from the header on.

    `title` is the name of a sheet, empty for a table that has none.
    """

    headers: tuple[str, ...]
    row_count: int
    column_count: int
    place_of_headers: Locator
    place_of_rows: Locator
    rows: Callable[[], Iterator[tuple[int, Sequence[str]]]]
    title: str = ""


def headers_in(first: Sequence[str]) -> tuple[str, ...]:
    """Give the first row when it is one of headers: short words, all different, none of them a value.

    The first may be empty, over the names of the rows.
    """
    cells = tuple(cell.strip() for cell in first)
    named = [cell for cell in cells if cell]
    are_words = all(len(cell) <= _LONGEST_HEADER and not _VALUE.fullmatch(cell) for cell in named)
    is_header = are_words and len(set(named)) == len(named) and len(named) >= max(1, len(cells) - 1) and cells[-1]
    return cells if is_header else ()
