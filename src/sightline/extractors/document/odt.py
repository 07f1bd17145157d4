"""The body of an ODT (OASIS OpenDocument 1.3 part 3)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

PARTS: Final = ("content.xml", "meta.xml", "meta.xml")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARAGRAPHS = {_TEXT + "p", _TEXT + "h"}
_SPACES = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_UNSEEN = {_TEXT + "tracked-changes", _OFFICE + "annotation", _OFFICE + "font-face-decls", _TEXT + "note-citation"}
_MOST_SPACES = 100


def lines(element: etree._Element) -> Iterator[str]:
    """Give the lines of an element: paragraphs as they are, rows of tables with TAB between cells."""
    for child in element.iterchildren("*"):
        if child.tag in _PARAGRAPHS:
            yield from "".join(_pieces(child)).split("\n")
        elif child.tag == _TABLE + "table-row":
            yield "\t".join(" ".join(filter(None, lines(cell))) for cell in child.iterchildren(_TABLE + "table-cell"))
        elif child.tag not in _UNSEEN:
            yield from lines(child)


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element.iterchildren("*"):
        if child.tag in _SPACES:
            yield _SPACES[str(child.tag)]
        elif child.tag == _TEXT + "s":
            count = child.get(_TEXT + "c", "1")
            yield " " * min(int(count), _MOST_SPACES) if count.isdecimal() else " "
        elif child.tag not in _UNSEEN:
            yield from _pieces(child)
        yield child.tail or ""
