"""The text of a PDF with its places."""

import re
from typing import TYPE_CHECKING

from sightline.extractors.reading import Box, Fact, FactType, Locator, Reading, TextLine, Unreadable
from sightline.extractors.source import Source

if TYPE_CHECKING:
    from sightline.extractors.pdf import Pdf

name = "pdf_text"
version = 1

MOST_PAGES = 500
MOST_CHARACTERS = 1_000_000
MOST_LINES = 20_000
_LONGEST_TITLE = 300
_NAMED_BY_A_PROGRAM = re.compile(
    r"(?i)untitled\b|unbenannt\b|document\s*\d*$|dokument\s*\d*$|microsoft \w+ - "
    r"|\S+\.(?:docx?|odt|xlsx?|pptx?|indd|pdf|tex|html?|rtf|txt)$"
)
_IN_PROPERTIES = 0.9
_FIRST_LINE = 0.4


def accepts(media_type: str, head: bytes) -> bool:
    """Take PDF files."""
    del head
    return media_type == "application/pdf"


def extract(source: Source) -> Reading:
    """Give the lines with page and box, `document.pages` (number) and `document.title` (text).

    The title is the one in the document's properties (confidence 0.9) unless a program made it up from a file name; the
    topmost line of the first page is the title or its alternative (0.4).
    """
    try:
        pdf = source.pdf
    except Unreadable as reason:
        return Reading(problems=(str(reason),))
    text, problems = _lines(pdf)
    facts = [_fact("document.pages", "number", str(pdf.page_count), Locator(), 1.0)]
    return Reading(kind="document", facts=(*facts, *_title(pdf, text)), text=tuple(text), problems=tuple(problems))


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
    readings = []
    if pdf.title and not _NAMED_BY_A_PROGRAM.match(pdf.title):
        readings.append(_fact("document.title", "text", pdf.title[:_LONGEST_TITLE], Locator(), _IN_PROPERTIES))
    words = [line for line in text if line.page == 1 and line.box and re.search(r"[^\W\d_]{2}", line.text)]
    if words:
        top = min(words, key=lambda line: line.box[1] if line.box else 0)
        place = Locator(page=1, box=top.box)
        readings.append(_fact("document.title", "text", top.text[:_LONGEST_TITLE], place, _FIRST_LINE))
    return readings


def _fact(fact_name: str, fact_type: FactType, value: str, locator: Locator, confidence: float) -> Fact:
    return Fact(fact_name, fact_type, value, locator, confidence, name, version)
