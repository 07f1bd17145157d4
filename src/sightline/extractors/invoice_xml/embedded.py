"""Which of the files inside a PDF are invoices in XML, or were meant to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sightline.extractors.pdf import Pdf

_NAMES = {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}
_XML_BEGINS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe<", b"\xfe\xff\0<", b"\0<")
_MARKS = (b"CrossIndustry", b"FatturaElettronica", b"names:specification:ubl:")


@dataclass(frozen=True, slots=True)
class Embedded:
    """An XML file inside a PDF."""

    name: str
    content: bytes

    @property
    def is_announced(self) -> bool:
        """Say whether its name promises an invoice."""
        return self.name.rpartition("/")[2].lower() in _NAMES

    @property
    def is_expected(self) -> bool:
        """Say whether people should hear why it is no invoice that can be read."""
        return self.is_announced or any(mark in self.content for mark in _MARKS)


def begins_like_xml(content: bytes) -> bool:
    """Say whether this can be XML, in any of the encodings that it comes in."""
    return content.lstrip()[:4].startswith(_XML_BEGINS)


def xml_files(pdf: "Pdf") -> Iterator[Embedded]:
    """Give the XML files in a PDF, those with the name of an invoice first."""
    files = [Embedded(*file) for file in pdf.embedded_files()]
    yield from (file for file in files if file.is_announced)
    yield from (file for file in files if not file.is_announced and begins_like_xml(file.content))
