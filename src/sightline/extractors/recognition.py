"""Text in pictures, recognised by the optional engine (extra `ocr`): photos, screenshots, pages of a PDF that are scans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from statistics import fmean
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sightline.extractors.decoding import clean
from sightline.extractors.reading import Alternative, Box, Fact, Locator, Reading, TextLine
from sightline.extractors.words import Word

if TYPE_CHECKING:
    from PIL import Image

name = "recognition"
version = 1

LONGEST_SIDE: Final = 2000
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
    """Read the text in a picture, or on these pages (from 1) of a PDF; raises what the decoders raise.

    Gives lines with page and box, for a picture `image.text` (text, at most 2,000 characters), and what a printed
    invoice or a stack trace on them says. No confidence is higher than that of the characters.
    """
    is_pdf = b"%PDF-" in file.read(1024)
    file.seek(0)
    drawn = _pages(file, pages) if is_pdf else _picture(file)
    engine = _engine()
    lines = [line for page, image, scale in drawn for line in _lines(engine, page, image, scale)]
    text = tuple(TextLine(at, clean(line.text), line.page, line.box) for at, line in enumerate(lines, start=1))
    found = _invoice(lines)
    if not found.kind:
        found = _crash(lines)
    facts = found.facts if is_pdf else (*_text(lines), *found.facts)
    return Reading(kind=found.kind, facts=facts, text=text)


def _pages(file: BinaryIO, pages: Sequence[int]) -> Iterator[tuple[int, "Image.Image", float]]:
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    document = pypdfium2.PdfDocument(file)
    for page in pages:
        sheet = document[page - 1]
        scale = LONGEST_SIDE / max(*sheet.get_size(), 1)
        yield page, sheet.render(scale=scale).to_pil(), 1 / scale


def _picture(file: BinaryIO) -> Iterator[tuple[int, "Image.Image", float]]:
    from PIL import Image, ImageOps

    from sightline.extractors.picture import MOST_PIXELS

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this
    image = ImageOps.exif_transpose(Image.open(file))
    longest = max(image.size)
    if image.mode in {"RGBA", "LA", "P"}:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    yield 1, image, longest / max(image.size)


def _engine() -> Any:
    from rapidocr import RapidOCR

    chosen = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.max_side_len": LONGEST_SIDE,
        # Two threads spin while they wait for each other: twice the processor time for little less of the clock.
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
    }
    return RapidOCR(params=chosen)


def _lines(engine: Any, page: int, image: "Image.Image", scale: float) -> Iterator[_Line]:
    import numpy as np

    blue_first = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
    found = engine(blue_first, return_word_box=True, return_single_char_box=False)
    for line in found.word_results if found.boxes is not None else ():
        words = tuple(_word(text, sure, corners, scale) for text, sure, corners in line if clean(text).strip())
        if words and min(word.sureness for word in words) >= _LEAST_SURE:
            yield _Line(page, words)


def _word(text: str, sure: float, corners: Any, scale: float) -> Word:
    xs, ys = [float(x) * scale for x, _ in corners], [float(y) * scale for _, y in corners]
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


def _invoice(lines: list[_Line]) -> Reading:
    from sightline.extractors.invoice_printed.facts import read_invoices

    pages: dict[int, list[Word]] = {}
    for line in lines:
        pages.setdefault(line.page, []).extend(line.words)
    return read_invoices(list(pages.items()), name, version)


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
