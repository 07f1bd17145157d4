"""Pages as pixels, in pieces that text is looked for in."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from sightline.extractors.picture import decoded, fitting, shrink
from sightline.extractors.reading import Unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    Pixels = NDArray[np.uint8]

_MOST_PIXELS = 3_000_000
_BAND = 330  # rows; a page has six, which two threads finish at about the same time
_NOISE = 48  # of 255
_SPECKS = 0.002  # of the pixels in a row
_LEAST_GAP = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A page as pixels (rows of columns of blue, green, red); one is `scale` points or pixels of the file long."""

    number: int
    pixels: "Pixels"
    scale: float

    @property
    def width(self) -> float:
        """The width in points or pixels of the file."""
        return float(self.pixels.shape[1] * self.scale)

    @classmethod
    def of(cls, number: int, image: "Image.Image", scale: float) -> "Page":
        """Turn an image into a page."""
        import numpy as np

        return cls(number, np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1]), scale)


def of_pdf(file: BinaryIO, pages: Sequence[int]) -> Iterator[Page]:
    """Draw these pages (from 1) of a PDF. Raises Unreadable for a page that PDFium cannot load, and what it raises."""
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    document = pypdfium2.PdfDocument(file)
    for page in pages:
        try:
            sheet = document[page - 1]
        except pypdfium2.PdfiumError as error:
            raise Unreadable(f"page {page} is damaged") from error
        width, height = sheet.get_size()
        scale = fitting(width, height, _MOST_PIXELS)
        yield Page.of(page, sheet.render(scale=scale).to_pil(), 1 / scale)


def of_image(file: BinaryIO, pages: Sequence[int]) -> Iterator[Page]:
    """Decode an image (of a TIFF these pages, as far as there are), on white where one sees through it.

    Raises Unreadable.
    """
    from PIL import Image

    count = 1
    for page in pages:
        if page > count:
            return
        image, count = decoded(file, page)
        if image.mode in {"RGBA", "LA", "P"}:
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image.convert("RGBA"))
        width = image.width
        shrink(image, _MOST_PIXELS)
        yield Page.of(page, image, width / image.width)


def bands(pixels: "Pixels") -> tuple[list[int], list["Pixels"]]:
    """Cut a page between its lines into pieces that can be read apart; gives their first rows, and their pixels.

    Where no rows are quiet from side to side, as in a photo, nothing is cut.
    """
    import numpy as np

    height = len(pixels)
    pieces = math.ceil(height / _BAND)
    # Lines that run down a page are no reason not to cut it: only what changes from row to row is.
    changes = np.abs(np.diff(pixels[:, :, 1].astype(np.int16), axis=0)) > _NOISE
    is_loud = changes.mean(axis=1) > _SPECKS
    cuts = [0]
    for wanted in (height * piece // pieces for piece in range(1, pieces)):
        first = wanted - _BAND // 4
        rows = is_loud[first : wanted + _BAND // 4]
        edges = np.concatenate(([-1], np.flatnonzero(rows), [len(rows)]))
        gaps = np.diff(edges)
        widest = int(gaps.argmax())
        if gaps[widest] > _LEAST_GAP:
            cuts.append(first + int(edges[widest] + gaps[widest] // 2) + 1)
    return cuts, [pixels[start:end] for start, end in pairwise([*cuts, height])]
