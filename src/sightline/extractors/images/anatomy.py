"""What every image format gives."""

from dataclasses import dataclass


@dataclass(slots=True)
class Anatomy:
    """An image without its pixels: size in pixels as stored (0 when unknown) and where that stands, Exif, its end.

    `pages` counts those that hold one each. `exif` is the TIFF structure of the Exif standard, without what a format puts in
    front; empty when there is none.
    `flaw` is one sentence for people, empty when the file is whole.
    """

    width: int = 0
    height: int = 0
    size_path: str = ""
    pages: int = 1
    exif: bytes = b""
    flaw: str = ""


CUT_OFF = "The image is cut off: its end is missing."
