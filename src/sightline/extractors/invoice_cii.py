"""Invoices in CII XML, bare or embedded in a PDF (XRechnung, Factur-X, ZUGFeRD)."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sightline.extractors.cii import Invoice, Term, is_cii, read_invoice
from sightline.extractors.hardened_xml import local_name, parse
from sightline.extractors.printed import spellings
from sightline.extractors.reading import Fact, Locator, Reading, Unreadable
from sightline.extractors.source import Source

if TYPE_CHECKING:
    from sightline.extractors.pdf import Pdf

name = "invoice_cii"
version = 1

_NAMES = {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}
_XML_BEGINS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")
_STATED = 1.0


@dataclass(frozen=True, slots=True)
class _Embedded:
    """An XML file inside a PDF; one with the name of an invoice is expected to be one."""

    name: str
    content: bytes

    @property
    def is_announced(self) -> bool:
        return self.name.lower() in _NAMES


def accepts(media_type: str, head: bytes) -> bool:
    """Take XML, and PDF files that may have it embedded."""
    del head
    return media_type in {"application/xml", "application/pdf"}


def extract(source: Source) -> Reading:
    """Give the `invoice.` facts (see `cii.read_invoice`), all with confidence 1: the sender's program stated them.

    Locators hold the path in the XML; inside a PDF also page and box of the printed value when that is one place.
    """
    return _from_pdf(source) if source.media_type == "application/pdf" else _from_xml(source)


def _from_xml(source: Source) -> Reading:
    try:
        root = parse(source.content)
    except Unreadable as reason:
        return Reading(problems=(f"The XML could not be read: {reason}.",))
    return _reading(read_invoice(root), None, "") if is_cii(root) else Reading()


def _from_pdf(source: Source) -> Reading:
    with suppress(Unreadable):
        readings = [_from_embedded(source.pdf, file) for file in _xml_files(source.pdf)]
        return Reading(
            kind="invoice" if any(reading.kind for reading in readings) else None,
            facts=tuple(fact for reading in readings for fact in reading.facts),
            problems=tuple(problem for reading in readings for problem in reading.problems),
        )
    return Reading()


def _xml_files(pdf: "Pdf") -> Iterator[_Embedded]:
    files = [_Embedded(*file) for file in pdf.embedded_files()]
    yield from (file for file in files if file.is_announced)
    yield from (file for file in files if not file.is_announced and file.content.lstrip()[:4].startswith(_XML_BEGINS))


def _from_embedded(pdf: "Pdf", file: _Embedded) -> Reading:
    try:
        root = parse(file.content)
    except Unreadable as reason:
        told = f"{file.name} inside the PDF could not be read: {reason}."
        return Reading(problems=(told,) if file.is_announced or b"CrossIndustry" in file.content else ())
    if is_cii(root):
        return _reading(read_invoice(root), pdf, f"{file.name}:")
    told = f"{file.name} inside the PDF is no CII invoice: its root element is {local_name(root)[:60]}."
    return Reading(problems=(told,) if file.is_announced else ())


def _reading(invoice: Invoice, pdf: "Pdf | None", inside: str) -> Reading:
    facts = [_fact(term, pdf, inside) for term in invoice.terms]
    return Reading(kind="invoice", facts=tuple(facts), problems=tuple(invoice.problems))


def _fact(term: Term, pdf: "Pdf | None", inside: str) -> Fact:
    printed = _printed(term, pdf) if pdf else None
    locator = replace(printed or Locator(), path=inside + term.path)
    return Fact(term.name, term.type, term.value, locator, _STATED, name, version)


def _printed(term: Term, pdf: "Pdf") -> Locator | None:
    with suppress(Unreadable):
        looks = spellings(term.name, term.type, term.value)
        return pdf.place(looks) if looks else None
    return None
