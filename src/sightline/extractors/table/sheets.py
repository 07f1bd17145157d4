"""The sheets of spreadsheets: XLSX, XLS and ODS."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final

from sightline.extractors.archives import zips
from sightline.extractors.decoding import clean
from sightline.extractors.reading import Locator, Unreadable
from sightline.extractors.table.rows import Table, headers_in

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
TYPES: Final = frozenset({_XLSX, _ODS, "application/vnd.ms-excel"})
_MOST_UNPACKED = 128 * 1024 * 1024
_MOST_CELLS = 5_000_000
_MOST_SHEETS = 20
_LETTERS = 26
_EXACT_IN_A_FLOAT = 2**53


def tables(file: BinaryIO, media_type: str) -> Iterator[Table]:
    """Give the sheets that hold anything; raises Unreadable for what is locked, broken or made to swell."""
    import python_calamine

    if media_type in {_XLSX, _ODS}:
        _refuse_bombs(file)
    file.seek(0)
    try:
        book = python_calamine.load_workbook(file)
        for sheet_name in book.sheet_names[:_MOST_SHEETS]:
            table = _table(book.get_sheet_by_name(sheet_name))
            if table:
                yield table
    except python_calamine.PasswordError as error:
        raise Unreadable("it is locked with a password") from error
    except python_calamine.CalamineError as error:
        raise Unreadable("it is damaged") from error


def _refuse_bombs(file: BinaryIO) -> None:
    entries = zips.open_zip(file).infolist()
    for entry in entries:
        if zips.obstacle(entry):
            raise Unreadable(f"a part of it is {zips.obstacle(entry)}")
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise Unreadable(f"it is larger than {_MOST_UNPACKED // 1024 // 1024} MB unpacked")


def _table(sheet: "CalamineSheet") -> Table | None:
    if sheet.start is None or sheet.end is None:
        return None
    (top, left), (bottom, right) = sheet.start, sheet.end
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise Unreadable(f"its sheet “{clean(sheet.name)}” spans more than {_MOST_CELLS} cells")
    rows = [(top + number, [_shown(cell) for cell in row]) for number, row in enumerate(sheet.to_python(), start=1)]
    filled = [(number, cells) for number, cells in rows if any(map(str.strip, cells))]
    if not filled:
        return None
    first, last = filled[0][0], filled[-1][0]
    headers = headers_in(filled[0][1]) if len(filled) > 1 else ()
    place = partial(_place, clean(sheet.name), left, right)
    return Table(
        headers,
        len(filled) - bool(headers),
        right - left + 1,
        place(first, first),
        place(first + bool(headers), last),
        partial(iter, filled),
        clean(sheet.name),
    )


def _shown(cell: object) -> str:
    """Write a cell as a person reads it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_IN_A_FLOAT else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return clean(str(cell))


def _place(sheet: str, left: int, right: int, first: int, last: int) -> Locator:
    return Locator(path=f"{sheet}!{_column(left)}{first}:{_column(right)}{last}")


def _column(number: int) -> str:
    """Name a column that is counted from 0: A to Z, then AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
