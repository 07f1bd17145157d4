"""The text of a PDF with its places."""

from itertools import islice
from typing import TYPE_CHECKING

from sightline.extractors.picture import MOST_PICTURES
from sightline.extractors.reading import Box, Fact, Locator, Reading, TextLine, Unreadable
from sightline.extractors.source import Source
from sightline.extractors.titles import has_word, titles

if TYPE_CHECKING:
    from sightline.extractors.pdf import Pdf

name = "pdf_text"
version = 1

MOST_PAGES = 500
MOST_CHARACTERS = 1_000_000
MOST_LINES = 20_000


def accepts(media_type: str, head: bytes) -> bool:
    """Take PDF files."""
    del head
    return media_type == "application/pdf"


def extract(source: Source) -> Reading:
    """Give the lines with page and box, `document.pages` (number) and `document.title` (text).

    The title is the one in the document's properties (confidence 0.9) unless a program made it up from a file name; the
    topmost line of the first page is the title or its alternative (0.4). An invoice has none: nobody calls it by that.
    """
    try:
        pdf = source.pdf
    except Unreadable as reason:
        return Reading(problems=(str(reason),))
    text, problems = _lines(pdf)
    pages = Fact("document.pages", "number", str(pdf.page_count), Locator(), 1.0, name, version)
    facts = (pages, *(_title(pdf, text) if source.kind != "invoice" else ()))
    return Reading("document", facts=facts, text=tuple(text), problems=tuple(problems), pictures=_bare(pdf, text))


def _bare(pdf: "Pdf", text: list[TextLine]) -> tuple[int, ...]:
    """Give the first pages without text."""
    written = {line.page for line in text}
    bare = (page for page in range(1, min(pdf.page_count, MOST_PAGES) + 1) if page not in written)
    return tuple(islice(bare, MOST_PICTURES))


def _lines(pdf: "Pdf") -> tuple[list[TextLine], list[str]]:
    lines: list[TextLine] = []
    problems: list[str] = []
    characters = 0
    for page in range(min(pdf.page_count, MOST_PAGES)):
        try:
            found = pdf.lines(page)
        except Unreadable as reason:
            problems.append(str(reason))
            continue
        characters += sum(len(text) for text, _ in found)
        if characters > MOST_CHARACTERS or len(lines) + len(found) > MOST_LINES:
            return lines, [
                *problems,
                f"The PDF is long: only the text of its first {page} pages is kept for searching.",
            ]
        lines += [_line(page, number, *placed) for number, placed in enumerate(found, start=1)]
    if pdf.page_count > MOST_PAGES:
        problems.append(f"The PDF has {pdf.page_count} pages: only the first {MOST_PAGES} were read.")
    return lines, problems


def _line(page: int, number: int, text: str, box: Box | None) -> TextLine:
    return TextLine(number, text, page + 1, box)


def _title(pdf: "Pdf", text: list[TextLine]) -> list[Fact]:
    words = [line for line in text if line.page == 1 and line.box and has_word(line)]
    top = min(words, key=lambda line: line.box[1] if line.box else 0, default=None)
    return list(titles(pdf.title or "", top, name, version))
