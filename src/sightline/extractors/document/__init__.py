"""Documents of word processors: DOCX (ECMA-376) and ODT (OpenDocument 1.3)."""

from collections.abc import Callable, Iterator
from itertools import islice

from lxml import etree

from sightline.extractors import hardened_xml
from sightline.extractors.archives import zips
from sightline.extractors.decoding import clean
from sightline.extractors.document import docx, odt
from sightline.extractors.plain_text import LONGEST_LINE, MOST_CHARACTERS, MOST_LINES
from sightline.extractors.reading import Fact, Locator, Reading, TextLine, Unreadable
from sightline.extractors.regex import regex
from sightline.extractors.source import Source
from sightline.extractors.titles import has_word, titles

name = "document"
version = 1

_MOST_BYTES = 64 * 1024 * 1024
_STATED_PAGES = 0.9
_COUNT = regex(r"0{0,5}[1-9][0-9]{0,5}")
_FORMATS: dict[str, tuple[tuple[str, str, str], Callable[[etree._Element], Iterator[str]]]] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (docx.PARTS, docx.lines),
    "application/vnd.oasis.opendocument.text": (odt.PARTS, odt.lines),
}


def accepts(media_type: str, head: bytes) -> bool:
    """Take DOCX and ODT."""
    del head
    return media_type in _FORMATS


def extract(source: Source) -> Reading:
    """Give the paragraphs, rows of tables with TAB between cells; `document.title` (text) and `.pages` (number).

    The number of pages is the one that the program noted which saved the document (confidence 0.9). Lines are numbered
    by paragraph, since such a file has no lines.
    """
    (body, *properties), lines = _FORMATS[source.media_type]
    try:
        archive = zips.open_zip(source.file)
        root = hardened_xml.parse(zips.content(archive, body, _MOST_BYTES))
    except Unreadable as reason:
        return Reading(kind="document", problems=(f"The document could not be read: {reason}.",))
    text, problems = _kept(lines(root))
    stated = [_properties(zips.content(archive, part, _MOST_BYTES)) for part in properties]
    facts = (*_pages(stated), *titles(_stated(stated, "title"), next(filter(has_word, text), None), name, version))
    return Reading(kind="document", facts=facts, text=tuple(text), problems=problems)


def _kept(lines: Iterator[str]) -> tuple[list[TextLine], tuple[str, ...]]:
    kept: list[TextLine] = []
    room = MOST_CHARACTERS
    for number, text in enumerate(islice(lines, MOST_LINES), start=1):
        if text.strip():
            kept.append(TextLine(number, clean(text)[: min(room, LONGEST_LINE)]))
            room -= len(text)
        if room <= 0:
            break
    is_whole = room > 0 and next(lines, None) is None
    return kept, () if is_whole else ("The document is long: only the beginning of its text is kept for searching.",)


def _properties(content: bytes) -> etree._Element | None:
    try:
        return hardened_xml.parse(content) if content else None
    except Unreadable:
        return None


def _stated(properties: list[etree._Element | None], wanted: str) -> str:
    for root in properties:
        for element in [] if root is None else root.iter("{*}" + wanted):
            return clean(element.text or "")
    return ""


def _pages(properties: list[etree._Element | None]) -> Iterator[Fact]:
    counted = (_stated(properties, "Pages"), *(_page_count(root) for root in properties if root is not None))
    count = next(filter(None, counted), "")
    if _COUNT.fullmatch(count):
        yield Fact("document.pages", "number", str(int(count)), Locator(), _STATED_PAGES, name, version)


def _page_count(meta: etree._Element) -> str:
    """Read what ODT notes as an attribute."""
    statistic = next(meta.iter("{*}document-statistic"), None)
    named = {} if statistic is None else {str(key).rpartition("}")[2]: value for key, value in statistic.items()}
    return str(named.get("page-count", ""))
