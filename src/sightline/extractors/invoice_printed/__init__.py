"""Invoices that are printed: read from words and places, without templates of suppliers."""

from typing import TYPE_CHECKING

from sightline.extractors.invoice_printed.facts import read_invoices
from sightline.extractors.reading import Reading, Unreadable
from sightline.extractors.source import Source

if TYPE_CHECKING:
    from sightline.extractors.words import Word

name = "invoice_printed"
version = 8

_FIRST_PAGES = 8
_LAST_PAGES = 4


def accepts(media_type: str, head: bytes) -> bool:
    """Take PDF files."""
    del head
    return media_type == "application/pdf"


def extract(source: Source) -> Reading:
    """Give the `invoice.` facts with page, box and confidence (see `facts.read_invoices`)."""
    if source.kind == "invoice":
        return Reading()
    try:
        pdf = source.pdf
        last = pdf.page_count
        pages = [page for page in range(last) if page < _FIRST_PAGES or page >= last - _LAST_PAGES]
        words: list[tuple[int, list[Word]]] = [(page + 1, pdf.words(page)) for page in pages]
    except Unreadable:
        return Reading()
    return read_invoices(words, name, version)
