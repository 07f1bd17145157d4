"""JPEG (ITU-T T.81) in its segments."""

from collections.abc import Iterator
from typing import NamedTuple

from sightline.extractors.images.anatomy import CUT_OFF, Anatomy
from sightline.extractors.images.exif import only_orientation
from sightline.extractors.reading import Unreadable
from sightline.extractors.regex import regex

_START = b"\xff\xd8"
_END = b"\xff\xd9"
_EXIF = b"Exif\0\0"
_JFIF = b"JFIF\0"
_JFIF_WITHOUT_THUMBNAIL = 14
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_MARKER = regex(rb"\xff+[^\x00\xff]")
_MARKER_IN_SCAN = regex(rb"\xff+[^\x00\xd0-\xd7\xff]")
_MOST_SEGMENTS = 100_000


class _Segment(NamedTuple):
    """A marker, where its segment begins (at the 0xFF), where its payload begins and where both end."""

    marker: int
    start: int
    payload: int
    end: int


def _segments(content: bytes) -> Iterator[_Segment]:
    """Give the segments up to the end of the image, pixels with the scan they belong to; raises Unreadable."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.match(content, at)
        if not found:
            raise Unreadable(CUT_OFF if at >= len(content) - 1 else "The image is damaged: its parts do not join.")
        marker, start, payload = content[found.end() - 1], found.end() - 2, found.end() + 2
        if content[start : start + 2] == _END:
            return
        end = found.end() + int.from_bytes(content[found.end() : payload], "big")
        if payload > end or end > len(content):
            raise Unreadable(CUT_OFF)
        at = _end_of_scan(content, end) if marker == _SCAN else end
        yield _Segment(marker, start, payload, at)
    raise Unreadable("The image is damaged: it has more parts than any image needs.")


def _end_of_scan(content: bytes, start: int) -> int:
    found = _MARKER_IN_SCAN.search(content, start)
    if not found:
        raise Unreadable(CUT_OFF)
    return found.start()


def look(content: bytes) -> Anatomy:
    """Read size and Exif."""
    seen = Anatomy()
    try:
        for segment in _segments(content):
            _note(seen, segment, content[segment.payload : segment.end])
    except Unreadable as reason:
        seen.flaw = str(reason)
    return seen


def _note(seen: Anatomy, segment: _Segment, payload: bytes) -> None:
    if segment.marker in _FRAMES and not seen.size_path:
        seen.height, seen.width = (int.from_bytes(payload[at : at + 2], "big") for at in (1, 3))
        seen.size_path = f"jpeg:SOF{segment.marker - 0xC0}"
    elif segment.marker == _APP1 and payload.startswith(_EXIF) and not seen.exif:
        seen.exif = payload[len(_EXIF) :]


def cleaned(content: bytes) -> bytes:
    """Leave out all that is not needed to show the pixels: Exif but for the orientation, XMP, comments, previews.

    What follows the end of the image goes too (other pictures, films, files). Raises Unreadable.
    """
    kept = [content[segment.start : segment.end] for segment in _segments(content) if _is_needed(content, segment)]
    turned = only_orientation(look(content).exif)
    if turned:
        kept.insert(1 if kept and kept[0][1] == _APP0 else 0, _exif_segment(turned))
    return b"".join([_START, *kept, _END])


def _exif_segment(exif: bytes) -> bytes:
    return b"\xff" + bytes([_APP1]) + (2 + len(_EXIF) + len(exif)).to_bytes(2, "big") + _EXIF + exif


def _is_needed(content: bytes, segment: _Segment) -> bool:
    if segment.marker == _APP0:
        is_plain = segment.end - segment.payload == _JFIF_WITHOUT_THUMBNAIL
        return is_plain and content.startswith(_JFIF, segment.payload)
    if segment.marker == _APP2:
        return content.startswith(b"ICC_PROFILE\0", segment.payload)
    return segment.marker == _APP14 or not (_APP0 <= segment.marker <= _APP15 or segment.marker == _COMMENT)
