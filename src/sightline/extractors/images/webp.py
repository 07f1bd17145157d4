"""WebP (RFC 9649) in its chunks."""

from collections.abc import Iterator
from typing import NamedTuple

from sightline.extractors.images.anatomy import CUT_OFF, Anatomy
from sightline.extractors.images.exif import only_orientation
from sightline.extractors.reading import Unreadable

_NEEDED = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_HEADER = 12
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_FRAME_HEADER = 16
_SIDE = 0x3FFF
_MOST_CHUNKS = 1_000_000


class _Chunk(NamedTuple):
    """A chunk: its name and payload."""

    name: bytes
    payload: bytes


def _chunks(content: bytes, at: int, end: int) -> Iterator[_Chunk]:
    """Give the chunks between two places; raises Unreadable."""
    for _ in range(_MOST_CHUNKS):
        if at >= end:
            return
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise Unreadable(CUT_OFF)
        yield _Chunk(content[at : at + 4], content[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    raise Unreadable("The image is damaged: it has more parts than any image needs.")


def _all_chunks(content: bytes) -> Iterator[_Chunk]:
    end = 8 + int.from_bytes(content[4:8], "little")
    yield from _chunks(content, _HEADER, min(end, len(content)))
    if end > len(content) + 1:  # the last padding byte is often left out
        raise Unreadable(CUT_OFF)


def look(content: bytes) -> Anatomy:
    """Read size and Exif."""
    seen = Anatomy()
    try:
        for chunk in _all_chunks(content):
            _note(seen, chunk)
    except Unreadable as reason:
        seen.flaw = str(reason)
    return seen


def _note(seen: Anatomy, chunk: _Chunk) -> None:
    if chunk.name == b"EXIF":
        seen.exif = chunk.payload.removeprefix(b"Exif\0\0")
    elif chunk.name in _SIZES and not seen.size_path:
        seen.width, seen.height = _SIZES[chunk.name](chunk.payload)
        seen.size_path = f"webp:{chunk.name.decode().strip()}"


def _canvas(payload: bytes) -> tuple[int, int]:
    return 1 + int.from_bytes(payload[4:7], "little"), 1 + int.from_bytes(payload[7:10], "little")


def _lossy(payload: bytes) -> tuple[int, int]:
    return int.from_bytes(payload[6:8], "little") & _SIDE, int.from_bytes(payload[8:10], "little") & _SIDE


def _lossless(payload: bytes) -> tuple[int, int]:
    bits = int.from_bytes(payload[1:5], "little")
    return 1 + (bits & _SIDE), 1 + (bits >> 14 & _SIDE)


_SIZES = {b"VP8X": _canvas, b"VP8 ": _lossy, b"VP8L": _lossless}


def cleaned(content: bytes) -> bytes:
    """Leave out Exif but for the orientation, XMP, unknown chunks, and all after the end; raises Unreadable."""
    turned = only_orientation(look(content).exif)
    kept = [_without_metadata(chunk, bool(turned)) for chunk in _all_chunks(content) if chunk.name in _NEEDED]
    if turned and kept and kept[0].name == b"VP8X":
        kept.append(_Chunk(b"EXIF", turned))
    body = b"WEBP" + b"".join(map(_written, kept))
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _without_metadata(chunk: _Chunk, keeps_exif: bool) -> _Chunk:  # noqa: FBT001 - what the flag of the chunk will say
    if chunk.name == b"VP8X":
        kept = chunk.payload[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if keeps_exif else 0)
        return _Chunk(chunk.name, bytes([kept]) + chunk.payload[1:])
    if chunk.name == b"ANMF":
        inner = _chunks(chunk.payload, _FRAME_HEADER, len(chunk.payload))
        kept_inner = b"".join(_written(one) for one in inner if one.name in _NEEDED)
        return _Chunk(chunk.name, chunk.payload[:_FRAME_HEADER] + kept_inner)
    return chunk


def _written(chunk: _Chunk) -> bytes:
    padding = b"\0" * (len(chunk.payload) % 2)
    return chunk.name + len(chunk.payload).to_bytes(4, "little") + chunk.payload + padding
