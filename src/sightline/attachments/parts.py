"""Files inside a file become attachments of their own, which go where it goes."""

import contextlib
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select

from sightline.attachments.models import Attachment
from sightline.attachments.storage import Storage, StoredBytes
from sightline.core.db import ReadSession
from sightline.core.errors import TooLarge, Unavailable
from sightline.extractors.discretion import Watch
from sightline.extractors.reading import Part
from sightline.extractors.sandbox import ExtractionFailed, part_limited

DEEPEST: Final = 2
PEEK: Final = 1 << 20


class Inside(NamedTuple):
    """A part whose bytes are in the store."""

    part: Part
    stored: StoredBytes


async def so_far(session: ReadSession, attachment: Attachment) -> tuple[int, int, int]:
    """Return in how many files a file is packed, and how many others, of how many bytes, came out of the outermost."""
    outermost, above, depth = attachment.id, attachment.parent_id, 0
    while above is not None and depth <= DEEPEST:
        outermost, depth = above, depth + 1
        above = await session.scalar(select(Attachment.parent_id).where(Attachment.id == above))
    first = select(Attachment.id).where(Attachment.parent_id == outermost)
    inside = or_(Attachment.parent_id == outermost, Attachment.parent_id.in_(first))
    counted = select(func.count(), func.coalesce(func.sum(Attachment.size), 0)).where(
        inside, Attachment.parent_id != attachment.id
    )
    count, size = (await session.execute(counted)).one()
    return depth, count, size


async def known(session: ReadSession, attachment_id: int) -> set[str]:
    """Return the parts of a file that are attachments already, also those taken away since."""
    found = await session.scalars(select(Attachment.part).where(Attachment.parent_id == attachment_id))
    return {part for part in found if part}


class Unpacked(NamedTuple):
    """What came out of a file; `problems` are sentences on what stays inside, `may_hide_har` says that it may be a HAR."""

    inside: list[Inside]
    problems: list[str]
    may_hide_har: bool


async def unpack(storage: Storage, path: Path, parts: Sequence[Part], room: int) -> Unpacked:
    """Store the parts of the file at `path`, `room` bytes in all."""
    unpacked: list[Inside] = []
    problems = []
    may_hide_har = False
    for part in parts:
        try:
            stored = await _store(storage, path, part, room)
        except (ExtractionFailed, TooLarge) as error:
            problems.append(f"{part.name} could not be taken out: {str(error).rstrip('.')}.")
            may_hide_har = may_hide_har or await _begins_like_har(path, part)
            continue
        except BaseException:
            await forget(storage, unpacked)
            raise
        room -= stored.size
        unpacked.append(Inside(part, stored))
    return Unpacked(unpacked, problems, may_hide_har)


def is_called_har(part: Part) -> bool:
    """Say whether the name of a part is that of a HAR."""
    return part.name.lower().endswith(".har")


async def _begins_like_har(path: Path, part: Part) -> bool:
    """Look at how a part that stays inside begins; of one that cannot be opened, the name alone tells."""
    watch = Watch()
    with contextlib.suppress(ExtractionFailed):
        async with aclosing(part_limited(path, part.path, limit_bytes=PEEK)) as chunks:
            async for chunk in chunks:
                watch.see(chunk)
    return watch.has_seen_har or is_called_har(part)


async def _store(storage: Storage, path: Path, part: Part, room: int) -> StoredBytes:
    async with aclosing(part_limited(path, part.path, limit_bytes=room)) as chunks:
        return await storage.put(chunks, room)


async def forget(storage: Storage, unpacked: Iterable[Inside]) -> None:
    """Remove the bytes of parts that were not entered."""
    for one in unpacked:
        with contextlib.suppress(Unavailable):  # what stays is swept
            await storage.delete(one.stored.key)
