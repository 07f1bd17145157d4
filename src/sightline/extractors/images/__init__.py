"""What each image format says in front of its pixels, read and left out byte by byte; no pixel is ever decoded."""

from types import ModuleType

from sightline.extractors.images import bmp, gif, jpeg, png, tiff, webp

FORMATS: dict[str, ModuleType] = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/webp": webp,
    "image/gif": gif,
    "image/tiff": tiff,
    "image/bmp": bmp,
}
