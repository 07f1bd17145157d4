"""TIFF 6.0: its first folders; metadata is blanked where it stands, since everything in the file is found by offset."""

from collections.abc import Iterator
from itertools import islice

from sightline.extractors.images.anatomy import CUT_OFF, Anatomy
from sightline.extractors.images.exif import EXIF_FOLDER, Entry, Tiff
from sightline.extractors.reading import Unreadable

_WIDTH, _HEIGHT = 0x0100, 0x0101
_GPS_FOLDER, _INTEROPERABILITY_FOLDER = 0x8825, 0xA005
_FOLDERS = {EXIF_FOLDER, _GPS_FOLDER, _INTEROPERABILITY_FOLDER}
# What is said about picture, camera and people: description, make, model, software, time, artist, computer, XMP,
# copyright, IPTC, Photoshop.
_ABOUT = {0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x02BC, 0x8298, 0x83BB, 0x8649} | _FOLDERS
# The place of a map (GeoTIFF) and what GDAL says of it, names and numbers of a camera (DNG), and all tags of Exif and
# Windows, where they stand among those of the picture itself.
_ABOUT |= {0x830E, 0x8480, 0x8482, 0x85D8, 0x87AF, 0x87B0, 0x87B1, 0xA480, 0xC614, 0xC615, 0xC62F, 0xC68B}
_ABOUT |= {0x829A, 0x829D, 0x8822, 0x8824, 0x8827, *range(0x9000, 0xA000), *range(0xA000, 0xA480)}
_MOST_PAGES = 1000


def look(content: bytes) -> Anatomy:
    """Read the size of the first page; the whole file is its Exif."""
    tiff = Tiff.of(content)
    numbers = tiff.numbers(tiff.first_folder) if tiff else {}
    if tiff is None or _WIDTH not in numbers or _HEIGHT not in numbers:
        return Anatomy(flaw=CUT_OFF)
    pages = sum(1 for _ in islice(_pages(tiff), _MOST_PAGES))
    return Anatomy(numbers[_WIDTH], numbers[_HEIGHT], "tiff:ImageWidth", pages, content)


def cleaned(content: bytes) -> bytes:
    """Overwrite metadata with zeros and take it out of the folders; raises Unreadable."""
    tiff = Tiff.of(content)
    if tiff is None:
        raise Unreadable(CUT_OFF)
    blanked = bytearray(content)
    for folder in _pages(tiff):
        about = [entry for entry in tiff.entries(folder) if entry.tag in _ABOUT]
        for entry in about:
            _blank(tiff, entry, blanked)
        _leave_out(tiff, folder, blanked)
    return bytes(blanked)


def _pages(tiff: Tiff) -> Iterator[int]:
    folder, seen = tiff.first_folder, set[int]()
    while tiff.count(folder) and folder not in seen:
        seen.add(folder)
        if len(seen) > _MOST_PAGES:
            raise Unreadable("The image is damaged: it has more pages than any image needs.")
        yield folder
        folder = tiff.next_folder(folder)


def _blank(tiff: Tiff, entry: Entry, blanked: bytearray) -> None:
    below = tiff.number(entry) if entry.tag in _FOLDERS else None
    for inner in tiff.entries(below) if below else ():
        if inner.tag == _INTEROPERABILITY_FOLDER and entry.tag == EXIF_FOLDER:
            _blank(tiff, inner, blanked)
        blanked[inner.start : inner.end] = bytes(inner.end - inner.start)
    if below:
        end = below + 2 + 12 * tiff.count(below)
        blanked[below:end] = bytes(end - below)
    blanked[entry.start : entry.end] = bytes(entry.end - entry.start)


def _leave_out(tiff: Tiff, folder: int, blanked: bytearray) -> None:
    """Close the gaps that the metadata leaves in a folder; what follows the last entry moves up."""
    count = tiff.count(folder)
    places = range(folder + 2, folder + 2 + 12 * count, 12)
    kept = [blanked[at : at + 12] for at in places if tiff.tag(at) not in _ABOUT]
    end = folder + 2 + 12 * count + 4
    written = len(kept).to_bytes(2, tiff.byte_order) + b"".join(kept) + tiff.content[end - 4 : end]
    blanked[folder : folder + len(written)] = written
    blanked[folder + len(written) : end] = bytes(max(0, end - folder - len(written)))
