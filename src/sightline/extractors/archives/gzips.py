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
_BEGIN = b"\x1f\x8b\x08"
_MOST_MEMBERS = 10_000
_WITH_HEADERS = 16 + zlib.MAX_WBITS


def unpacked(file: BinaryIO) -> Bites:
    """Open what is packed, up to 128 MB of it; raises Unreadable."""
    # Each member takes the library a while, even an empty one, and bytes that look like the begin of one are rare.
    if _begins(file) > _MOST_MEMBERS and _has_many_members(file):
        raise Unreadable(f"it has more than {_MOST_MEMBERS} members")
    file.seek(0)
    return Bites(cast("BinaryIO", GzipFile(fileobj=file, mode="rb")), MOST_BYTES)


def _begins(file: BinaryIO) -> int:
    """Count the places where a member may begin."""
    file.seek(0)
    count, before = 0, b""
    while chunk := file.read(CHUNK):
        count += (before + chunk).count(_BEGIN)
        before = chunk[1 - len(_BEGIN) :]
    return count


def _has_many_members(file: BinaryIO) -> bool:
    """Unpack until there are too many members, or more than is read of any file anyway."""
    file.seek(0)
    count = size = 0
    rest, member = b"", zlib.decompressobj(_WITH_HEADERS)
    while count <= _MOST_MEMBERS and size <= MOST_BYTES and (rest or (rest := file.read(CHUNK))):
        size += len(member.decompress(rest, CHUNK))
        rest = member.unconsumed_tail
        if member.eof:
            count += 1
            rest, member = member.unused_data.lstrip(b"\0"), zlib.decompressobj(_WITH_HEADERS)
    return count > _MOST_MEMBERS


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
    with told():
        packed = unpacked(file)
        while chunk := packed.read(CHUNK):
            yield chunk
