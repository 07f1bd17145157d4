"""The job that reads a file: the file goes to a limited process, facts and text come back, all in one commit."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from sqlalchemy import delete

from sightline.attachments.changes import Extracted
from sightline.attachments.models import Attachment, Extraction
from sightline.attachments.storage import Storage
from sightline.core.actor import SYSTEM
from sightline.core.db import Database, WriteSession
from sightline.events.log import record, record_many
from sightline.extractors.reading import Fact as FactRead
from sightline.extractors.reading import Reading
from sightline.extractors.sandbox import ExtractionFailed, read_limited
from sightline.facts import queries
from sightline.facts.changes import Read, Reread
from sightline.facts.models import Fact, FactType, TextChunk
from sightline.jobs import queue
from sightline.jobs.queue import Taken
from sightline.jobs.worker import Handler, JobFailed

CHUNK: Final = 500

log = structlog.get_logger(__name__)


def handler(storage: Storage) -> Handler:
    """Return what the worker does with `extract` jobs."""

    async def run(database: Database, taken: Taken) -> None:
        async with database.reading() as session:
            attachment = await session.get(Attachment, taken.payload["attachment_id"])
        is_gone = attachment is None or attachment.storage_key is None or attachment.discarded_at is not None
        reading = None if attachment is None or is_gone else await _read(storage, attachment)
        async with database.writing() as session:
            if reading is not None:
                await _keep(session, taken.payload["attachment_id"], reading)
            await queue.finish(session, taken)

    return Handler(run, _give_up)


async def _read(storage: Storage, attachment: Attachment) -> Reading:
    try:
        return await read_limited(storage.path(attachment.storage_key or ""), attachment.name or "")
    except ExtractionFailed as error:
        log.warning("extraction failed", attachment=attachment.id, reason=str(error), detail=error.detail)
        raise JobFailed(str(error)) from error
    except OSError as error:
        raise JobFailed("the stored file cannot be opened") from error


async def _keep(session: WriteSession, attachment_id: int, reading: Reading) -> None:
    attachment = await session.get_one(Attachment, attachment_id, with_for_update={"key_share": True})
    await _keep_facts(session, attachment, reading.facts)
    await session.execute(delete(TextChunk).where(TextChunk.attachment_id == attachment_id))
    lines = [[one.line, one.text, one.page, one.box] for one in reading.text]
    for ordinal, start in enumerate(range(0, len(lines), CHUNK)):
        session.add(TextChunk(attachment_id=attachment_id, ordinal=ordinal, lines=lines[start : start + CHUNK]))
    status = Extraction.done if reading.kind or reading.facts else Extraction.none
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
