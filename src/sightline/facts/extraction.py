"""The job that reads a file: the file goes to a limited process, facts and text come back, all in one commit."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from sightline.attachments import copies, keys, parts, quotas, recordings
from sightline.attachments import service as attachments
from sightline.attachments.changes import Extracted
from sightline.attachments.copies import Copy
from sightline.attachments.models import Attachment, Extraction
from sightline.attachments.parts import Inside
from sightline.attachments.quotas import Quotas
from sightline.attachments.storage import Missing, Storage
from sightline.core.actor import SYSTEM
from sightline.core.db import Database, ReadSession, WriteSession
from sightline.core.errors import Unavailable
from sightline.events.log import record
from sightline.extractors.discretion import holds_files
from sightline.extractors.reading import Part, Reading
from sightline.extractors.sandbox import ExtractionFailed, read_limited
from sightline.facts.keeping import keep_reading
from sightline.facts.recognising import Recogniser
from sightline.jobs import queue
from sightline.jobs.queue import Taken
from sightline.jobs.worker import Handler, JobFailed

RECOGNISE: Final = "recognise"
MOST_PARTS: Final = 100
MOST_DEEPER: Final = 20
MOST_IN_ALL: Final = 300

_Look = Callable[[Path, Attachment, "_Packed"], Awaitable["_Found"]]
_Pack = Callable[[ReadSession, Attachment], Awaitable["_Packed"]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """All that reading a file gave: facts and text, the copy to serve if it was made now, the files inside."""

    reading: Reading
    copy: Copy | None
    inside: list[Inside]
    is_unread: bool = False  # its pictures are yet to be recognised; people get the copy meanwhile
    may_hide_har: bool = False  # a file that stays inside may be one

    @property
    def keys(self) -> list[str]:
        """Under what the store has what was made or came out."""
        return [one.stored.key for one in self.inside] + ([self.copy.key] if self.copy and self.copy.key else [])


def handlers(storage: Storage, limit: int, allowed: Quotas) -> dict[str, Handler]:
    """Return what workers do with jobs that read a file; `limit` is how many bytes it may have.

    A file that shows its text as a picture is read again as a `recognise` job, for which others need not wait.
    """
    recogniser = Recogniser()

    async def look(path: Path, attachment: Attachment, packed: _Packed) -> _Found:
        reading = await _read(path, attachment)
        copy = await copies.make(storage, attachment, path, limit, is_recording=reading.is_recording)
        if recogniser.is_for(reading):
            return _Found(reading, copy, [], is_unread=True)
        return await _with_parts(storage, path, packed, reading, copy)

    async def look_closely(path: Path, attachment: Attachment, packed: _Packed) -> _Found:
        reading = await _read(path, attachment)
        if recogniser.is_for(reading):
            reading = await recogniser.complete(path, reading)
        return await _with_parts(storage, path, packed, reading, None)

    def reader(look: _Look) -> Handler:
        return Handler(partial(_run, storage, partial(_packed, limit, allowed), look), _give_up)

    soon = reader(look)
    return {attachments.EXTRACT: soon, attachments.EXTRACT_LATER: soon, RECOGNISE: reader(look_closely)}


async def _run(storage: Storage, pack: _Pack, look: _Look, database: Database, taken: Taken) -> None:
    async with database.reading() as session:
        attachment = await session.get(Attachment, taken.payload["attachment_id"])
        key = None if attachment is None or attachment.discarded_at is not None else attachment.storage_key
        packed = await pack(session, attachment) if attachment and key else None
    found = None
    if attachment and key and packed:
        try:
            async with storage.local(key) as path:
                found = await look(path, attachment, packed)
        except Missing as error:
            raise JobFailed("the stored file is missing") from error
    try:
        async with database.writing() as session:
            unwanted = await _keep(session, taken.payload["attachment_id"], found) if found else []
            if found and found.is_unread:
                await queue.hand_over(session, taken, RECOGNISE)
            else:
                await queue.finish(session, taken)
    except BaseException:
        await _forget(storage, found)
        raise
    for key in unwanted:
        await keys.discard(database, storage, key)


@dataclass(frozen=True, slots=True)
class _Packed:
    """What may come out of a file: `most` parts of `room` bytes in all, and none that came out before."""

    limit: int
    most: int
    room: int
    known: set[str]

    def wanted(self, listed: Sequence[Part]) -> list[Part]:
        return [part for part in listed[: self.most] if part.path not in self.known]


async def _packed(limit: int, allowed: Quotas, session: ReadSession, attachment: Attachment) -> _Packed:
    depth, count, size = await parts.so_far(session, attachment)
    most, room = (MOST_PARTS, limit) if depth == 0 else (MOST_DEEPER if depth < parts.DEEPEST else 0, limit // 10)
    most, room = min(most, max(MOST_IN_ALL - count, 0)), min(room, max(limit - size, 0))
    room = min(room, await quotas.room_inside(session, attachment.uploader_id, allowed))
    return _Packed(limit, most, room, await parts.known(session, attachment.id))


async def _read(path: Path, attachment: Attachment) -> Reading:
    try:
        return await read_limited(path, attachment.name or "")
    except ExtractionFailed as error:
        log.warning("extraction failed", attachment=attachment.id, reason=str(error), detail=error.detail)
        raise JobFailed(str(error), is_final=error.is_final) from error
    except OSError as error:
        raise JobFailed("the stored file cannot be opened") from error


async def _with_parts(storage: Storage, path: Path, packed: _Packed, reading: Reading, copy: Copy | None) -> _Found:
    inside, untold, may_hide_har = await parts.unpack(storage, path, packed.wanted(reading.parts), packed.room)
    if len(reading.parts) > packed.most:
        untold.append(f"Taken out: {packed.most} of {len(reading.parts)} files inside.")
        may_hide_har = may_hide_har or any(map(parts.is_called_har, reading.parts[packed.most :]))
    told = replace(reading, problems=(*reading.problems, *untold))
    return _Found(told, copy, inside, may_hide_har=may_hide_har)


async def _forget(storage: Storage, found: _Found | None) -> None:
    for key in found.keys if found else ():
        with contextlib.suppress(Unavailable):  # what stays is swept
            await storage.delete(key)


async def _keep(session: WriteSession, attachment_id: int, found: _Found) -> list[str]:
    """Keep everything in one commit; return the keys of what nobody needs any more.

    Nothing is kept of a file that was taken away while it was read.
    """
    holds_har = found.may_hide_har or any(one.stored.holds_har for one in found.inside)
    tells = holds_har or found.reading.is_recording
    # Locked before the file itself, as by whoever moves it: from the outermost in.
    holders = await recordings.holders(session, attachment_id) if tells else []
    attachment = await session.get_one(Attachment, attachment_id, with_for_update={"key_share": True})
    if attachment.discarded_at is not None:
        return found.keys
    replaced = None
    if found.copy:
        is_shut = holds_har or await recordings.are_inside(session, attachment)
        replaced = await copies.keep(session, attachment, found.copy.shut() if is_shut else found.copy)
    await recordings.withhold(session, [*holders, attachment] if holds_har else holders)
    if not found.is_unread:
        await attachments.enter_parts(session, attachment, found.inside)
        await keep_reading(session, attachment, found.reading)
    return [replaced] if replaced else []


async def _give_up(database: Database, taken: Taken, reason: str) -> None:
    async with database.writing() as session:
        attachment = await session.get_one(
            Attachment, taken.payload["attachment_id"], with_for_update={"key_share": True}
        )
        if holds_files(attachment.media_type):
            await recordings.withhold(session, [attachment])
        if attachment.extraction == Extraction.queued:
            problem = f"This file could not be read: {reason}."
            await record(
                session, SYSTEM, attachment, Extracted(status=Extraction.failed, found=None, problems=[problem])
            )
