"""Pictures that are safe to show: a page of a PDF drawn, or an image decoded and written anew without its metadata."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from PIL import Image

DRAWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})
LONGEST_SIDE: Final = 2000
MOST_PIXELS: Final = 50_000_000
SCALE: Final = 2.0


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
    """Draw page `page` (from 1) of a PDF, or the image; raises NoSuchPage, and what the decoders raise."""
    is_pdf = b"%PDF-" in file.read(1024)
    file.seek(0)
    return _page(file, page) if is_pdf else _image(file)


def _page(file: BinaryIO, page: int) -> Picture:
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    document = pypdfium2.PdfDocument(file)
    if not 1 <= page <= len(document):
        raise NoSuchPage(page)
    drawn = document[page - 1]
    width, height = drawn.get_size()
    image = drawn.render(scale=min(SCALE, LONGEST_SIDE / max(width, height, 1))).to_pil()
    return Picture(_png(image), width, height, len(document))


def _image(file: BinaryIO) -> Picture:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this
    image = ImageOps.exif_transpose(Image.open(file))
    width, height = image.size
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Picture(_png(image), width, height, 1)


def _png(image: "Image.Image") -> bytes:
    plain = image if image.mode in {"RGB", "RGBA", "L"} else image.convert("RGBA")
    plain.info.clear()
    out = BytesIO()
    plain.save(out, "PNG", compress_level=3)
    return out.getvalue()
