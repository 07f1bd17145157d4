"""Invoices in XML, bare, signed or embedded in a PDF: Factur-X, ZUGFeRD, XRechnung, UBL and Peppol, FatturaPA."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sightline.extractors.decoding import lines_of
from sightline.extractors.hardened_xml import local_name, parse
from sightline.extractors.invoice_xml.cms import content_of
from sightline.extractors.invoice_xml.documents import attached, invoices, is_meant, told_apart
from sightline.extractors.invoice_xml.embedded import Embedded, begins_like_xml, xml_files
from sightline.extractors.invoice_xml.printed import spellings
from sightline.extractors.invoice_xml.terms import Invoice, Term
from sightline.extractors.reading import Fact, Locator, Reading, TextLine, Unreadable
from sightline.extractors.source import Source

if TYPE_CHECKING:
    from sightline.extractors.pdf import Pdf

name = "invoice_xml"
version = 2

_PDF = "application/pdf"
_SIGNED = "application/pkcs7-mime"
_MOST_LINES = 20_000


def accepts(media_type: str, head: bytes) -> bool:
    """Take XML, PDF files that may have it embedded, and signed envelopes."""
    del head
    return media_type in {"application/xml", _PDF, _SIGNED}


def extract(source: Source) -> Reading:
    """Give the `invoice.` facts (see `read` in `cii`, `ubl` and `fatturapa`), with confidence 1 where they are stated.

    Of several invoices in a file the first gives the facts and the others alternatives. Locators hold the path in the
    XML; inside a PDF also page and box of the printed value when that is one place.
    """
    if source.media_type == _PDF:
        return _from_pdf(source)
    return _from_envelope(source.content) if source.media_type == _SIGNED else _from_xml(source.content)


def _from_envelope(content: bytes) -> Reading:
    try:
        signed = content_of(content)
    except Unreadable as reason:
        return Reading(problems=(f"The signed file could not be read: {reason}.",))
    reading = _from_xml(signed) if begins_like_xml(signed) else Reading()
    text = (TextLine(number, line) for number, line in enumerate(lines_of(signed)[:_MOST_LINES], start=1))
    return replace(reading, text=tuple(line for line in text if line.text.strip())) if reading.kind else reading


def _from_xml(content: bytes) -> Reading:
    try:
        root = parse(content)
    except Unreadable as reason:
        return Reading(problems=(f"The XML could not be read: {reason}.",))
    if other := told_apart(root):
        return Reading(problems=(f"The XML is {other}, not an invoice.",))
    roots = [(root, ""), *attached(root)]
    read = [(invoice, begin) for one, begin in roots for invoice in invoices(one)]
    if not read and is_meant(root):
        return Reading(problems=(f"The XML is no invoice: its root element is {local_name(root)[:60]}.",))
    return _joined(read, None)


def _from_pdf(source: Source) -> Reading:
    with suppress(Unreadable):
        problems: list[str] = []
        found = [read for file in xml_files(source.pdf) for read in _from_embedded(file, problems)]
        reading = _joined(found, source.pdf)
        return replace(reading, problems=(*problems, *reading.problems))
    return Reading()


def _from_embedded(file: Embedded, problems: list[str]) -> Iterator[tuple[Invoice, str]]:
    """Give the invoices of one file, each with what its paths begin with."""
    try:
        root = parse(file.content)
    except Unreadable as reason:
        if file.is_expected:
            problems.append(f"{file.name} inside the PDF could not be read: {reason}.")
        return
    read = list(invoices(root))
    yield from ((invoice, f"{file.name}:") for invoice in read)
    if other := told_apart(root):
        problems.append(f"{file.name} inside the PDF is {other}, not an invoice.")
    elif not read and file.is_announced:
        problems.append(f"{file.name} inside the PDF is no invoice: its root element is {local_name(root)[:60]}.")


def _joined(read: list[tuple[Invoice, str]], pdf: "Pdf | None") -> Reading:
    """Make one reading: a name that only a later invoice has stays unread, it would be said of the first one."""
    if not read:
        return Reading()
    facts = [_fact(term, pdf, inside) for term, inside in _terms(read[:1])]
    others = [_fact(term, None, inside) for term, inside in _terms(read[1:])]
    return Reading(
        kind="invoice",
        facts=tuple(_with_others(facts, others)),
        problems=tuple(dict.fromkeys(problem for invoice, _ in read for problem in invoice.problems)),
    )


def _terms(read: list[tuple[Invoice, str]]) -> Iterator[tuple[Term, str]]:
    return ((term, inside) for invoice, inside in read for term in invoice.terms)


def _with_others(facts: list[Fact], others: list[Fact]) -> Iterator[Fact]:
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    for best, *rest in by_name.values():
        rest += [other for other in others if other.name == best.name]
        yield best.also(*(other.as_alternative() for other in rest))


def _fact(term: Term, pdf: "Pdf | None", inside: str) -> Fact:
    printed = _printed(term, pdf) if pdf else None
    locator = replace(printed or Locator(), path=inside + term.path)
    return Fact(term.name, term.type, term.value, locator, term.confidence, name, version)


def _printed(term: Term, pdf: "Pdf") -> Locator | None:
    with suppress(Unreadable):
        looks = spellings(term.name, term.type, term.value)
        return pdf.place(looks) if looks else None
    return None
