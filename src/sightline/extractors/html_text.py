"""The words of an HTML page, without scripts and markup."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from sightline.extractors.decoding import clean, decode

_MOST_BYTES = 4 * 1024 * 1024
_MOST_LINES = 20_000
_UNSEEN = {"script", "style", "head", "template", "noscript", "svg", "math", "iframe", "object", "title"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd"),
    *("label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
    *("wbr", "td", "th", "nobr"),
}
_CELLS = {"td", "th"}


def text_lines(content: bytes | str) -> list[tuple[int, str]]:
    """Give the lines that a reader sees, each with the line of the source where it begins; broken HTML is repaired.

    Of a long page the first 4 MB and 20,000 lines are read.
    """
    text = decode(content[:_MOST_BYTES]) if isinstance(content, bytes) else content[:_MOST_BYTES]
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(clean(text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return []
    return [] if root is None else list(islice(_lines(root), _MOST_LINES))


def _lines(root: etree._Element) -> Iterator[tuple[int, str]]:
    begun, pieces = None, list[str]()
    for line, piece in _pieces(root):
        if piece is not None:
            begun = line if begun is None and piece.strip() else begun
            pieces.append(piece)
            continue
        if begun is not None:
            yield begun, " ".join("".join(pieces).split())
        begun, pieces = None, []


def _pieces(root: etree._Element) -> Iterator[tuple[int, str | None]]:
    """Give pieces of text with the line of the element they are in or follow, and None where a line ends."""
    walk = etree.iterwalk(root, events=("start", "end"))
    in_pre = 0
    for event, element in walk:
        tag, line = str(element.tag).lower(), element.sourceline or 0
        if tag not in _INLINE:
            yield line, None
        in_pre += {"start": 1, "end": -1}[event] if tag == "pre" else 0
        if event == "start" and tag in _UNSEEN:
            walk.skip_subtree()
            continue
        text = element.text if event == "start" else element.tail
        if text:
            yield from _typed(line, text) if in_pre else [(line, text)]
        if event == "end" and tag in _CELLS:
            yield line, " "
    yield 0, None


def _typed(line: int, text: str) -> Iterator[tuple[int, str | None]]:
    for offset, piece in enumerate(text.split("\n")):
        if offset:
            yield line + offset, None
        yield line + offset, piece
