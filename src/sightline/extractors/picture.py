"""Pictures that are safe to show: a page of a PDF drawn, or an image decoded and written anew without its metadata."""

import json
import math
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

from sightline.extractors.reading import Unreadable

if TYPE_CHECKING:
    from PIL import Image

DRAWN: Final = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff", "image/bmp"}
)
MOST_PICTURES: Final = 10  # pages of a file whose text is recognised
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 10_000
_MOST_DRAWN = 4_000_000
_SCALE = 2.0


class NoSuchPage(ValueError):
    """The file has fewer pages."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG; `width` and `height` of the page in points (of an image in pixels), and how many pages the file has."""

    png: bytes
    width: float
    height: float
    pages: int

    def to_bytes(self) -> bytes:
        """Write the picture with its measures in front."""
        return json.dumps([self.width, self.height, self.pages]).encode() + b"\n" + self.png

    @classmethod
    def from_bytes(cls, written: bytes) -> "Picture":
        """Read what `to_bytes` wrote."""
        measures, png = written.split(b"\n", 1)
        return cls(png, *json.loads(measures))


def draw(file: BinaryIO, page: int) -> Picture:
    """Draw page `page` (from 1) of a PDF or TIFF, or the image.

    Raises NoSuchPage, Unreadable for an image that cannot be decoded, and what PDFium raises.
    """
    is_pdf = b"%PDF-" in file.read(1024)
    file.seek(0)
    return _page(file, page) if is_pdf else _image(file, page)


def decoded(file: BinaryIO, page: int) -> tuple["Image.Image", int]:
    """Decode an image (of a TIFF this page, from 1) the right way up; give it and the number of its pages.

    Raises NoSuchPage and Unreadable.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this
    try:
        image = Image.open(file)
        # The frames of a GIF are a film, not pages.
        pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        image.seek(min(page, pages) - 1)
        upright = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError) as error:
        raise Unreadable("the image is damaged, cut off, or too large") from error
    if page > pages:
        raise NoSuchPage(page)
    return upright, pages


def _page(file: BinaryIO, page: int) -> Picture:
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    document = pypdfium2.PdfDocument(file)
    if not 1 <= page <= len(document):
        raise NoSuchPage(page)
    drawn = document[page - 1]
    width, height = drawn.get_size()
    image = drawn.render(scale=min(_SCALE, fitting(width, height, _MOST_DRAWN))).to_pil()
    return Picture(_png(image), width, height, len(document))


def _image(file: BinaryIO, page: int) -> Picture:
    image, pages = decoded(file, page)
    width, height = image.size
    shrink(image, _MOST_DRAWN)
    return Picture(_png(image), width, height, pages)


def fitting(width: float, height: float, most_pixels: int) -> float:
    """Give the scale at which a page has so many pixels; long strips stay readable, up to `LONGEST_SIDE`."""
    return min(math.sqrt(most_pixels / max(width * height, 1)), LONGEST_SIDE / max(width, height, 1))


def shrink(image: "Image.Image", most_pixels: int) -> None:
    """Make an image smaller where it has more pixels, in place."""
    scale = min(1, fitting(*image.size, most_pixels))
    width, height = (max(1, round(side * scale)) for side in image.size)
    image.thumbnail((width, height))


def _png(image: "Image.Image") -> bytes:
    plain = image if image.mode in {"RGB", "RGBA", "L"} else image.convert("RGBA")
    plain.info.clear()
    out = BytesIO()
    plain.save(out, "PNG", compress_level=3)
    return out.getvalue()
