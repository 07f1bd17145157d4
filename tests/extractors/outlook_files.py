"""Mail as Outlook stores it, written for tests: compound files after MS-CFB, mail in them after MS-OXMSG."""

import struct
from datetime import datetime
from typing import Any

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_EPOCH = 116_444_736_000_000_000  # of 1970 in tenths of microseconds since 1601

type_of_text, type_of_bytes, type_of_time, type_of_number = 0x001F, 0x0102, 0x0040, 0x0003


def compound(tree: dict[str, Any]) -> bytes:
    """Write streams (bytes) and storages (dicts of them) as one file of version 3."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": _ROOT, "child": _FREE, "right": _FREE, "data": b""}]
    _add(entries, 0, tree)
    small = b""
    small_chain: list[int] = []
    large: list[tuple[dict[str, Any], bytes]] = []
    for entry in entries[1:]:
        if entry["kind"] == _STREAM and len(entry["data"]) < _CUTOFF:
            entry["start"] = len(small) // _SMALL if entry["data"] else _END
            count = -(-len(entry["data"]) // _SMALL)
            small_chain += [*range(len(small_chain) + 1, len(small_chain) + count), _END] if count else []
            small += entry["data"].ljust(count * _SMALL, b"\0")
        elif entry["kind"] == _STREAM:
            large.append((entry, entry["data"]))
    entries[0] |= {"data": small, "kind": _ROOT}
    large.insert(0, (entries[0], small))
    mini_fat = struct.pack(f"<{len(small_chain)}I", *small_chain)
    pieces = [b"".join(map(_entry, entries)), mini_fat, *(data for _, data in large)]
    sizes = [-(-len(piece) // _SECTOR) for piece in pieces]
    fat_sectors = -(-(sum(sizes) + 2) // (_SECTOR // 4 - 1))
    starts, at = [], fat_sectors
    for size in sizes:
        starts.append(at if size else _END)
        at += size
    for (entry, _), start in zip(large, starts[2:], strict=True):
        entry["start"] = start
    pieces[0] = b"".join(map(_entry, entries))
    fat = [_OF_FAT] * fat_sectors
    for size, start in zip(sizes, starts, strict=True):
        fat += [*range(start + 1, start + size), _END] if size else []
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16x5H6x9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0),
        *(fat_sectors, starts[0], 0, _CUTOFF, starts[1], sizes[1], _END, 0),
    )
    header += struct.pack("<109I", *range(fat_sectors), *[_FREE] * (109 - fat_sectors))
    body = b"".join(piece.ljust(size * _SECTOR, b"\0") for piece, size in zip(pieces, sizes, strict=True))
    return header + table + body


def _add(entries: list[dict[str, Any]], parent: int, tree: dict[str, Any]) -> None:
    """Add the members of a storage, each right of the one before: the simplest of all ordered trees."""
    before = None
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        number = len(entries)
        is_stream = isinstance(tree[name], bytes)
        entry = {"name": name, "kind": _STREAM if is_stream else _STORAGE, "child": _FREE, "right": _FREE, "start": 0}
        entries.append(entry | {"data": tree[name] if is_stream else b""})
        entries[parent if before is None else before]["child" if before is None else "right"] = number
        before = number
        if not is_stream:
            _add(entries, number, tree[name])


def _entry(entry: dict[str, Any]) -> bytes:
    name = entry["name"].encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBB3I16x4x8x8xIQ",
        *(name, len(name), entry["kind"], 1, _FREE, entry["right"], entry["child"]),
        *(entry.get("start", _END), len(entry["data"])),
    )


def _with_properties(head: bytes, said: dict[int, Any]) -> dict[str, Any]:
    """Give the streams of an object's properties: texts, bytes, days and whole numbers."""
    listed, streams = head, {}
    for number, value in said.items():
        if isinstance(value, str | bytes):
            kind = type_of_text if isinstance(value, str) else type_of_bytes
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = data
            # The length of a text counts the zero at its end, which its stream does not have.
            held = struct.pack("<II", len(data) + 2 * isinstance(value, str), 0)
        elif isinstance(value, datetime):
            kind, held = type_of_time, struct.pack("<Q", int(value.timestamp() * 10_000_000) + _EPOCH)
        else:
            kind, held = type_of_number, struct.pack("<Ii", value, 0)
        listed += struct.pack("<HHI8s", kind, number, 6, held)
    return streams | {"__properties_version1.0": listed}


def mail(said: dict[int, Any], people: list[dict[int, Any]], files: list[dict[int, Any]]) -> bytes:
    """Write a mail: its properties, those of its recipients and of its attachments, by their numbers."""
    head = struct.pack("<8x4I8x", len(people), len(files), len(people), len(files))
    tree = _with_properties(head, said)
    tree["__nameid_version1.0"] = {f"__substg1.0_000{number}0102": b"" for number in (2, 3, 4)}
    for kind, members in (("recip", people), ("attach", files)):
        for number, one in enumerate(members):
            tree[f"__{kind}_version1.0_#{number:08X}"] = _with_properties(bytes(8), one)
    return compound(tree)
