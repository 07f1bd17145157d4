"""GIF (89a specification) in its blocks."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from sightline.extractors.images.anatomy import CUT_OFF, Anatomy
from sightline.extractors.reading import Unreadable

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_APPLICATION, _COMMENT = 0xFF, 0xFE
_HEADER = 13
_HAS_COLOURS = 0x80
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_MOST_PIECES = 2_000_000


class _Block(NamedTuple):
    """A block of the file: its kind (of an extension the label), where it begins and ends."""

    kind: int
    start: int
    end: int


def _colours(flags: int) -> int:
    return 3 * 2 ** (1 + (flags & 7)) if flags & _HAS_COLOURS else 0


def _blocks(content: bytes) -> Iterator[_Block]:
    """Give the blocks between the header and the trailer; raises Unreadable."""
    at, pieces = _HEADER + _colours(content[10]), _MOST_PIECES
    while content[at : at + 1] != bytes([_TRAILER]):
        start = at
        kind, at = _inside(content, at)
        while at < len(content) and content[at] and pieces:
            at, pieces = at + 1 + content[at], pieces - 1
        if at >= len(content):
            raise Unreadable(CUT_OFF)
        if not pieces:
            raise Unreadable("The image is damaged: it has more parts than any image needs.")
        at += 1
        yield _Block(kind, start, at)


def _inside(content: bytes, at: int) -> tuple[int, int]:
    """Give the kind of the block that begins here and where its pieces begin."""
    if content[at : at + 1] == bytes([_EXTENSION]) and at + 1 < len(content):
        return content[at + 1], at + 2
    if content[at : at + 1] == bytes([_IMAGE]) and at + 10 < len(content):
        return _IMAGE, at + 11 + _colours(content[at + 9])
    raise Unreadable(CUT_OFF if at >= len(content) - 10 else "The image is damaged: its parts do not join.")


def look(content: bytes) -> Anatomy:
    """Read the size of the screen that the frames are drawn on, and whether the end is there."""
    if len(content) < _HEADER:
        return Anatomy(flaw=CUT_OFF)
    width, height = (int.from_bytes(content[at : at + 2], "little") for at in (6, 8))
    is_whole = content.rstrip(b"\0").endswith(bytes([_TRAILER]))
    return Anatomy(width, height, "gif:screen", flaw="" if is_whole or not _is_cut(content) else CUT_OFF)


def _is_cut(content: bytes) -> bool:
    try:
        deque(_blocks(content), maxlen=0)
    except Unreadable:
        return True
    return False


def cleaned(content: bytes) -> bytes:
    """Leave out comments and what programs added (XMP), and all after the end; raises Unreadable."""
    if len(content) < _HEADER:
        raise Unreadable(CUT_OFF)
    kept = [content[block.start : block.end] for block in _blocks(content) if _is_needed(content, block)]
    return b"".join([content[: _HEADER + _colours(content[10])], *kept, bytes([_TRAILER])])


def _is_needed(content: bytes, block: _Block) -> bool:
    if block.kind == _APPLICATION:
        return content.startswith(_LOOPS, block.start + 3)
    return block.kind != _COMMENT
