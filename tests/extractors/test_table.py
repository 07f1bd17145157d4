"""Tables: CSV and its relatives, spreadsheets, and what only looks like one."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sightline.extractors import Reading
from tests.extractors.effort import effort
from tests.extractors.packed import Cell, xlsx, zipped

Read = Callable[[bytes], Reading]
BOOK: dict[str, Sequence[Sequence[Cell | None]]] = {
    "Offers": [["Article", "Price", "Stock"], ["Cheese", 1.5, True], ["Bread", 2, None]],
    "Empty": [],
    "Rest": [["a"]],
}


def values(reading: Reading) -> dict[str, Any]:
    return {fact.name: fact.value for fact in reading.facts}


@pytest.mark.parametrize(
    ("text", "headers", "rows", "columns"),
    [
        ("id,name\n1,Ada\n2,Bo\n", "id, name", 2, 2),
        ("Name;Preis\r\nKäse;1,50\r\nBrot;2,20\r\n", "Name, Preis", 2, 2),
        ("a\tb\tc\n1\t2\t3\n", "a, b, c", 1, 3),
        ('id,text\n1,"two\nlines, and a comma"\n\n2,"a ""quoted"" word"\n', "id, text", 2, 2),
        ("time,level,message\n" + "2024-05-01 12:00:00,ERROR,x\n" * 3, "time, level, message", 3, 3),
        ("1,2,3\n4,5,6\n7,8,9\n1,2,3\n", None, 4, 3),
        ("seed, value\n0, 0xa475\n1, 0xb2d5\n", "seed, value", 2, 2),
        (
            "version,name,series,from,to,end\n4,W,w,2004\n5,H,h,2005,2006,2007\n",
            "version, name, series, from, to, end",
            2,
            6,
        ),
    ],
)
def test_separated_values_are_a_table(
    read_bytes: Read, text: str, headers: str | None, rows: int, columns: int
) -> None:
    reading = read_bytes(text.encode())
    assert reading.kind == "table"
    expected = {"table.rows": str(rows), "table.columns": str(columns)} | (
        {"table.headers": headers} if headers else {}
    )
    assert values(reading) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Hello, world\nThis is, prose\n",
        "Hello, Ada\nthis is, as you see, prose\n",
        "First of all, thank you\nsecondly, good bye\nand so on, and on\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 5,
        "one\ntwo\nthree\n",
        "a = 1;\nb = 2;\nc = 3;\n",
        "def f(a, b):\n    return a, b\n\n\nclass C(A, B):\n    x, y = 1, 2\n",
        "2024-05-01 12:00:00,123 INFO a\n2024-05-01 12:00:00,124 INFO b\n2024-05-01 12:00:00,125 INFO c\n",
        "a,b\n1,2,3\n4\n",
        'a,b\n"never closed,1\n2,3\n',
        "a,b\n",
        f'a,b\n1,2\n1,"{"x" * 200_000}"\n',
    ],
)
def test_what_only_has_commas_is_none(read_bytes: Read, text: str) -> None:
    assert read_bytes(text.encode()).kind != "table"


def test_rows_are_the_text_once_with_the_line_where_each_begins(read_bytes: Read) -> None:
    reading = read_bytes(b'id,text\n1,"two\nlines"\n2,x\n')
    assert [(line.line, line.text) for line in reading.text] == [(1, "id\ttext"), (2, "1\ttwo lines"), (4, "2\tx")]
    places = {fact.name: (fact.locator.line, fact.locator.end_line) for fact in reading.facts}
    assert places["table.headers"] == (1, None)
    assert places["table.rows"] == (2, 4)


def test_a_long_table_is_counted_whole_and_kept_in_part(read_bytes: Read) -> None:
    reading = read_bytes(b"a;b\n" + b"1;2\n" * 30_000)
    assert values(reading)["table.rows"] == "30000"
    assert len(reading.text) == 20_000
    assert reading.problems == ("The table is long: only its first 20000 rows are kept for searching.",)


def test_of_a_wide_table_a_million_characters_are_kept(read_bytes: Read) -> None:
    reading = read_bytes(b"a;b\n" + (b"x" * 999 + b";" + b"y" * 999 + b"\n") * 1_000)
    assert sum(len(line.text) for line in reading.text) == 1_000_000
    assert len(reading.problems) == 1


def test_the_first_sheet_with_anything_is_the_table(read_bytes: Read) -> None:
    reading = read_bytes(xlsx(Nothing=[], Blank=[[" "]], **BOOK))
    assert reading.kind == "table"
    assert values(reading) == {"table.rows": "2", "table.columns": "3", "table.headers": "Article, Price, Stock"}
    assert {fact.name: fact.locator.path for fact in reading.facts} == {
        "table.rows": "Offers!A2:C3",
        "table.columns": "Offers!A1:C1",
        "table.headers": "Offers!A1:C1",
    }
    assert [(line.line, line.text) for line in reading.text] == [
        *((0, "Offers"), (1, "Article\tPrice\tStock"), (2, "Cheese\t1.5\tTRUE"), (3, "Bread\t2\t")),
        *((0, "Rest"), (1, "a")),
    ]
    rows = next(fact for fact in reading.facts if fact.name == "table.rows")
    assert [(other.value, other.locator.path) for other in rows.alternatives] == [("1", "Rest!A1:A1")]


def test_a_broken_workbook_says_so(read_bytes: Read) -> None:
    whole = xlsx(**BOOK)
    assert read_bytes(whole[: len(whole) // 2]).problems == ("The spreadsheet could not be read: it is damaged.",)
    empty = zipped({"[Content_Types].xml": "", "xl/workbook.xml": "<workbook/>"})
    assert read_bytes(empty).kind in {"table", None}


def test_a_workbook_that_swells_is_not_unpacked(read_bytes: Read) -> None:
    bomb = zipped({"[Content_Types].xml": "", "xl/workbook.xml": "0" * 30_000_000})
    reading = read_bytes(bomb)
    assert reading.problems == ("The spreadsheet could not be read: a part of it is packed like a zip bomb.",)


@pytest.mark.parametrize(
    "text", ["a,b\n" + '"' * 100_000, "a,b\n" + "," * 100_000, ("," * 300 + "\n") * 300, '"a,\n' * 20_000]
)
def test_hostile_tables_take_no_longer_than_others(read_bytes: Read, text: str) -> None:
    assert effort(lambda: read_bytes(text.encode())) < 60
