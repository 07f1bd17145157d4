"""The body of a DOCX (ECMA-376 part 1, WordprocessingML)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

PARTS: Final = ("word/document.xml", "docProps/core.xml", "docProps/app.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
# What tracked changes took away.
_GONE = {"del", "moveFrom"}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n"}


def lines(element: etree._Element) -> Iterator[str]:
    """Give the lines of an element: paragraphs as they are, rows of tables with TAB between cells."""
    for child in element.iterchildren("*"):
        kind = _kind(child)
        if kind == "p":
            yield from _text(child).split("\n")
        elif kind == "tr":
            yield "\t".join(
                " ".join(filter(None, lines(cell))) for cell in child.iterchildren(_W + "tc", _STRICT + "tc")
            )
        else:
            yield from lines(child)


def _kind(element: etree._Element) -> str:
    return str(element.tag).removeprefix(_W).removeprefix(_STRICT)


def _text(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element.iterchildren("*"):
        kind = _kind(child)
        if kind == "t":
            yield child.text or ""
        elif kind in _BREAKS:
            yield _BREAKS[kind]
        elif kind not in _GONE:
            yield from _pieces(child)
