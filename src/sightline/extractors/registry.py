"""Which extractors there are, and how their readings of one file become one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable

from sightline.extractors.decoding import clean
from sightline.extractors.detection import detect
from sightline.extractors.discretion import holds_har, is_har, is_picture
from sightline.extractors.reading import Fact, Reading, Unreadable
from sightline.extractors.source import HEAD_BYTES, Source

_NOT_TOLD = "The file holds a HAR whose secrets cannot be masked: only admins may see it, and its text is not kept."


class Extractor(Protocol):
    """What a module offers to be one: a name and version for its facts, what it accepts and what it reads."""

    name: str
    version: int

    def accepts(self, media_type: str, head: bytes) -> bool:
        """Say whether a file of this type, beginning like this, is worth a look."""

    def extract(self, source: Source) -> Reading:
        """Read the file; what is broken or too much is said in `problems`, not raised."""


@runtime_checkable
class Unpacks(Protocol):
    """What an extractor offers besides when there are files inside the files that it reads."""

    def part(self, source: Source, path: str) -> Iterator[bytes]:
        """Give the bytes of the part with this path, in chunks of at most 256 KB; raises Unreadable."""


@runtime_checkable
class Withholds(Protocol):
    """What an extractor offers besides when its files say more than everyone may know."""

    def served_copy(self, source: Source) -> bytes | None:
        """Give the file without that, None when there is nothing to leave out; raises Unreadable."""


# The modules of this package that are extractors, in their order, with how the media types begin that they look at:
# loading those that a file does not need would take longer than reading most files.
EXTRACTORS: dict[str, tuple[str, ...]] = {
    "invoice_xml": ("application/xml", "application/pdf", "application/pkcs7-mime"),
    "test_report": ("application/xml", "text/plain"),
    "sarif": ("application/json",),
    "har": ("application/json", "text/"),
    "mail": ("message/", "application/vnd.ms-outlook", "application/x-ole-storage"),
    "archive": ("application/zip", "application/x-", "application/gzip", "application/vnd.rar"),
    "image": ("image/",),
    "table": ("text/plain", "application/vnd."),
    "traces": ("text/", "application/json", "message/rfc822"),
    "invoice_printed": ("application/pdf",),
    "log": ("text/plain", "application/json"),
    "document": ("application/vnd.",),
    "web_page": ("text/html", "application/xhtml+xml"),
    "pdf_text": ("application/pdf",),
    "plain_text": ("text/", "application/json", "application/xml"),
}


def read(path: Path, name: str) -> Reading:
    """Read everything from a file; the surest fact of each name is kept, others become its alternatives."""
    with path.open("rb") as file:
        return read_file(file, name)


def read_file(file: BinaryIO, name: str) -> Reading:
    """Do what `read` does with a file that is open and can be read from anywhere."""
    source = _source(file, name)
    if not is_har(source):
        return _discreet(_read(source))
    # The files in a mail, of which the HAR may be one, are read for themselves.
    reading = _discreet(_read(source)) if source.media_type.startswith("message/") else _read_masked(source)
    return replace(reading, is_recording=True)


def _read_masked(source: Source) -> Reading:
    from sightline.extractors.masking import without_secrets

    try:
        return replace(_read(without_secrets(source)), media_type=source.media_type)
    except Unreadable as reason:
        told = f"The HAR was not read, and only admins may see it: its secrets cannot be masked, because {reason}."
        return Reading(kind="network", media_type=source.media_type, problems=(told,))


def _discreet(reading: Reading) -> Reading:
    """Leave out what was read from a file whose words are a HAR; the files inside it stay."""
    if not holds_har(f"{line.text}\n".encode("utf-8", "replace") for line in reading.text):
        return reading
    problems = (*reading.problems, _NOT_TOLD)
    return replace(reading, facts=(), text=(), pictures=(), problems=problems, is_recording=True)


def _read(source: Source) -> Reading:
    readings = []
    for extractor in _accepting(source):
        readings.append(extractor.extract(source))
        source.kind = source.kind or readings[-1].kind
    return merge(source.media_type, readings)


def part(file: BinaryIO, path: str) -> Iterator[bytes]:
    """Give the bytes of one file inside the file; raises Unreadable, also in the middle."""
    source = _source(file, "")
    for extractor in _accepting(source):
        if isinstance(extractor, Unpacks):
            return extractor.part(source, path)
    raise Unreadable("holds no other files")


def served_copy(file: BinaryIO) -> bytes | None:
    """Give the copy to serve in place of the file; None when the file itself may be served; raises Unreadable."""
    source = _source(file, "")
    if is_har(source):
        from sightline.extractors import masking

        return masking.served_copy(source)
    if is_picture(source.media_type):
        _must_be_known(source.media_type)
    copies = (extractor.served_copy(source) for extractor in _accepting(source) if isinstance(extractor, Withholds))
    return next((copy for copy in copies if copy is not None), None)


def _must_be_known(media_type: str) -> None:
    from sightline.extractors.images import FORMATS

    if media_type not in FORMATS:
        raise Unreadable("where a picture of this kind keeps its place is not known")


def _source(file: BinaryIO, name: str) -> Source:
    head = file.read(HEAD_BYTES)
    return Source(file, head, detect(head, name))


def _accepting(source: Source) -> Iterator[Extractor]:
    for name, types in EXTRACTORS.items():
        if source.media_type.startswith(types):
            extractor: Any = import_module(f"sightline.extractors.{name}")
            if extractor.accepts(source.media_type, source.head):
                yield extractor


def merge(media_type: str, readings: list[Reading]) -> Reading:
    """Join readings of one file; the kind is that of the first extractor that knew one."""
    return Reading(
        kind=next((reading.kind for reading in readings if reading.kind), None),
        media_type=media_type,
        facts=tuple(_surest(fact for reading in readings for fact in reading.facts)),
        text=tuple(line for reading in readings for line in reading.text),
        problems=tuple(dict.fromkeys(clean(problem) for reading in readings for problem in reading.problems)),
        parts=tuple(part for reading in readings for part in reading.parts),
        pictures=tuple(page for reading in readings for page in reading.pictures),
        is_recording=any(reading.is_recording for reading in readings),
    )


def _surest(facts: Iterable[Fact]) -> Iterable[Fact]:
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    for same in by_name.values():
        best, *others = sorted(same, key=lambda fact: -fact.confidence)
        yield best.also(*(reading for other in others for reading in (other.as_alternative(), *other.alternatives)))
