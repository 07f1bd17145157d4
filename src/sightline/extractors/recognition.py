"""Text in pictures, recognised by the optional engine (extra `ocr`): photos, screenshots, pages of a PDF that are scans."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import chain
from statistics import fmean
from typing import TYPE_CHECKING, Any, BinaryIO

from sightline.extractors.decoding import clean
from sightline.extractors.picture import LONGEST_SIDE
from sightline.extractors.pixels import Page, bands, of_image, of_pdf
from sightline.extractors.reading import Alternative, Box, Fact, Locator, Reading, TextLine, Unreadable
from sightline.extractors.words import Word

if TYPE_CHECKING:
    from sightline.extractors.pixels import Pixels

name = "recognition"
version = 4

_AT_A_TIME = 2
_MOST_PIXELS_TO_FIND = 1_200_000
_NARROWEST = 64
_PAPER = 595.0  # points, the width of A4
_MOST_CHARACTERS = 2000
_LEAST_SURE = 0.5
_SUREST = 0.95
_ABOVE_BASELINE = 0.8
_OF_HEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class _Line:
    """A recognised line: its words and where it is on which page, in points (of a picture in pixels)."""

    page: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        lefts, tops, rights, bottoms = zip(*(word.box for word in self.words), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    @property
    def sureness(self) -> float:
        return min(word.sureness for word in self.words)


def recognise(file: BinaryIO, pages: Sequence[int]) -> Reading:
    """Read the text in a picture, or on these pages (from 1) of a PDF or TIFF.

    Raises Unreadable when there is nothing to read, and what PDFium raises; what follows a damaged page is left unread.
    Gives lines with page and box, for a picture `image.text` (text, at most 2,000 characters), and what a printed
    invoice or a stack trace on them says. No confidence is higher than that of the characters.
    """
    is_pdf = b"%PDF-" in file.read(1024)
    file.seek(0)
    drawn = of_pdf(file, pages) if is_pdf else of_image(file, pages)
    lines: list[_Line] = []
    width = 0.0
    problems = []
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        # Decoding takes as long as loading the engine does.
        first = threads.submit(next, drawn, None)
        engine = _engine()
        try:
            for page in _pages(first, drawn):
                width = width or page.width
                lines += _lines(engine, threads, page)
        except Unreadable as reason:
            if not width:
                raise
            problems.append(f"Not all pages could be recognised: {reason}.")
    text = tuple(TextLine(at, clean(line.text), line.page, line.box) for at, line in enumerate(lines, start=1))
    found = _invoice(lines, 1 if is_pdf else _PAPER / width)
    if not found.kind:
        found = _crash(lines)
    facts = found.facts if is_pdf else (*_text(lines), *found.facts)
    return Reading(kind=found.kind, facts=facts, text=text, problems=tuple(problems))


def _pages(first: Future[Page | None], others: Iterator[Page]) -> Iterator[Page]:
    if page := first.result():
        yield page
        yield from others


def _engine() -> Any:
    import numpy as np
    from rapidocr import RapidOCR

    chosen = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.max_side_len": LONGEST_SIDE,
        "Det.limit_type": "max",
        # Lines one by one, as wide as they are: those read together are padded to the widest, and to 320 pixels.
        "Rec.rec_batch_num": 1,
        "Rec.rec_img_shape": [3, 48, _NARROWEST],
        # Two threads spin while they wait for each other: twice the processor time for little less of the clock.
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
    }
    engine = RapidOCR(params=chosen)
    engine(np.full((32, 32, 3), 255, np.uint8))  # only now is its detector there, see `_lines`
    return engine


def _lines(engine: Any, threads: ThreadPoolExecutor, page: Page) -> Iterator[_Line]:
    """Find the lines of a page, several pieces of it at a time."""
    tops, pieces = bands(page.pixels)
    height, width, _ = page.pixels.shape
    # Where text is shows on fewer pixels than what it says, in half the time.
    scale = min(1, math.sqrt(_MOST_PIXELS_TO_FIND / (height * width)))
    engine.text_det.limit_side_len = math.ceil(scale * max(max(piece.shape) for piece in pieces))
    return chain.from_iterable(threads.map(partial(_lines_of_band, engine, page), tops, pieces))


def _lines_of_band(engine: Any, page: Page, top: int, pixels: "Pixels") -> list[_Line]:
    found = engine(pixels, return_word_box=True, return_single_char_box=False)
    lines = []
    for line in found.word_results if found.boxes is not None else ():
        words = tuple(_word(text, sure, corners, page, top) for text, sure, corners in line if clean(text).strip())
        if words and min(word.sureness for word in words) >= _LEAST_SURE:
            lines.append(_Line(page.number, words))
    return lines


def _word(text: str, sure: float, corners: Any, page: Page, top: int) -> Word:
    xs, ys = [float(x) * page.scale for x, _ in corners], [(top + float(y)) * page.scale for _, y in corners]
    box = (round(min(xs), 2), round(min(ys), 2), round(max(xs), 2), round(max(ys), 2))
    # The engine's boxes have a margin around the letters.
    height = box[3] - box[1]
    baseline = box[1] + _ABOVE_BASELINE * height
    return Word(clean(text).strip(), box, baseline, _OF_HEIGHT * height, round(float(sure), 3))


def _text(lines: list[_Line]) -> Iterator[Fact]:
    if lines:
        text = "\n".join(clean(line.text) for line in lines)[:_MOST_CHARACTERS].strip()
        sure = min(round(fmean(line.sureness for line in lines), 2), _SUREST)
        yield Fact("image.text", "text", text, _around(lines), sure, name, version)


def _around(lines: Sequence[_Line]) -> Locator:
    first = [line for line in lines if line.page == lines[0].page]
    lefts, tops, rights, bottoms = zip(*(line.box for line in first), strict=True)
    return Locator(page=first[0].page, box=(min(lefts), min(tops), max(rights), max(bottoms)))


def _invoice(lines: list[_Line], zoom: float) -> Reading:
    """Read an invoice from the lines, as large as on paper: where things stand on it tells what they are."""
    from sightline.extractors.invoice_printed.facts import read_invoices

    pages: dict[int, list[Word]] = {}
    for line in lines:
        pages.setdefault(line.page, []).extend(_zoomed(word, zoom) for word in line.words)
    found = read_invoices(list(pages.items()), name, version)
    return replace(found, facts=tuple(_unzoomed(fact, zoom) for fact in found.facts))


def _zoomed(word: Word, zoom: float) -> Word:
    return replace(word, box=_times(word.box, zoom), baseline=word.baseline * zoom, size=word.size * zoom)


def _unzoomed(fact: Fact, zoom: float) -> Fact:
    others = tuple(replace(one, locator=_unzoomed_place(one.locator, zoom)) for one in fact.alternatives)
    return replace(fact, locator=_unzoomed_place(fact.locator, zoom), alternatives=others)


def _unzoomed_place(place: Locator, zoom: float) -> Locator:
    return replace(place, box=_times(place.box, 1 / zoom)) if place.box else place


def _times(box: Box, zoom: float) -> Box:
    x0, y0, x1, y1 = (round(side * zoom, 2) for side in box)
    return x0, y0, x1, y1


def _crash(lines: list[_Line]) -> Reading:
    """Read stack traces from the lines; how they were indented is not known."""
    from sightline.extractors import traces
    from sightline.extractors.source import HEAD_BYTES, Source

    written = "\n".join(clean(line.text) for line in lines).encode()
    found = traces.extract(Source(BytesIO(written), written[:HEAD_BYTES], "text/plain"))
    return replace(found, facts=tuple(_placed(fact, lines) for fact in found.facts))


def _placed(fact: Fact, lines: list[_Line]) -> Fact:
    place, sure = _place(fact.locator, lines)
    others = tuple(Alternative(one.value, *_less_sure(one, lines)) for one in fact.alternatives)
    confidence = round(min(fact.confidence, sure), 2)
    return replace(fact, locator=place, confidence=confidence, extractor=name, version=version, alternatives=others)


def _less_sure(one: Alternative, lines: list[_Line]) -> tuple[Locator, float]:
    place, sure = _place(one.locator, lines)
    return place, round(min(one.confidence, sure), 2)


def _place(locator: Locator, lines: list[_Line]) -> tuple[Locator, float]:
    first = locator.line or 1
    meant = lines[first - 1 : locator.end_line or first]
    return _around(meant), fmean(word.sureness for word in chain.from_iterable(line.words for line in meant))
