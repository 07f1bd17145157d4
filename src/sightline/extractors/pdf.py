"""Read a PDF with PDFium: text, places on the page, embedded files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped] # it ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped] # it ships no types

from sightline.extractors.decoding import clean
from sightline.extractors.reading import Box, Locator, Unreadable
from sightline.extractors.words import Word

_STEPS_PER_POINT = 100
_MOST_PAGES_TO_SEARCH = 20
_MOST_EMBEDDED_FILES = 50
_BROKEN = (pypdfium2.PdfiumError, RecursionError, AssertionError)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a page's text: where it begins and how long it is, in UTF-16 units as PDFium counts, and its text."""

    start: int
    length: int
    text: str


class Pdf:
    """An open PDF document; pages count from 0 here and from 1 in locators."""

    def __init__(self, content: bytes) -> None:
        """Open the document; raises Unreadable with the reason."""
        try:
            self._document = pypdfium2.PdfDocument(content)
            self.page_count = len(self._document)
        except pypdfium2.PdfiumError as error:
            raise Unreadable(_reason(error)) from error
        self._content = content
        self._texts: dict[int, str] = {}

    @property
    def title(self) -> str:
        """The title in the document's properties, or an empty string."""
        try:
            return clean(self._document.get_metadata_value("Title")).strip()
        except _BROKEN:
            return ""

    def text(self, page: int) -> str:
        r"""Give the text of a page, its lines ended by `\r\n`; raises Unreadable."""
        if page not in self._texts:
            self._texts[page] = self._read_text(page)
        return self._texts[page]

    def _read_text(self, page: int) -> str:
        try:
            # PDFium gives half of some signs, and counts it: without it, what follows would be looked for too early.
            return str(self._document[page].get_textpage().get_text_range(errors="surrogatepass"))
        except _BROKEN as error:
            raise Unreadable(f"The text of page {page + 1} could not be read.") from error

    def lines(self, page: int) -> list[tuple[str, Box | None]]:
        """Give the lines of a page that show something, each with its box; raises Unreadable."""
        runs = [run for run in _line_runs(self.text(page)) if run.text.strip()]
        return [(clean(run.text).strip(), box) for run, box in zip(runs, self._boxes(page, runs), strict=True)]

    def _boxes(self, page: int, runs: list[Run]) -> list[Box | None]:
        try:
            sheet = self._document[page]
            text = sheet.get_textpage()
            return [_box(sheet, text, run) for run in runs]
        except _BROKEN as error:
            raise Unreadable(f"The places of the text on page {page + 1} could not be read.") from error

    def words(self, page: int) -> list[Word]:
        """Give the words of a page in the order of its text; raises Unreadable."""
        from sightline.extractors.pdf_words import words_of

        try:
            return words_of(self._document[page])
        except _BROKEN as error:
            raise Unreadable(f"The words on page {page + 1} could not be read.") from error

    def place(self, spellings: list[str]) -> Locator | None:
        """Find the only place where one of the spellings is printed; None when there is no place or more than one."""
        words = "|".join(re.escape(spelling) for spelling in spellings)
        pattern = re.compile(rf"(?<![\w.,])(?:{words})(?!\w|[.,]\d)")
        found = [
            (page, match)
            for page in range(min(self.page_count, _MOST_PAGES_TO_SEARCH))
            for match in pattern.finditer(self.text(page))
        ]
        if len(found) != 1:
            return None
        page, match = found[0]
        run = Run(_units(match.string[: match.start()]), _units(match[0]), match[0])
        return Locator(page=page + 1, box=self._boxes(page, [run])[0])

    def embedded_files(self) -> Iterator[tuple[str, bytes]]:
        """Give name and content of the embedded files; what PDFium cannot unpack is given as empty."""
        if self._document.count_attachments():
            yield from self._listed_files()
        elif b"/EmbeddedFile" in self._content or b"#2Fxml" in self._content:
            # The dictionary of an embedded file is never compressed away; importing pypdf takes 0.2 s.
            from sightline.extractors.pdf_associated import associated_files

            yield from associated_files(self._content)

    def _listed_files(self) -> Iterator[tuple[str, bytes]]:
        for index in range(min(self._document.count_attachments(), _MOST_EMBEDDED_FILES)):
            try:
                attachment = self._document.get_attachment(index)
                yield clean(attachment.get_name()), bytes(attachment.get_data())
            except _BROKEN:
                yield f"embedded file {index + 1}", b""


def _reason(error: pypdfium2.PdfiumError) -> str:
    if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
        return "The PDF is locked with a password, so nothing could be read from it."
    return "The PDF is damaged and could not be opened."


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _line_runs(text: str) -> Iterator[Run]:
    start = 0
    for line in text.split("\r\n"):
        length = _units(line)
        yield Run(start, length, line)
        start += length + 2


def _box(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, run: Run) -> Box | None:
    first = pdfium.FPDFText_GetCharIndexFromTextIndex(text, run.start)
    last = pdfium.FPDFText_GetCharIndexFromTextIndex(text, run.start + run.length - 1)
    if first < 0 or last < first:
        return None
    boxes = [_on_page(page, text.get_rect(index)) for index in range(text.count_rects(first, last - first + 1))]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _on_page(page: pypdfium2.PdfPage, canvas: tuple[float, float, float, float]) -> Box:
    left, bottom, right, top = canvas
    x0, y0 = _point(page, left, top)
    x1, y1 = _point(page, right, bottom)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _point(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """Turn a canvas point into points from the top left corner of the page as shown (rotated, cropped)."""
    width, height = (round(side * _STEPS_PER_POINT) for side in page.get_size())
    right, down = pdfium.c_int(), pdfium.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, right, down)
    return right.value / _STEPS_PER_POINT, down.value / _STEPS_PER_POINT
