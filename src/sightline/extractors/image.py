"""Images: their size, when and with what they were taken, and the copy without the place."""

from datetime import datetime, timedelta, timezone

from sightline.extractors.decoding import clean
from sightline.extractors.images import FORMATS
from sightline.extractors.images.anatomy import Anatomy
from sightline.extractors.images.exif import texts
from sightline.extractors.picture import MOST_PICTURES, MOST_PIXELS
from sightline.extractors.reading import Fact, FactType, Locator, Reading
from sightline.extractors.source import Source

name = "image"
version = 2

_STATED = 1.0
_WITHOUT_OFFSET = 0.8
_TIMES = (("DateTimeOriginal", "OffsetTimeOriginal"), ("DateTimeDigitized", "OffsetTimeDigitized"))
_LEAST_SIDE = 32  # pixels; what is smaller is an icon
_LONGEST_OFFSET = timedelta(hours=16)


def accepts(media_type: str, head: bytes) -> bool:
    """Take PNG, JPEG, WebP, GIF, TIFF and BMP."""
    del head
    return media_type in FORMATS


def extract(source: Source) -> Reading:
    """Give `image.width, .height` (number, pixels as stored), `.taken_at` (datetime) and `.device` (text).

    Time and device are those of the Exif data; a time without offset from UTC is local to the camera (confidence 0.8).
    Where a picture was taken is never a fact. Nothing is decoded, so a picture may be as large as it likes.
    """
    seen: Anatomy = FORMATS[source.media_type].look(source.content)
    facts = [*_size(seen), *_taken(seen)]
    shows = min(seen.width, seen.height) >= _LEAST_SIDE and seen.width * seen.height <= MOST_PIXELS
    pictures = range(1, min(seen.pages, MOST_PICTURES) + 1) if shows else ()
    return Reading(kind="image", facts=tuple(facts), problems=tuple(_problems(seen)), pictures=tuple(pictures))


def served_copy(source: Source) -> bytes | None:
    """Give the image without place, camera, times, comments and previews, its pixels byte for byte the same.

    What turns it the right way and its colour profile stay. None when there is nothing to leave out. Raises Unreadable
    when the file is damaged, so that it cannot be said what is in it.
    """
    cleaned: bytes = FORMATS[source.media_type].cleaned(source.content)
    return None if cleaned == source.content else cleaned


def _size(seen: Anatomy) -> list[Fact]:
    sides = (("image.width", seen.width), ("image.height", seen.height))
    return [_fact(side, "number", str(pixels), seen.size_path, _STATED) for side, pixels in sides if pixels]


def _problems(seen: Anatomy) -> list[str]:
    problems = [seen.flaw] if seen.flaw else []
    if seen.width * seen.height > MOST_PIXELS:
        problems.append(f"The image has more than {MOST_PIXELS // 1_000_000} million pixels: it is not shown.")
    return problems


def _taken(seen: Anatomy) -> list[Fact]:
    said = {tag: clean(text) for tag, text in texts(seen.exif).items()}
    device = _device(said.get("Make", ""), said.get("Model", ""))
    facts = [_fact("image.device", "text", device, "exif:Model" if said.get("Model") else "exif:Make", _STATED)]
    for tag, offset_tag in _TIMES:
        taken = _moment(said.get(tag, ""), said.get(offset_tag, ""))
        if taken:
            sure = _STATED if taken.tzinfo else _WITHOUT_OFFSET
            facts.append(_fact("image.taken_at", "datetime", taken.isoformat(), f"exif:{tag}", sure))
            break
    return facts if device else facts[1:]


def _device(make: str, model: str) -> str:
    """Join the two without saying the maker twice: `NIKON CORPORATION` and `NIKON D850` are a `NIKON D850`."""
    first = make.split(maxsplit=1)[0].casefold() if make else ""
    return model if model and first and model.casefold().startswith(first) else f"{make} {model}".strip()


def _moment(stated: str, offset: str) -> datetime | None:
    try:
        local = datetime.strptime(stated, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone is in a field of its own
    except ValueError:
        return None
    zone = _zone(offset)
    return local.replace(tzinfo=zone) if zone else local


def _zone(offset: str) -> timezone | None:
    try:
        away = datetime.strptime(offset, "%z").utcoffset()
    except ValueError:
        return None
    return timezone(away) if away is not None and abs(away) <= _LONGEST_OFFSET else None


def _fact(fact_name: str, fact_type: FactType, value: str, path: str, confidence: float) -> Fact:
    return Fact(fact_name, fact_type, value, Locator(path=path), confidence, name, version)
