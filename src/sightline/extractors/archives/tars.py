"""Tar archives (POSIX.1-2017 pax, ustar and GNU), read header by header.

Not by the standard library: in some of the Python versions that we run on, its tarfile can be kept busy for hours by a
small file (CVE-2024-6232, CVE-2025-8194).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sightline.extractors.archives.bites import Bites
from sightline.extractors.parts import CHUNK
from sightline.extractors.reading import Unreadable

_BLOCK: Final = 512
_MOST_MEMBERS = 10_000
_LARGEST = 2**48
_LONGEST_EXTENSION = 64 * 1024
_MAGIC, _MAGIC_AT = b"ustar", 257
_PREFIX_AT, _PREFIX_END = 345, 500
_FILES, _GNU_NAME, _PAX, _PAX_FOR_ALL = (b"0", b"\0", b"7"), b"L", b"x", b"g"
_DAMAGED = "it is damaged or cut off"


class Member(NamedTuple):
    """An ordinary file: its number among all entries, from 1, its name, where its content begins, and its size."""

    number: int
    name: str
    start: int
    size: int


def is_tar(head: bytes) -> bool:
    """Say whether a file that begins like this is a tar archive."""
    return head.startswith(_MAGIC, _MAGIC_AT)


def members(file: Bites) -> Iterator[Member]:
    """Give the ordinary files; raises Unreadable, also in the middle."""
    at, said = 0, dict[str, str]()
    for number in range(1, _MOST_MEMBERS + 1):
        header = _read(file, at, _BLOCK)
        if not header.strip(b"\0"):
            return
        kind, size = header[156:157], _number(header[124:136])
        if kind in {_GNU_NAME, _PAX}:
            said |= _extension(kind, _read(file, at + _BLOCK, min(size, _LONGEST_EXTENSION)))
        else:
            size = int(said.get("size", size))
            if kind in _FILES:
                yield Member(number, said.get("path") or _name(header), at + _BLOCK, size)
            said = said if kind == _PAX_FOR_ALL else {}
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
    raise Unreadable(f"it has more than {_MOST_MEMBERS} entries")


def _read(file: Bites, at: int, size: int) -> bytes:
    """Read all of that; the end of the file is an empty header, as some programs leave out the closing one."""
    file.seek(at)
    read = file.read(size)
    if read and len(read) < size:
        raise Unreadable(_DAMAGED)
    return read


def _number(field: bytes) -> int:
    """Read a size: octal digits, or of GNU a big number marked by its first bit."""
    try:
        size = int.from_bytes(field[1:], "big") if field[0] & 0x80 else int(field.strip(b"\0 ") or b"0", 8)
    except ValueError:
        size = -1
    if not 0 <= size <= _LARGEST:
        raise Unreadable(_DAMAGED)
    return size


def _name(header: bytes) -> str:
    prefix = header[_PREFIX_AT:_PREFIX_END].split(b"\0", 1)[0] if header[257:263] == b"ustar\0" else b""
    joined = b"/".join(filter(None, (prefix, header[:100].split(b"\0", 1)[0])))
    return joined.decode("utf-8", "replace")


def _extension(kind: bytes, content: bytes) -> dict[str, str]:
    if kind == _GNU_NAME:
        return {"path": content.split(b"\0", 1)[0].decode("utf-8", "replace")}
    return {key: value for key, value in _records(content) if key == "path" or (key == "size" and _is_size(value))}


def _is_size(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value[:20]) <= _LARGEST


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    r"""Give keys and values of pax records: `LENGTH KEY=VALUE\n`, the length that of the whole record."""
    at = 0
    while at < len(content):
        length, _, _ = content[at : at + 8].partition(b" ")
        if not length.isdigit() or int(length) <= len(length):
            return
        key, _, value = content[at + len(length) + 1 : at + int(length) - 1].decode("utf-8", "replace").partition("=")
        yield key, value
        at += int(length)


def chunks(file: Bites, member: Member) -> Iterator[bytes]:
    """Unpack a member; raises Unreadable."""
    file.seek(member.start)
    left = member.size
    while left:
        chunk = file.read(min(left, CHUNK))
        if not chunk:
            raise Unreadable("is cut off")
        left -= len(chunk)
        yield chunk
