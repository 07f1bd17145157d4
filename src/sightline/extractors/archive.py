"""Archives: the files inside are read like files of their own."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from sightline.extractors import plain_text
from sightline.extractors.archives import gzips, tars, zips
from sightline.extractors.archives.bites import Bites
from sightline.extractors.parts import CHUNK, printable, taken
from sightline.extractors.reading import Part, Reading, TextLine, Unreadable
from sightline.extractors.source import Source

name = "archive"
version = 1

_ENTRY = "entry:"
_OTHERS = {
    "application/x-7z-compressed": "7z",
    "application/x-rar-compressed": "rar",
    "application/vnd.rar": "rar",
    "application/x-bzip2": "bzip2",
    "application/x-xz": "xz",
}
# What file managers add to an archive about its files.
_ADDED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class _Entry(NamedTuple):
    """A file in the archive, why it cannot be unpacked (empty when it can), and how to do it."""

    part: Part
    obstacle: str
    unpack: Callable[[], Iterator[bytes]]


def accepts(media_type: str, head: bytes) -> bool:
    """Take zip, tar and gzip; of other archives it is said that they stay packed."""
    del head
    return media_type in _KINDS or media_type in _OTHERS


def extract(source: Source) -> Reading:
    """Give the files inside as `parts`, at most 100 of them and 512 MB unpacked, and all their names as text.

    An archive that is made to swell (overlapping entries, thousandfold packing) or is damaged is not unpacked at all or
    without the entries concerned, and says so.
    """
    if source.media_type in _OTHERS:
        told = f"Archives of the kind {_OTHERS[source.media_type]} are not unpacked; zip, tar and gzip are."
        return Reading(kind="archive", problems=(told,))
    found: list[_Entry] = []
    problems: list[str] = []
    try:
        found.extend(_KINDS[source.media_type](source))
    except Unreadable as reason:
        problems.append(f"The archive could not be unpacked: {reason}.")
    chosen, left_out = taken(_wanted(found), "archive")
    problems += [*_obstacles(found), *left_out]
    return Reading(kind="archive", text=_listing(found), problems=tuple(problems), parts=tuple(chosen))


def part(source: Source, path: str) -> Iterator[bytes]:
    """Unpack the entry with this path."""
    for entry in _KINDS.get(source.media_type, _nothing)(source):
        if entry.part.path == path:
            with gzips.told():
                yield from entry.unpack()
            return
    raise Unreadable("is not in the archive")


def _nothing(source: Source) -> Iterator[_Entry]:
    del source
    return iter(())


def _wanted(found: list[_Entry]) -> Iterator[Part]:
    return (one.part for one in found if not one.obstacle and one.part.size and not _is_added(one.part.name))


def _is_added(path: str) -> bool:
    return path.startswith(_ADDED[0]) or path.rpartition("/")[2] in _ADDED


def _obstacles(found: Iterable[_Entry]) -> Iterator[str]:
    for obstacle, count in Counter(one.obstacle for one in found if one.obstacle).items():
        yield f"{count} of the files in the archive cannot be read: {obstacle}."


def _listing(found: list[_Entry]) -> tuple[TextLine, ...]:
    names = (printable(one.part.name) for one in found[: plain_text.MOST_LINES])
    return tuple(TextLine(number, listed) for number, listed in enumerate(names, start=1) if listed.strip())


def _in_zip(source: Source) -> Iterator[_Entry]:
    archive = zips.open_zip(source.file)
    for number, entry in enumerate(archive.infolist(), start=1):
        if not entry.filename.endswith("/"):
            found = Part(zips.name_of(entry), f"{_ENTRY}{number}", entry.file_size)
            yield _Entry(found, zips.obstacle(entry), partial(zips.chunks, archive, entry))


def _in_tar(source: Source) -> Iterator[_Entry]:
    return _tarred(Bites(source.file))


def _tarred(file: Bites) -> Iterator[_Entry]:
    for member in tars.members(file):
        found = Part(member.name, f"{_ENTRY}{member.number}", member.size)
        yield _Entry(found, "", partial(tars.chunks, file, member))


def _in_gzip(source: Source) -> Iterator[_Entry]:
    with gzips.told():
        begins = gzips.unpacked(source.file).read(CHUNK)
        if tars.is_tar(begins):
            yield from _tarred(gzips.unpacked(source.file))
            return
    size = sum(map(len, gzips.chunks(source.file)))
    found = Part(gzips.name_of(source.head) or "unpacked", f"{_ENTRY}1", size)
    yield _Entry(found, "", partial(gzips.chunks, source.file))


_KINDS: dict[str, Callable[[Source], Iterator[_Entry]]] = {
    "application/zip": _in_zip,
    "application/x-tar": _in_tar,
    "application/gzip": _in_gzip,
    "application/x-gzip": _in_gzip,
}
