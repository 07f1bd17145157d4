"""Bytes out: always as a download, never as something a browser would run; byte ranges (RFC 9110, section 14)."""

import re
from collections.abc import AsyncIterator
from typing import Final

import structlog
from fastapi.responses import StreamingResponse

from sightline.attachments import names
from sightline.attachments.models import Attachment, Serving
from sightline.attachments.storage import Missing, Storage
from sightline.core.actor import Actor, May
from sightline.core.errors import Forbidden, NotFound, Problem
from sightline.extractors.discretion import is_picture
from sightline.extractors.picture import DRAWN
from sightline.extractors.sandbox import ExtractionFailed, draw_limited

log = structlog.get_logger(__name__)

_WITHHELD: Final = "This file may hold secrets that are not masked (yet); an administrator can download it."
_RANGE: Final = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$", re.ASCII)


class _Unsatisfiable(Problem):
    status, code, title = 416, "range_not_satisfiable", "No such range"


def of(attachment: Attachment, actor: Actor) -> Serving:
    """Return what somebody gets who may see a file; an administrator gets what was sent."""
    return Serving.original if actor.may(May.administer) else Serving(attachment.serving)


def _content(attachment: Attachment, actor: Actor) -> tuple[str, int]:
    served = of(attachment, actor)
    if served == Serving.withheld:
        raise Forbidden(_WITHHELD)
    key = attachment.copy_key if served == Serving.copy else attachment.storage_key
    if key is None:
        raise NotFound
    return key, attachment.copy_size or 0 if served == Serving.copy else attachment.size


async def download(attachment: Attachment, actor: Actor, storage: Storage, asked: str | None) -> StreamingResponse:
    """Return the bytes of a file, or the one range that was asked for; of one that says too much, those of its copy.

    Raises `Forbidden` where there is no such copy, `NotFound` once the bytes are gone, `Unavailable` with the store away.
    """
    key, size = _content(attachment, actor)
    span = _span(asked, size)
    start, end = span or (0, size)
    headers = {
        "Content-Disposition": names.as_header(attachment.name or names.FALLBACK),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
        "Content-Length": str(end - start),
    }
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    try:
        body = await storage.get(key, start, end)
    except Missing:
        log.warning("bytes missing from the store", attachment=attachment.id, key=key)
        raise
    return StreamingResponse(body, 206 if span else 200, headers, media_type="application/octet-stream")


async def preview(attachment: Attachment, actor: Actor, storage: Storage, page: int) -> StreamingResponse:
    """Return a picture of a page or image, drawn in a limited process.

    Raises `NotFound` where there is none, `Forbidden` for pages of a file that is withheld; an image drawn anew says no
    more than its copy.
    """
    if of(attachment, actor) == Serving.withheld and not is_picture(attachment.media_type):
        raise Forbidden(_WITHHELD)
    if attachment.storage_key is None or attachment.media_type not in DRAWN:
        raise NotFound
    try:
        async with storage.drawing.place, storage.local(attachment.storage_key) as path:
            picture = await draw_limited(path, page)
    except (ExtractionFailed, OSError) as error:
        raise NotFound from error
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "X-Page-Count": str(picture.pages),
        "X-Page-Width": f"{picture.width:g}",
        "X-Page-Height": f"{picture.height:g}",
        "Content-Length": str(len(picture.png)),
    }
    return StreamingResponse(_whole(picture.png), 200, headers, media_type="image/png")


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    """Give bytes as a stream, whose end waits until they are taken; an answer in one piece is over once it is buffered."""
    yield content


def _span(asked: str | None, size: int) -> tuple[int, int] | None:
    """Return [start, end) for a Range header; None for anything but one byte range, which means the whole file."""
    found = _RANGE.match(asked or "")
    if not found or found[1] == found[2] == "":
        return None
    if found[1] == "":
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    if found[2] and found[1] and int(found[2]) < int(found[1]):
        return None
    if start >= size:
        raise _Unsatisfiable("The file has no such range.", headers={"Content-Range": f"bytes */{size}"})
    return start, end
