"""Gzip (RFC 1952): one packed file, which may be a tar archive."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import GzipFile
from typing import BinaryIO, Final, cast

from sightline.extractors.archives.bites import Bites
from sightline.extractors.parts import CHUNK
from sightline.extractors.reading import Unreadable

MOST_BYTES: Final = 128 * 1024 * 1024
_BROKEN = (OSError, EOFError, zlib.error)
_HAS_EXTRA, _HAS_NAME = 0x04, 0x08
_HEADER = 10


def unpacked(file: BinaryIO) -> Bites:
    """Open what is packed, up to 128 MB of it."""
    file.seek(0)
    return Bites(cast("BinaryIO", GzipFile(fileobj=file, mode="rb")), MOST_BYTES)


@contextmanager
def told() -> Iterator[None]:
    """Turn what the library raises about broken content into Unreadable."""
    try:
        yield
    except _BROKEN as error:
        raise Unreadable("it is damaged or cut off") from error


def name_of(head: bytes) -> str:
    """Give the name that the packed file had, empty when it is not told."""
    if len(head) < _HEADER + 2 or not head[3] & _HAS_NAME:
        return ""
    at = _HEADER + (2 + int.from_bytes(head[_HEADER : _HEADER + 2], "little") if head[3] & _HAS_EXTRA else 0)
    return head[at:].split(b"\0", 1)[0].decode("utf-8", "replace")


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Unpack; raises Unreadable."""
    packed = unpacked(file)
    with told():
        while chunk := packed.read(CHUNK):
            yield chunk
