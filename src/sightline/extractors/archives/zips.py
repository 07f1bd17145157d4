"""Zip archives (APPNOTE.TXT), which office files are too."""

import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sightline.extractors.archives.bites import Bites
from sightline.extractors.parts import CHUNK
from sightline.extractors.reading import Unreadable

BROKEN: Final = (
    BadZipFile,
    ValueError,
    NotImplementedError,
    OSError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
_HEADER = 30
_LOCKED = 0x1
_NAMED_IN_UTF8 = 0x800
_BOMB_FROM = 16 * 1024 * 1024
_BOMB_RATIO = 250


def open_zip(file: BinaryIO) -> ZipFile:
    """Open an archive whose entries lie one behind the other; raises Unreadable."""
    try:
        archive = ZipFile(cast("BinaryIO", Bites(file)))
    except BROKEN as error:
        raise Unreadable("it is damaged") from error
    _refuse_overlapping(archive)
    return archive


def _refuse_overlapping(archive: ZipFile) -> None:
    starts = sorted((entry.header_offset, _HEADER + entry.compress_size) for entry in archive.infolist())
    ends = (archive.start_dir, 0)
    if any(start + length > after for (start, length), (after, _) in pairwise([*starts, ends])):
        raise Unreadable("its entries overlap, as those of a zip bomb do")


def obstacle(entry: ZipInfo) -> str:
    """Say why an entry is not unpacked, empty when it can be."""
    if entry.flag_bits & _LOCKED:
        return "locked with a password"
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "packed in an unusual way"
    if entry.file_size > _BOMB_FROM and entry.file_size > _BOMB_RATIO * entry.compress_size:
        return "packed like a zip bomb"
    return ""


def name_of(entry: ZipInfo) -> str:
    """Give the name; some programs write UTF-8 without saying so."""
    if entry.flag_bits & _NAMED_IN_UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename


def chunks(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """Unpack an entry; raises Unreadable, also in the middle and when the checksum at the end is wrong."""
    if obstacle(entry):
        raise Unreadable(f"is {obstacle(entry)}")
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(CHUNK):
                yield chunk
    except BROKEN as error:
        raise Unreadable("is damaged inside the archive") from error


def content(archive: ZipFile, name: str, most_bytes: int) -> bytes:
    """Unpack one entry by its name; empty when there is none; raises Unreadable."""
    if name not in archive.NameToInfo:
        return b""
    entry = archive.getinfo(name)
    if entry.file_size > most_bytes:
        raise Unreadable(f"its {name} is larger than {most_bytes // 1024 // 1024} MB")
    return b"".join(chunks(archive, entry))
