"""The copy that people get in place of a file that says too much: a HAR without its secrets, a photo without its place."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

import structlog

from sightline.attachments.changes import Prepared
from sightline.attachments.models import Attachment, Serving
from sightline.attachments.storage import Storage
from sightline.core.actor import SYSTEM
from sightline.core.db import WriteSession
from sightline.events.log import record
from sightline.extractors.discretion import is_looked_through
from sightline.extractors.sandbox import ExtractionFailed, served_copy_limited

log = structlog.get_logger(__name__)


class Copy(NamedTuple):
    """What was decided, and where the copy lies when there is one."""

    serving: Serving
    key: str | None = None
    size: int | None = None

    def shut(self) -> "Copy":
        """Return this, but nothing to serve in place of the file itself."""
        return Copy(Serving.withheld) if self.serving == Serving.original else self


async def make(storage: Storage, attachment: Attachment, path: Path, limit: int, *, is_recording: bool) -> Copy:
    """Make the copy of a file that waits for one and store it; one that cannot be cleaned stays withheld.

    So does a recording of requests that has no copy, such as a mail that holds one, and a file whose bytes showed a
    recording but which nothing looks through, such as a PDF.
    """
    if attachment.serving == Serving.original and not is_recording:
        return Copy(Serving.original)
    try:
        async with aclosing(served_copy_limited(path, limit_bytes=limit)) as chunks:
            first = await anext(chunks, None)
            if first is None:
                is_known = is_looked_through(attachment.media_type) and not is_recording
                return Copy(Serving.original if is_known else Serving.withheld)
            stored = await storage.put(_joined(first, chunks), limit)
    except ExtractionFailed as error:
        log.warning("no copy to serve", attachment=attachment.id, reason=str(error), detail=error.detail)
        return Copy(Serving.withheld)
    return Copy(Serving.copy, stored.key, stored.size)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


async def keep(session: WriteSession, attachment: Attachment, copy: Copy) -> str | None:
    """Serve a file by its copy from now on; return the key of the copy before, which nobody needs any more."""
    if (attachment.serving, attachment.copy_size) != (copy.serving, copy.size):
        await record(session, SYSTEM, attachment, Prepared(serving=copy.serving, copy_size=copy.size))
    before, attachment.copy_key = attachment.copy_key, copy.key
    return before if before != copy.key else None
