"""The words of a PDF page with their places, from the characters that PDFium finds."""

import ctypes
import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped] # it has no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped] # it has no types

from sightline.extractors.decoding import clean
from sightline.extractors.reading import Box
from sightline.extractors.words import Word

_MOST_CHARACTERS = 30_000
_STEPS_PER_POINT = 100
_WIDEST_GAP = 0.28
_MOST_SHIFT = 0.3
_MOST_SLANT = 0.9
_HYPHEN_OF_PDFIUM = 0x02


class _Character(NamedTuple):
    """A character: its box, the y of its baseline, the height of its line, and the room it takes from left to right."""

    text: str
    box: Box
    baseline: float
    size: float
    left: float
    right: float


Place = Callable[[float, float], tuple[float, float]]


def words_of(page: pypdfium2.PdfPage) -> list[Word]:
    """Give the words of a page, at most 30,000 characters; text that runs upwards is left out."""
    return [word for word in map(_word, _together(page)) if word.text]


def _together(page: pypdfium2.PdfPage) -> Iterator[list[_Character]]:
    """Cut between characters where there is white space, a gap or another line."""
    current: list[_Character] = []
    for character in _characters(page):
        if current and (character is None or _is_apart(current[-1], character)):
            yield current
            current = []
        if character is not None:
            current.append(character)
    if current:
        yield current


def _characters(page: pypdfium2.PdfPage) -> Iterator[_Character | None]:
    """Give the characters as they are drawn, and None for white space."""
    text = page.get_textpage()
    placed = _place_on(page)
    box, origin, line = [ctypes.c_double() for _ in range(4)], [ctypes.c_double(), ctypes.c_double()], pdfium.FS_RECTF()
    for index in range(min(text.count_chars(), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        shown = "-" if code == _HYPHEN_OF_PDFIUM else chr(code)
        if shown.isspace() or not code or not _reads_rightwards(pdfium.FPDFText_GetCharAngle(text, index), placed):
            yield None
            continue
        pdfium.FPDFText_GetCharBox(text, index, *box)
        pdfium.FPDFText_GetCharOrigin(text, index, *origin)
        pdfium.FPDFText_GetLooseCharBox(text, index, line)
        left, right, bottom, top = (side.value for side in box)
        room = _corners(placed(line.left, line.top), placed(line.right, line.bottom))
        yield _Character(
            shown,
            _corners(placed(left, top), placed(right, bottom)),
            placed(origin[0].value, origin[1].value)[1],
            max(room[3] - room[1], abs(top - bottom), 1.0),
            room[0],
            room[2],
        )


def _place_on(page: pypdfium2.PdfPage) -> Place:
    """Find what turns canvas points into points from the top left of the page as shown (rotated, cropped)."""
    width, height = (round(side * _STEPS_PER_POINT) for side in page.get_size())

    def shown(x: float, y: float) -> tuple[float, float]:
        right, down = pdfium.c_int(), pdfium.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, right, down)
        return right.value / _STEPS_PER_POINT, down.value / _STEPS_PER_POINT

    (x0, y0), (x1, y1), (x2, y2) = shown(0, 0), shown(1000, 0), shown(0, 1000)
    across, along = ((x1 - x0) / 1000, (x2 - x0) / 1000), ((y1 - y0) / 1000, (y2 - y0) / 1000)
    return lambda x, y: (x0 + across[0] * x + across[1] * y, y0 + along[0] * x + along[1] * y)


def _reads_rightwards(angle: float, placed: Place) -> bool:
    start, end = placed(0, 0), placed(math.cos(angle), math.sin(angle))
    return end[0] - start[0] > _MOST_SLANT


def _corners(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _is_apart(before: _Character, after: _Character) -> bool:
    size = min(before.size, after.size)
    return (
        abs(before.baseline - after.baseline) > _MOST_SHIFT * size
        or after.left - before.right > _WIDEST_GAP * size
        or before.left - after.left > _MOST_SHIFT * size
    )


def _word(characters: list[_Character]) -> Word:
    lefts, tops, rights, bottoms = zip(*(character.box for character in characters), strict=True)
    box = (round(min(lefts), 2), round(min(tops), 2), round(max(rights), 2), round(max(bottoms), 2))
    text = clean("".join(character.text for character in characters)).strip()
    return Word(text, box, characters[0].baseline, max(character.size for character in characters))
