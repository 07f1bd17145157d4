"""Archives are listed and unpacked within bounds, whatever they claim."""

import gzip
import random
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest

from sightline.extractors import Reading, registry
from sightline.extractors.reading import Unreadable
from tests.extractors.effort import effort

Read = Callable[[bytes], Reading]
LOG = b"2024-05-01 12:00:00 ERROR till is open\n" * 50
MB = 1024 * 1024


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(*files: tuple[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    return out.getvalue()


def unpacked(content: bytes, path: str) -> bytes:
    return b"".join(registry.part(BytesIO(content), path))


def read_cheaply(content: bytes) -> Reading:
    """Refuse more than a second of a usual machine, or 64 MiB; one after the other, since watching memory takes time."""
    assert effort(lambda: registry.read_file(BytesIO(content), "x")) < 60
    reading = registry.read_file(BytesIO(content), "x")
    tracemalloc.start()
    assert registry.read_file(BytesIO(content), "x") == reading
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 64 * MB
    return reading


FILES = [("logs/app.log", LOG), ("notes.txt", b"hello"), ("Grüße/файл.txt", b"x" * 300)]


@pytest.mark.parametrize(
    "content",
    [
        zipped(*FILES),
        zipped(*FILES, method=zipfile.ZIP_STORED),
        tarred(*FILES),
        tarred(*FILES, kind=tarfile.GNU_FORMAT),
        tarred(*FILES, kind=tarfile.USTAR_FORMAT),
        gzip.compress(tarred(*FILES)),
    ],
    ids=["zip", "stored", "pax", "gnu", "ustar", "tar.gz"],
)
def test_the_files_inside_are_parts_and_come_out_whole(read_bytes: Read, content: bytes) -> None:
    reading = read_bytes(content)
    assert (reading.kind, reading.problems) == ("archive", ())
    assert [(part.name, part.size) for part in reading.parts] == [(name, len(inside)) for name, inside in FILES]
    assert [unpacked(content, part.path) for part in reading.parts] == [inside for _, inside in FILES]
    assert [line.text for line in reading.text] == [name for name, _ in FILES]


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_in_tar_archives_are_put_together(read_bytes: Read, kind: int) -> None:
    name = "folder/" * 30 + "end.txt"
    reading = read_bytes(tarred((name, b"1"), ("after.txt", b"2"), kind=kind))
    assert [part.name for part in reading.parts] == [name, "after.txt"]


def test_one_packed_file_has_its_own_name(read_bytes: Read) -> None:
    out = BytesIO()
    with gzip.GzipFile("app.log", "wb", fileobj=out) as packed:
        packed.write(LOG)
    [part] = read_bytes(out.getvalue()).parts
    assert (part.name, part.size, unpacked(out.getvalue(), part.path)) == ("app.log", len(LOG), LOG)


def test_a_packed_file_of_very_many_members_is_refused() -> None:
    reading = read_cheaply(gzip.compress(b"a") * 500_000)
    assert reading.problems == ("The archive could not be unpacked: it has more than 10000 members.",)


def test_a_packed_file_of_many_members_or_of_packed_files_is_one_part(read_bytes: Read) -> None:
    inside = gzip.compress(b"a") * 10_000
    assert [part.size for part in read_bytes(inside).parts] == [10_000]
    assert [part.size for part in read_bytes(gzip.compress(inside * 2, 0)).parts] == [len(inside) * 2]


def test_a_packed_file_without_a_name_is_one_part(read_bytes: Read) -> None:
    content = gzip.compress(LOG)
    assert [(part.name, part.size) for part in read_bytes(content).parts] == [("unpacked", len(LOG))]


def test_folders_empty_files_and_what_file_managers_add_are_no_parts(read_bytes: Read) -> None:
    names = ["folder/", "__MACOSX/._a.txt", "folder/.DS_Store", "folder/Thumbs.db", "folder/a.txt"]
    content = zipped(*((name, b"x") for name in names if not name.endswith("/")), ("folder/", b""), ("empty", b""))
    assert [part.name for part in read_bytes(content).parts] == ["folder/a.txt"]


def test_names_that_hide_something_are_made_visible(read_bytes: Read) -> None:
    names = ["../../etc/passwd", "/abs", "C:\\x", "a\u202egpj.exe", "two\nlines", "bell\x07", "n" * 300 + ".log"]
    parts = read_bytes(zipped(*((name, b"1") for name in names))).parts
    shown = ["../../etc/passwd", "/abs", "C:\\x", "a\ufffdgpj.exe", "two\ufffdlines", "bell\ufffd"]
    assert [part.name for part in parts] == [*shown, "n" * 251 + ".log"]


def test_a_name_in_utf_8_that_does_not_say_so_is_read_as_utf_8(read_bytes: Read) -> None:
    content = zipped(("XXXXXX.txt", b"1")).replace(b"XXXXXX", "äöü".encode())
    assert read_bytes(content).parts[0].name == "äöü.txt"


def test_files_of_the_same_name_are_two_parts(read_bytes: Read) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("a.txt", b"one"), ("a.txt", b"two"))
    assert [unpacked(content, part.path) for part in read_bytes(content).parts] == [b"one", b"two"]


def test_locked_files_are_said_and_left_alone(read_bytes: Read) -> None:
    content = bytearray(zipped(("open.txt", b"1"), ("locked.txt", b"2")))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    reading = read_bytes(bytes(content))
    assert [part.name for part in reading.parts] == ["open.txt"]
    assert reading.problems == ("1 of the files in the archive cannot be read: locked with a password.",)
    with pytest.raises(Unreadable, match="locked with a password"):
        unpacked(bytes(content), "entry:2")


def test_a_part_with_a_wrong_checksum_is_not_taken_for_whole() -> None:
    content = bytearray(zipped(("a.txt", b"original"), method=zipfile.ZIP_STORED))
    content[content.index(b"original")] ^= 1
    with pytest.raises(Unreadable, match="damaged inside the archive"):
        unpacked(bytes(content), "entry:1")


@pytest.mark.parametrize("path", ["entry:2", "entry:0", "part:1", "", "../x"])
def test_a_part_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(Unreadable, match="not in the archive"):
        unpacked(zipped(("a.txt", b"1")), path)


def test_a_file_that_holds_no_files_has_no_parts() -> None:
    with pytest.raises(Unreadable, match="holds no other files"):
        unpacked(b"plain text", "entry:1")


def test_only_so_many_files_are_taken_out(read_bytes: Read) -> None:
    reading = read_bytes(zipped(*((f"{number}.txt", b"1") for number in range(130))))
    assert len(reading.parts) == 100
    assert reading.problems == ("The archive holds more than is unpacked: 30 of its files are not read.",)
    assert len(reading.text) == 130


@pytest.mark.parametrize(
    "content",
    [zipped(*FILES)[:-30], gzip.compress(LOG)[:-9], gzip.compress(tarred(*FILES))[:-40], b"PK\x03\x04x" * 9],
    ids=["zip", "gzip", "tar", "no entries"],
)
def test_a_damaged_archive_is_said(read_bytes: Read, content: bytes) -> None:
    reading = read_bytes(content)
    assert reading.kind == "archive"
    assert reading.problems[0].startswith("The archive could not be unpacked: it is damaged")


def test_archives_that_stay_packed_say_so(read_bytes: Read) -> None:
    reading = read_bytes(b"7z\xbc\xaf\x27\x1c\0\4" + bytes(100))
    assert (reading.kind, reading.parts) == ("archive", ())
    assert "7z are not unpacked" in reading.problems[0]


# ------------------------------------------------------------------------------------------------ bombs


def test_a_bomb_of_overlapping_entries_is_refused() -> None:
    """One kernel of zeros that every entry of the directory points to, as in Fifield's zip bomb."""
    kernel = zipped(("a", bytes(8 * MB)))
    record = kernel[kernel.index(b"PK\x01\x02") : kernel.index(b"PK\x05\x06")]
    start = kernel.index(b"PK\x01\x02")
    ending = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 4_000, 4_000, len(record) * 4_000, start, 0)
    content = kernel[:start] + record * 4_000 + ending
    reading = read_cheaply(content)
    assert reading.parts == ()
    assert reading.problems == ("The archive could not be unpacked: its entries overlap, as those of a zip bomb do.",)


def test_zeros_packed_a_thousandfold_are_refused() -> None:
    content = zipped(("zeros", bytes(40 * MB)), ("fine.txt", b"fine"))
    reading = read_cheaply(content)
    assert [part.name for part in reading.parts] == ["fine.txt"]
    assert reading.problems == ("1 of the files in the archive cannot be read: packed like a zip bomb.",)


def test_archives_in_archives_are_unpacked_one_at_a_time() -> None:
    content = zipped(("0", bytes(40 * MB)))
    for _ in range(5):
        content = zipped(*((f"lib {number}.zip", content) for number in range(16)))
    reading = read_cheaply(content)
    assert len(reading.parts) == 16


def test_an_entry_that_claims_less_than_it_holds_gives_no_more_than_it_claims() -> None:
    content = bytearray(zipped(("zeros", bytes(8 * MB))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.index(signature) + offset, 10)
    out = 0
    with pytest.raises(Unreadable):  # noqa: PT012 - how much came out before is the point
        for chunk in registry.part(BytesIO(bytes(content)), "entry:1"):
            out += len(chunk)
    assert out <= 10


def test_a_directory_of_a_million_files_is_refused() -> None:
    record = struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", *(0,) * 9, 1, *(0,) * 6) + b"a"
    count = 1_000_000
    ending = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 65535, 65535, len(record) * count, 30, 0)
    content = b"PK\x03\x04" + bytes(26) + record * count + ending
    reading = read_cheaply(content)
    assert "list of files is longer" in reading.problems[0]


def test_a_gzip_of_gigabytes_is_refused() -> None:
    reading = read_cheaply(gzip.compress(bytes(16 * MB)) * 800)
    assert reading.parts == ()
    assert reading.problems == ("The archive could not be unpacked: it unpacks to more than 128 MB.",)


def header(kind: bytes, size: bytes, name: bytes = b"a") -> bytes:
    return (name.ljust(100, b"\0") + bytes(24) + size.ljust(12, b"\0") + bytes(20) + kind).ljust(257, b"\0") + (
        b"ustar\x0000".ljust(255, b"\0")
    )


@pytest.mark.parametrize(
    "content",
    [
        header(b"x", b"%o" % (32 * MB)) + b"1" * (32 * MB),
        header(b"0", b"\x80" + b"\xff" * 11) + bytes(512),
        header(b"0", b"\xff" * 12) + bytes(512),
        header(b"0", b"-7777") + bytes(512),
        header(b"L", b"0") * 50_000,
        header(b"x", b"%o" % 12) + b"12 size=-99\n".ljust(512, b"\0") + header(b"0", b"0") * 2,
        gzip.compress(header(b"0", b"%o" % (8**11 - 1)) + bytes(64 * MB)),
    ],
    ids=["digits", "big", "negative", "minus", "names", "pax", "packed"],
)
def test_tar_headers_that_lie_cost_nothing(content: bytes) -> None:
    reading = read_cheaply(content)
    assert reading.kind == "archive"
    for part in reading.parts:
        with pytest.raises(Unreadable):
            unpacked(content, part.path)


def test_damaged_archives_always_give_a_reading() -> None:
    chance = random.Random(7)
    for whole in (zipped(*FILES), tarred(*FILES), gzip.compress(tarred(*FILES))):
        for _ in range(30):
            content = bytearray(whole)
            for _ in range(chance.randrange(1, 8)):
                content[chance.randrange(4, len(content))] = chance.randrange(256)
            read = registry.read_file(BytesIO(bytes(content)), "x")
            assert Reading.from_json(read.to_json()) == read
            for part in read.parts:
                with suppress(Unreadable):
                    unpacked(bytes(content), part.path)
