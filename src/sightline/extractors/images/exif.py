"""Exif (CIPA DC-008), the TIFF structure that cameras add: only what is asked for is read."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

ORIENTATION = 0x0112
EXIF_FOLDER = 0x8769
_MOST_ENTRIES = 512
_BYTE_ORDERS = {b"II": "<", b"MM": ">"}
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TEXT = 2
_NUMBERS = {1: "B", 3: "H", 4: "L", 13: "L"}
_INLINE = 4
_TEXTS_MEANT = {
    0x010F: "Make",
    0x0110: "Model",
    0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x9011: "OffsetTimeOriginal",
    0x9012: "OffsetTimeDigitized",
}


class Entry(NamedTuple):
    """One tag of a folder: where it stands itself, and the place of its value."""

    tag: int
    type: int
    values: int
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tiff:
    """A TIFF structure; nothing in it can lead outside of it."""

    content: bytes
    order: str

    @classmethod
    def of(cls, content: bytes) -> "Tiff | None":
        """Open the structure; None when it is none."""
        order = _BYTE_ORDERS.get(content[:2])
        is_one = order is not None and len(content) >= 8 and struct.unpack_from(order + "H", content, 2)[0] == 42  # noqa: PLR2004 - the header and its magic number
        return cls(content, order) if order and is_one else None

    @property
    def first_folder(self) -> int:
        """The offset of the first folder."""
        return self._number("L", 4)

    @property
    def byte_order(self) -> Literal["little", "big"]:
        """The order of bytes in its numbers."""
        return "little" if self.order == "<" else "big"

    def tag(self, at: int) -> int:
        """Give the tag of the entry that stands here."""
        return self._number("H", at)

    def next_folder(self, folder: int) -> int:
        """Give the offset of the folder after this one, 0 when it is the last."""
        at = folder + 2 + 12 * self.count(folder)
        return self._number("L", at) if at + 4 <= len(self.content) else 0

    def _number(self, code: str, at: int) -> int:
        read: int = struct.unpack_from(self.order + code, self.content, at)[0]
        return read

    def count(self, folder: int) -> int:
        """Give how many entries a folder has, as far as they are there."""
        if not 8 <= folder <= len(self.content) - 2:  # noqa: PLR2004 - the header ends there
            return 0
        return min(self._number("H", folder), _MOST_ENTRIES, (len(self.content) - folder - 2) // 12)

    def entries(self, folder: int) -> Iterator[Entry]:
        """Give the entries of a folder whose values are within the structure."""
        for at in range(folder + 2, folder + 2 + 12 * self.count(folder), 12):
            tag, kind, count = struct.unpack_from(self.order + "HHL", self.content, at)
            length = _WIDTHS.get(kind, 0) * count
            start = at + 8 if length <= _INLINE else self._number("L", at + 8)
            if length and start + length <= len(self.content):
                yield Entry(tag, kind, count, at, start, start + length)

    def number(self, entry: Entry) -> int | None:
        """Give the first number of an entry."""
        code = _NUMBERS.get(entry.type)
        return self._number(code, entry.start) if code else None

    def numbers(self, folder: int) -> dict[int, int]:
        """Give the first number of each entry of a folder that holds numbers."""
        read = ((entry.tag, self.number(entry)) for entry in self.entries(folder))
        return {tag: number for tag, number in read if number is not None}

    def texts(self, folder: int) -> dict[str, str]:
        """Give the texts of a folder that are meant here, by their Exif name."""
        return {
            _TEXTS_MEANT[entry.tag]: _text(self.content[entry.start : min(entry.end, entry.start + 200)])
            for entry in self.entries(folder)
            if entry.type == _TEXT and entry.tag in _TEXTS_MEANT
        }


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def texts(exif: bytes) -> dict[str, str]:
    """Give make, model and times (`Make`, `DateTimeOriginal` …) as written."""
    tiff = Tiff.of(exif)
    if tiff is None:
        return {}
    below = tiff.numbers(tiff.first_folder).get(EXIF_FOLDER, 0)
    return tiff.texts(tiff.first_folder) | tiff.texts(below)


def orientation(exif: bytes) -> int:
    """Give how the picture is to be turned, 1 to 8; 1 is as stored."""
    tiff = Tiff.of(exif)
    stated = tiff.numbers(tiff.first_folder).get(ORIENTATION, 1) if tiff else 1
    return stated if 1 <= stated <= 8 else 1  # noqa: PLR2004 - the eight ways there are


def only_orientation(exif: bytes) -> bytes:
    """Give an Exif structure that says how to turn the picture and nothing else; empty when it stands as stored."""
    turned = orientation(exif)
    return struct.pack(">2sHLHHHLHHL", b"MM", 42, 8, 1, ORIENTATION, 3, 1, turned, 0, 0) if turned > 1 else b""
