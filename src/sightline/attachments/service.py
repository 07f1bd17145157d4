"""Storing, claiming and discarding files."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Row, select, update

from sightline.attachments import names, queries
from sightline.attachments.changes import (
    Claimed,
    Discarded,
    Entered,
    Prepared,
    Received,
    Stored,
    Unpacked,
    Unwrapped,
)
from sightline.attachments.models import Attachment, Serving
from sightline.attachments.parts import Inside
from sightline.attachments.quotas import Quotas, must_fit_issue
from sightline.attachments.storage import Storage, StoredBytes
from sightline.attachments.upload import Arrived
from sightline.core import clock
from sightline.core.actor import OUTSIDER, SYSTEM, Actor, May
from sightline.core.db import Database, WriteSession
from sightline.core.errors import Conflict, Forbidden, Invalid, NotFound
from sightline.events.log import record
from sightline.extractors import detect, may_tell_too_much
from sightline.issues import changes as issue_changes
from sightline.issues import queries as issues
from sightline.issues.models import Issue
from sightline.issues.refs import Ref
from sightline.jobs import queue

EXTRACT: Final = "extract"
EXTRACT_LATER: Final = "extract.later"
SWEEP_FILES: Final = "sweep.files"
STAGED: Final = timedelta(hours=24)
AT_ONCE: Final = 500


async def store(session: WriteSession, actor: Actor, arrived: Sequence[Arrived]) -> list[Attachment]:
    """Enter files whose bytes are stored; each is staged, and queued to be read."""
    return [await _enter(session, actor, one) for one in arrived]


async def _enter(session: WriteSession, actor: Actor, one: Arrived) -> Attachment:
    change = Stored(**_told(one.stored, one.name), uploader_id=actor.id or 0)
    return await _admit(session, actor, one.stored, change)


def _told(stored: StoredBytes, name: str) -> dict[str, Any]:
    media_type = detect(stored.head, name)
    return {"name": name, "size": stored.size, "media_type": media_type, "sha256": stored.sha256}


async def _admit(session: WriteSession, actor: Actor, stored: StoredBytes, change: Entered) -> Attachment:
    attachment = Attachment(storage_key=stored.key)
    await record(session, actor, attachment, change)
    if stored.holds_har or may_tell_too_much(change.media_type, stored.head):
        await record(session, actor, attachment, Prepared(serving=Serving.withheld, copy_size=None))
    await extract(session, attachment)
    return attachment


async def extract(session: WriteSession, attachment: Attachment) -> None:
    """Let a file be read in another transaction, at once if somebody sent it; those that come out of files can wait."""
    kind = EXTRACT if attachment.parent_id is None else EXTRACT_LATER
    line = f"files of {attachment.uploader_id or 'outsiders'}"
    await queue.enqueue(
        session,
        kind,
        {"attachment_id": attachment.id},
        dedup=queries.extraction_key(attachment.id),
        attempts=3,
        line=line,
    )


async def extract_again(session: WriteSession, attachment_id: int) -> None:
    """Let a file be read once more, however often it was."""
    await queue.enqueue(session, EXTRACT_LATER, {"attachment_id": attachment_id}, attempts=3, line="read again")


async def enter_parts(session: WriteSession, parent: Attachment, unpacked: Sequence[Inside]) -> None:
    """Enter the files that came out of a file; they belong to whoever sent it, and to its issue."""
    for part, stored in unpacked:
        told = _told(stored, names.clean(part.name)) | {"parent_id": parent.id, "part": part.path}
        sent = Unwrapped if parent.uploader_id is None else partial(Unpacked, uploader_id=parent.uploader_id)
        await _admit(session, SYSTEM, stored, sent(**told, issue_id=parent.issue_id))


async def attach(
    session: WriteSession, actor: Actor, ref: Ref, arrived: Sequence[Arrived], quotas: Quotas
) -> list[Attachment]:
    """Enter files straight into an issue; raises `NotFound`, and `TooLarge` beyond what it may hold."""
    issue = await issues.get_visible(session, actor, ref, locked=True)
    stored = await store(session, actor, arrived)
    for attachment in stored:
        await _claim(session, actor, attachment, issue)
    await must_fit_issue(session, issue, quotas)
    return stored


async def receive(session: WriteSession, issue: Issue, arrived: Sequence[Arrived], quotas: Quotas) -> list[Attachment]:
    """Enter files from somebody without an account into a locked issue; raises `TooLarge` beyond what it may hold."""
    received = []
    for one in arrived:
        change = Received(**_told(one.stored, one.name), issue_id=issue.id)
        received.append(await _admit(session, OUTSIDER, one.stored, change))
        await record(session, OUTSIDER, issue, issue_changes.Attached(attachment_id=received[-1].id))
    await must_fit_issue(session, issue, quotas)
    return received


async def claim(session: WriteSession, actor: Actor, issue: Issue, ids: Sequence[int], quotas: Quotas) -> None:
    """Give staged files of the actor to an issue.

    Raises `Invalid` for any that is not theirs or taken, `TooLarge` beyond what the issue may hold.
    """
    for attachment_id in dict.fromkeys(ids):
        try:
            attachment = await queries.get_visible(session, actor, attachment_id, locked=True)
        except NotFound as error:
            raise Invalid("attachment_ids", "there is no such staged file") from error
        if attachment.issue_id is not None or attachment.parent_id is not None:
            raise Invalid("attachment_ids", "there is no such staged file")
        await _claim(session, actor, attachment, issue)
    if ids:
        await must_fit_issue(session, issue, quotas)


async def _claim(session: WriteSession, actor: Actor, attachment: Attachment, issue: Issue) -> None:
    for one in [attachment, *await queries.inside(session, attachment, locked=True)]:
        await record(session, actor, one, Claimed(issue_id=issue.id))
    await record(session, actor, issue, issue_changes.Attached(attachment_id=attachment.id))


async def discard(session: WriteSession, actor: Actor, attachment_id: int) -> None:
    """Take a file away; raises `Forbidden` unless the actor uploaded it or works the queue."""
    attachment = await queries.get_visible(session, actor, attachment_id)
    if attachment.issue_id is not None:
        issue = await issues.get_visible(session, actor, Ref(id=attachment.issue_id), locked=True)
    attachment = await queries.get_visible(session, actor, attachment_id, locked=True)
    if attachment.uploader_id != actor.id and not actor.may(May.triage):
        raise Forbidden("Only who uploaded a file, or a maintainer, may take it away.")
    if attachment.parent_id is not None:
        raise Conflict("This file came inside another one: take that one away.", code="part_of_file")
    for one in [attachment, *await queries.inside(session, attachment, locked=True)]:
        await record(session, actor, one, Discarded())
    if attachment.issue_id is not None:
        await record(session, actor, issue, issue_changes.Detached(attachment_id=attachment.id))
    # At once: what was taken away counts in no quota, so it must not lie there either.
    await queue.enqueue(session, SWEEP_FILES, {})


async def sweep(database: Database, storage: Storage) -> None:
    """Discard staged files of yesterday, and remove the bytes of discarded ones."""
    while await _discard_old(database):
        pass
    while doomed := await _doomed(database):
        for attachment_id, of_file, of_copy in doomed:
            for key in filter(None, (of_file, of_copy)):
                await storage.delete(key)
            gone = update(Attachment).where(Attachment.id == attachment_id)
            async with database.writing() as session:
                await session.execute(gone.values(storage_key=None, copy_key=None))


async def _discard_old(database: Database) -> bool:
    old = select(Attachment).where(Attachment.issue_id.is_(None), Attachment.discarded_at.is_(None))
    async with database.writing() as session:
        found = await session.scalars(old.where(Attachment.created_at < clock.now() - STAGED).limit(AT_ONCE))
        staged = found.all()
        for attachment in staged:
            await record(session, SYSTEM, attachment, Discarded())
    return bool(staged)


async def _doomed(database: Database) -> Sequence[Row[int, str | None, str | None]]:
    gone = select(Attachment.id, Attachment.storage_key, Attachment.copy_key).where(
        Attachment.discarded_at.is_not(None), Attachment.storage_key.is_not(None)
    )
    async with database.reading() as session:
        return (await session.execute(gone.limit(AT_ONCE))).all()
