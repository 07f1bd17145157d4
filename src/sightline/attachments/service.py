"""Storing, claiming and discarding files."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from sightline.attachments import queries
from sightline.attachments.changes import Claimed, Discarded, Stored
from sightline.attachments.models import Attachment
from sightline.attachments.storage import Storage
from sightline.attachments.upload import Arrived
from sightline.core import clock
from sightline.core.actor import SYSTEM, Actor, May
from sightline.core.db import Database, ReadSession, WriteSession
from sightline.core.errors import Forbidden, Invalid, NotFound
from sightline.events.log import record
from sightline.extractors import detect
from sightline.issues import changes as issue_changes
from sightline.issues import queries as issues
from sightline.issues.models import Issue
from sightline.issues.refs import Ref
from sightline.jobs import queue

EXTRACT: Final = "extract"
STAGED: Final = timedelta(hours=24)
AT_ONCE: Final = 500


async def store(session: WriteSession, actor: Actor, arrived: Sequence[Arrived]) -> list[Attachment]:
    """Enter files whose bytes are stored; each is staged, and queued to be read."""
    return [await _enter(session, actor, one) for one in arrived]


async def _enter(session: WriteSession, actor: Actor, one: Arrived) -> Attachment:
    attachment = Attachment(storage_key=one.stored.key)
    change = Stored(
        name=one.name,
        size=one.stored.size,
        media_type=detect(one.stored.head, one.name),
        sha256=one.stored.sha256,
        uploader_id=actor.id or 0,
    )
    await record(session, actor, attachment, change)
    await queue.enqueue(
        session, EXTRACT, {"attachment_id": attachment.id}, dedup=queries.extraction_key(attachment.id), attempts=3
    )
    return attachment


async def attach(session: WriteSession, actor: Actor, ref: Ref, arrived: Sequence[Arrived]) -> list[Attachment]:
    """Enter files straight into an issue; raises `NotFound`."""
    issue = await issues.get_visible(session, actor, ref, locked=True)
    stored = await store(session, actor, arrived)
    for attachment in stored:
        await _claim(session, actor, attachment, issue)
    return stored


async def claim(session: WriteSession, actor: Actor, issue: Issue, ids: Sequence[int]) -> None:
    """Give staged files of the actor to an issue; raises `Invalid` for any that is not theirs or taken."""
    for attachment_id in dict.fromkeys(ids):
        try:
            attachment = await queries.get_visible(session, actor, attachment_id, locked=True)
        except NotFound as error:
            raise Invalid("attachment_ids", "there is no such staged file") from error
        if attachment.issue_id is not None:
            raise Invalid("attachment_ids", "there is no such staged file")
        await _claim(session, actor, attachment, issue)


async def _claim(session: WriteSession, actor: Actor, attachment: Attachment, issue: Issue) -> None:
    await record(session, actor, attachment, Claimed(issue_id=issue.id))
    await record(session, actor, issue, issue_changes.Attached(attachment_id=attachment.id))


async def discard(session: WriteSession, actor: Actor, attachment_id: int) -> None:
    """Take a file away; raises `Forbidden` unless the actor uploaded it or works the queue."""
    attachment = await queries.get_visible(session, actor, attachment_id)
    if attachment.issue_id is not None:
        issue = await issues.get_visible(session, actor, Ref(id=attachment.issue_id), locked=True)
        attachment = await queries.get_visible(session, actor, attachment_id, locked=True)
    if attachment.uploader_id != actor.id and not actor.may(May.triage):
        raise Forbidden("Only who uploaded a file, or a maintainer, may take it away.")
    await record(session, actor, attachment, Discarded())
    if attachment.issue_id is not None:
        await record(session, actor, issue, issue_changes.Detached(attachment_id=attachment.id))


async def sweep(database: Database, storage: Storage) -> None:
    """Discard staged files of yesterday, and remove the bytes of discarded ones."""
    async with database.writing() as session:
        old = select(Attachment).where(Attachment.issue_id.is_(None), Attachment.discarded_at.is_(None))
        for attachment in await session.scalars(old.where(Attachment.created_at < clock.now() - STAGED).limit(AT_ONCE)):
            await record(session, SYSTEM, attachment, Discarded())
    async with database.reading() as session:
        doomed = await _doomed(session)
    for attachment_id, key in doomed:
        await storage.delete(key)
        async with database.writing() as session:
            await session.execute(update(Attachment).where(Attachment.id == attachment_id).values(storage_key=None))


async def _doomed(session: ReadSession) -> list[tuple[int, str]]:
    gone = select(Attachment.id, Attachment.storage_key).where(
        Attachment.discarded_at.is_not(None), Attachment.storage_key.is_not(None)
    )
    return [(row[0], str(row[1])) for row in await session.execute(gone.limit(AT_ONCE))]
