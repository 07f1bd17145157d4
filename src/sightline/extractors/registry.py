"""Which extractors there are, and how their readings of one file become one."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Protocol

from sightline.extractors import invoice_cii, pdf_text, plain_text, traces
from sightline.extractors.detection import detect
from sightline.extractors.reading import Fact, Reading
from sightline.extractors.source import HEAD_BYTES, Source


class Extractor(Protocol):
    """What a module offers to be one: a name and version for its facts, what it accepts and what it reads."""

    name: str
    version: int

    def accepts(self, media_type: str, head: bytes) -> bool:
        """Say whether a file of this type, beginning like this, is worth a look."""

    def extract(self, source: Source) -> Reading:
        """Read the file; what is broken or too much is said in `problems`, not raised."""


EXTRACTORS: tuple[Extractor, ...] = (
    invoice_cii,
    traces,
    pdf_text,
    plain_text,
)


def read(path: Path, name: str) -> Reading:
    """Read everything from a file; the surest fact of each name is kept, others become its alternatives."""
    with path.open("rb") as file:
        return read_file(file, name)


def read_file(file: BinaryIO, name: str) -> Reading:
    """Do what `read` does with a file that is open and can be read from anywhere."""
    head = file.read(HEAD_BYTES)
    media_type = detect(head, name)
    source = Source(file, head, media_type)
    return merge(
        media_type, [extractor.extract(source) for extractor in EXTRACTORS if extractor.accepts(media_type, head)]
    )


def merge(media_type: str, readings: list[Reading]) -> Reading:
    """Join readings of one file; the kind is that of the first extractor that knew one."""
    return Reading(
        kind=next((reading.kind for reading in readings if reading.kind), None),
        media_type=media_type,
        facts=tuple(_surest(fact for reading in readings for fact in reading.facts)),
        text=tuple(line for reading in readings for line in reading.text),
        problems=tuple(dict.fromkeys(problem for reading in readings for problem in reading.problems)),
    )


def _surest(facts: Iterable[Fact]) -> Iterable[Fact]:
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    for same in by_name.values():
        best, *others = sorted(same, key=lambda fact: -fact.confidence)
        yield best.also(*(reading for other in others for reading in (other.as_alternative(), *other.alternatives)))
