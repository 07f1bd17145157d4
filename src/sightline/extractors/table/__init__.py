"""Tables: CSV and its relatives, and the sheets of spreadsheets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from sightline.extractors.plain_text import LONGEST_LINE, MOST_CHARACTERS, MOST_LINES
from sightline.extractors.reading import Alternative, Fact, FactType, Locator, Reading, TextLine, Unreadable
from sightline.extractors.source import Source
from sightline.extractors.table import separated, sheets
from sightline.extractors.table.rows import Table

name = "table"
version = 3

_STATED = 1.0
_OTHER_SHEET = 0.5
_LONGEST_VALUE = 2000


def accepts(media_type: str, head: bytes) -> bool:
    """Take text, which may be a table, and spreadsheets."""
    del head
    return media_type == "text/plain" or media_type in sheets.TYPES


def extract(source: Source) -> Reading:
    """Give `table.rows` (number, without the header), `.columns` (number) and `.headers` (text, when there are any).

    The rows are the text, with TAB between cells. Of a spreadsheet the first sheet that holds anything is the fact, the
    others are alternatives; the name of each of several is a line 0 before its rows. Places are lines of the text, or
    `Sheet1!A1:C10`.
    """
    if source.media_type == "text/plain":
        table = separated.table_in(source.text)
        tables = [table] if table else []
    else:
        try:
            tables = list(sheets.tables(source.file, source.media_type))
        except Unreadable as reason:
            return Reading(kind="table", problems=(f"The spreadsheet could not be read: {reason}.",))
    if not tables:
        return Reading()
    facts, *others = (list(_facts(table)) for table in tables)
    joined = [fact.also(*_same(fact, others)) for fact in facts]
    text, problems = _text(tables)
    return Reading(kind="table", facts=tuple(joined), text=tuple(text), problems=problems)


def _same(fact: Fact, others: list[list[Fact]]) -> Iterator[Alternative]:
    for facts in others:
        yield from (
            replace(other.as_alternative(), confidence=_OTHER_SHEET) for other in facts if other.name == fact.name
        )


def _facts(table: Table) -> Iterator[Fact]:
    yield _fact("table.rows", "number", str(table.row_count), table.place_of_rows)
    yield _fact("table.columns", "number", str(table.column_count), table.place_of_headers)
    if table.headers:
        yield _fact("table.headers", "text", ", ".join(table.headers)[:_LONGEST_VALUE], table.place_of_headers)


def _fact(fact_name: str, fact_type: FactType, value: str, place: Locator) -> Fact:
    return Fact(fact_name, fact_type, value, place, _STATED, name, version)


def _lines(table: Table, *, is_titled: bool) -> Iterator[tuple[int, Sequence[str]]]:
    if is_titled:
        yield 0, (table.title,)
    yield from table.rows()


def _text(tables: Sequence[Table]) -> tuple[list[TextLine], tuple[str, ...]]:
    kept: list[TextLine] = []
    room = MOST_CHARACTERS
    rows = chain.from_iterable(_lines(table, is_titled=len(tables) > 1) for table in tables)
    for number, cells in islice(rows, MOST_LINES):
        line = "\t".join(" ".join(cell.split()) for cell in cells)[: min(LONGEST_LINE, room)]
        kept.append(TextLine(number, line))
        room -= len(line)
        if room <= 0:
            break
    is_whole = room > 0 and next(rows, None) is None
    told = f"The table is long: only its first {sum(one.line > 0 for one in kept)} rows are kept for searching."
    return kept, () if is_whole else (told,)
