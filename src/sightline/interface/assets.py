"""Files of the build: fingerprinted ones for ever, in the smallest form the browser takes."""

import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

FOREVER: Final = "public, max-age=31536000, immutable"
A_DAY: Final = "public, max-age=86400"
NEVER: Final = "no-cache"
_PACKED: Final = {"br": ".br", "gzip": ".gz"}
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


def serve(folder: Path, path: str, accepted: str) -> Response | None:
    """Return the answer with one file of the build, or None when there is no such file to serve."""
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file() or file.suffix in _PACKED.values():
        return None
    packed, encoding = _smallest(file, accepted)
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"Cache-Control": _lifetime(path), "Vary": "Accept-Encoding"}
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(_content(packed, packed.stat().st_mtime_ns), media_type=kind, headers=headers)


@lru_cache(maxsize=256)
def _content(file: Path, changed: int) -> bytes:
    del changed
    return file.read_bytes()


def _lifetime(path: str) -> str:
    if path.startswith("immutable/"):
        return FOREVER
    return NEVER if path == "version.json" else A_DAY


def _smallest(file: Path, accepted: str) -> tuple[Path, str | None]:
    parts = (part.partition(";") for part in accepted.split(","))
    takes = {name.strip() for name, _, rank in parts if rank.strip() != "q=0"}
    for encoding, ending in _PACKED.items():
        packed = file.with_name(file.name + ending)
        if encoding in takes and packed.is_file():
            return packed, encoding
    return file, None
