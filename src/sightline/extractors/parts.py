"""Files inside a file: which of them are taken out, and their names."""

from collections.abc import Iterable
from typing import Final

from sightline.extractors.decoding import clean
from sightline.extractors.reading import Part
from sightline.extractors.regex import regex

MOST_PARTS: Final = 100
MOST_BYTES_OF_PARTS: Final = 512 * 1024 * 1024
CHUNK: Final = 64 * 1024
_LONGEST_NAME = 255
_INVISIBLE = regex("[\t\n\r\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def printable(name: str) -> str:
    """Replace what a name could hide or turn round with: controls, line ends, marks of writing direction."""
    return _INVISIBLE.sub("\ufffd", clean(name))[-_LONGEST_NAME:] or "unnamed"


def taken(found: Iterable[Part], holder: str) -> tuple[list[Part], list[str]]:
    """Choose the parts that are read, from the first on, and say in sentences how many are not."""
    chosen: list[Part] = []
    left_out, room = 0, MOST_BYTES_OF_PARTS
    for part in found:
        if len(chosen) == MOST_PARTS or part.size > room:
            left_out += 1
            continue
        chosen.append(part._replace(name=printable(part.name)))
        room -= part.size
    told = f"The {holder} holds more than is unpacked: {left_out} of its files are not read."
    return chosen, [told] if left_out else []
