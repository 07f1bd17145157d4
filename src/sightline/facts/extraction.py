"""The job that reads a file: the file goes to a limited process, facts and text come back, all in one commit."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import delete

from sightline.attachments import copies, keys, parts, recordings
from sightline.attachments import service as attachments
from sightline.attachments.changes import Extracted
from sightline.attachments.copies import Copy
from sightline.attachments.models import Attachment, Extraction
from sightline.attachments.parts import Inside
from sightline.attachments.storage import Missing, Storage
from sightline.core.actor import SYSTEM
from sightline.core.db import Database, ReadSession, WriteSession
from sightline.core.errors import Unavailable
from sightline.events.log import record, record_many
from sightline.extractors.reading import Fact as FactRead
from sightline.extractors.reading import Part, Reading
from sightline.extractors.sandbox import ExtractionFailed, read_limited
from sightline.facts import queries
from sightline.facts.changes import Read, Reread
from sightline.facts.models import Fact, FactType, TextChunk
from sightline.facts.recognising import Recogniser
from sightline.jobs import queue
from sightline.jobs.queue import Taken
from sightline.jobs.worker import Handler, JobFailed

RECOGNISE: Final = "recognise"
CHUNK: Final = 500
MOST_PARTS: Final = 100
MOST_DEEPER: Final = 20
MOST_IN_ALL: Final = 300

_Look = Callable[[Path, Attachment, "_Packed"], Awaitable["_Found"]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """All that reading a file gave: facts and text, the copy to serve if it was made now, the files inside."""

    reading: Reading
    copy: Copy | None
    inside: list[Inside]
    is_unread: bool = False  # its pictures are yet to be recognised; people get the copy meanwhile


def handlers(storage: Storage, limit: int) -> dict[str, Handler]:
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
        return Handler(partial(_run, storage, limit, look), _give_up)

    soon = reader(look)
    return {attachments.EXTRACT: soon, attachments.EXTRACT_LATER: soon, RECOGNISE: reader(look_closely)}


async def _run(storage: Storage, limit: int, look: _Look, database: Database, taken: Taken) -> None:
    async with database.reading() as session:
        attachment = await session.get(Attachment, taken.payload["attachment_id"])
        key = None if attachment is None or attachment.discarded_at is not None else attachment.storage_key
        packed = await _packed(session, attachment, limit) if attachment and key else None
    found = None
    if attachment and key and packed:
        try:
            async with storage.local(key) as path:
                found = await look(path, attachment, packed)
        except Missing as error:
            raise JobFailed("the stored file is missing") from error
    try:
        async with database.writing() as session:
            replaced = found and await _keep(session, taken.payload["attachment_id"], found)
            if found and found.is_unread:
                await queue.hand_over(session, taken, RECOGNISE)
            else:
                await queue.finish(session, taken)
    except BaseException:
        await _forget(storage, found)
        raise
    if replaced:
        await keys.discard(database, storage, replaced)


@dataclass(frozen=True, slots=True)
class _Packed:
    """What may come out of a file: `most` parts of `room` bytes in all, and none that came out before."""

    limit: int
    most: int
    room: int
    known: set[str]

    def wanted(self, listed: Sequence[Part]) -> list[Part]:
        return [part for part in listed[: self.most] if part.path not in self.known]


async def _packed(session: ReadSession, attachment: Attachment, limit: int) -> _Packed:
    depth, count, size = await parts.so_far(session, attachment)
    most, room = (MOST_PARTS, limit) if depth == 0 else (MOST_DEEPER if depth < parts.DEEPEST else 0, limit // 10)
    most, room = min(most, max(MOST_IN_ALL - count, 0)), min(room, max(limit - size, 0))
    return _Packed(limit, most, room, await parts.known(session, attachment.id))


async def _read(path: Path, attachment: Attachment) -> Reading:
    try:
        return await read_limited(path, attachment.name or "")
    except ExtractionFailed as error:
        log.warning("extraction failed", attachment=attachment.id, reason=str(error), detail=error.detail)
        raise JobFailed(str(error)) from error
    except OSError as error:
        raise JobFailed("the stored file cannot be opened") from error


async def _with_parts(storage: Storage, path: Path, packed: _Packed, reading: Reading, copy: Copy | None) -> _Found:
    inside, untold = await parts.unpack(storage, path, packed.wanted(reading.parts), packed.room)
    if len(reading.parts) > packed.most:
        untold.append(f"Taken out: {packed.most} of {len(reading.parts)} files inside.")
    return _Found(replace(reading, problems=(*reading.problems, *untold)), copy, inside)


async def _forget(storage: Storage, found: _Found | None) -> None:
    if found is None:
        return
    await parts.forget(storage, found.inside)
    if found.copy and found.copy.key:
        with contextlib.suppress(Unavailable):  # what stays is swept
            await storage.delete(found.copy.key)


async def _keep(session: WriteSession, attachment_id: int, found: _Found) -> str | None:
    """Keep everything in one commit; return the key of the copy that was served before."""
    holds_har = any(one.stored.holds_har for one in found.inside)
    tells = holds_har or found.reading.is_recording
    # Locked before the file itself, as by whoever moves it: from the outermost in.
    holders = await recordings.holders(session, attachment_id) if tells else []
    attachment = await session.get_one(Attachment, attachment_id, with_for_update={"key_share": True})
    replaced = None
    if found.copy:
        is_shut = holds_har or await recordings.are_inside(session, attachment)
        replaced = await copies.keep(session, attachment, found.copy.shut() if is_shut else found.copy)
    await recordings.withhold(session, [*holders, attachment] if holds_har else holders)
    if not found.is_unread:
        await _keep_reading(session, attachment, found)
    return replaced


async def _keep_reading(session: WriteSession, attachment: Attachment, found: _Found) -> None:
    reading = found.reading
    await _keep_facts(session, attachment, reading.facts)
    await attachments.enter_parts(session, attachment, found.inside)
    await session.execute(delete(TextChunk).where(TextChunk.attachment_id == attachment.id))
    lines = [[one.line, one.text, one.page, one.box] for one in reading.text]
    for ordinal, start in enumerate(range(0, len(lines), CHUNK)):
        session.add(TextChunk(attachment_id=attachment.id, ordinal=ordinal, lines=lines[start : start + CHUNK]))
    status = Extraction.done if reading.kind or reading.facts or reading.parts else Extraction.none
    await record(
        session, SYSTEM, attachment, Extracted(status=status, found=reading.kind, problems=list(reading.problems))
    )


async def _keep_facts(session: WriteSession, attachment: Attachment, found: Sequence[FactRead]) -> None:
    known = await queries.ever_read(session, attachment)
    new = [(Fact(attachment=attachment), _first(attachment, one)) for one in found if one.name not in known]
    readings = {one.name: one for one in found}
    changed = [
        (fact, _again(fact, readings.get(name))) for name, fact in known.items() if _differs(fact, readings.get(name))
    ]
    with session.no_autoflush:
        await record_many(session, SYSTEM, [*new, *changed])


def _first(attachment: Attachment, one: FactRead) -> Read:
    return Read(
        attachment_id=attachment.id,
        name=one.name,
        type=FactType(one.type),
        extractor=one.extractor,
        reading=_stored(one),
    )


def _again(fact: Fact, one: FactRead | None) -> Reread:
    before = (fact.reading or {}).get("value")
    if one is None:
        return Reread(
            name=fact.name, type=FactType(fact.type), extractor=fact.extractor or "", before=before, reading=None
        )
    return Reread(name=one.name, type=FactType(one.type), extractor=one.extractor, before=before, reading=_stored(one))


def _differs(fact: Fact, one: FactRead | None) -> bool:
    return fact.reading != (None if one is None else _stored(one))


def _stored(one: FactRead) -> dict[str, Any]:
    others = [{"value": o.value, "locator": _place(o.locator), "confidence": o.confidence} for o in one.alternatives]
    return {
        "value": one.value,
        "locator": _place(one.locator),
        "confidence": one.confidence,
        "version": one.version,
        "alternatives": others,
    }


def _place(locator: Any) -> dict[str, Any]:
    place: dict[str, Any] = locator.to_dict()
    return place | ({"box": list(place["box"])} if "box" in place else {})


async def _give_up(database: Database, taken: Taken, reason: str) -> None:
    async with database.writing() as session:
        attachment = await session.get_one(
            Attachment, taken.payload["attachment_id"], with_for_update={"key_share": True}
        )
        if attachment.extraction == Extraction.queued:
            problem = f"This file could not be read: {reason}."
            await record(
                session, SYSTEM, attachment, Extracted(status=Extraction.failed, found=None, problems=[problem])
            )
