"""PNG (W3C Portable Network Graphics, third edition) in its chunks."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from sightline.extractors.images.anatomy import CUT_OFF, Anatomy
from sightline.extractors.images.exif import only_orientation
from sightline.extractors.reading import Unreadable

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV"),
    *(b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"),
}
_AROUND = 12  # length, name and checksum of a chunk
_SHORTEST_HEADER = 13
_MOST_CHUNKS = 1_000_000


class _Chunk(NamedTuple):
    """A chunk: its name, where it begins (at its length) and where its checksum ends."""

    name: bytes
    start: int
    end: int


def _chunks(content: bytes) -> Iterator[_Chunk]:
    """Give the chunks up to IEND; raises Unreadable."""
    at = len(_SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        name, end = content[at + 4 : at + 8], at + _AROUND + int.from_bytes(content[at : at + 4], "big")
        if len(name) < len(b"IEND") or end > len(content):
            raise Unreadable(CUT_OFF)
        yield _Chunk(name, at, end)
        at = end
        if name == b"IEND":
            return
    raise Unreadable("The image is damaged: it has more parts than any image needs.")


def look(content: bytes) -> Anatomy:
    """Read size and Exif; a wrong checksum is told."""
    seen = Anatomy()
    try:
        for chunk in _chunks(content):
            _note(seen, chunk, content)
    except Unreadable as reason:
        seen.flaw = str(reason)
    return seen


def _note(seen: Anatomy, chunk: _Chunk, content: bytes) -> None:
    payload = memoryview(content)[chunk.start + 8 : chunk.end - 4]
    if zlib.crc32(payload, zlib.crc32(chunk.name)) != int.from_bytes(content[chunk.end - 4 : chunk.end], "big"):
        seen.flaw = "The image is damaged: a part does not match its checksum."
    elif chunk.name == b"IHDR" and len(payload) >= _SHORTEST_HEADER:
        seen.width, seen.height = (int.from_bytes(payload[at : at + 4], "big") for at in (0, 4))
        seen.size_path = "png:IHDR"
    elif chunk.name == b"eXIf":
        seen.exif = bytes(payload)


def cleaned(content: bytes) -> bytes:
    """Leave out texts, times and what programs added, Exif but for the orientation, and all after the end.

    Raises Unreadable.
    """
    kept = [content[chunk.start : chunk.end] for chunk in _chunks(content) if chunk.name in _NEEDED]
    turned = only_orientation(look(content).exif)
    if turned:
        kept.insert(1, _chunk(b"eXIf", turned))
    return b"".join([_SIGNATURE, *kept])


def _chunk(name: bytes, payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + name + payload + zlib.crc32(name + payload).to_bytes(4, "big")
