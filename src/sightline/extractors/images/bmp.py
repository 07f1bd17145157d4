"""BMP: its header; the format has no place for metadata."""

import struct

from sightline.extractors.images.anatomy import CUT_OFF, Anatomy

_FILE_HEADER = 14
_OLD_HEADER = 12
_SHORTEST = 26


def look(content: bytes) -> Anatomy:
    """Read the size."""
    if len(content) < _SHORTEST:
        return Anatomy(flaw=CUT_OFF)
    is_old = int.from_bytes(content[_FILE_HEADER : _FILE_HEADER + 4], "little") == _OLD_HEADER
    width, height = struct.unpack_from("<HH" if is_old else "<ll", content, _FILE_HEADER + 4)
    pixels_at = int.from_bytes(content[10:14], "little")
    return Anatomy(abs(width), abs(height), "bmp:header", flaw=CUT_OFF if pixels_at >= len(content) else "")


def cleaned(content: bytes) -> bytes:
    """Give it as it is."""
    return content
