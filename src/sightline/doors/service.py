"""Handing in, replying and adding files without an account; ending and renewing the link to a receipt."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select

from sightline.attachments import quotas
from sightline.attachments import service as attachments
from sightline.attachments.models import Attachment
from sightline.attachments.names import as_title
from sightline.attachments.quotas import Quotas
from sightline.attachments.upload import Arrived
from sightline.comments import queries as comments
from sightline.comments import service as comment_service
from sightline.comments.models import Comment
from sightline.core import clock
from sightline.core.actor import OUTSIDER, Actor, May
from sightline.core.db import WriteSession, serialise
from sightline.core.errors import Conflict, Invalid
from sightline.core.secrets import digest, fresh
from sightline.doors import limits, queries
from sightline.doors.changes import ReceiptRenewed, ReceiptRevoked
from sightline.doors.models import Receipt
from sightline.doors.schemas import Submission
from sightline.events.log import record
from sightline.issues import queries as issue_queries
from sightline.issues import service as issues
from sightline.issues.models import Issue
from sightline.issues.refs import Ref

LONGEST_TITLE: Final = 200
PREFIX: Final = "slk_"


async def submitted(session: WriteSession, token: str) -> Issue | None:
    """Return what was handed in under this token already, one at a time; raises `NotFound` when it is in the trash."""
    await serialise(session, f"receipt:{digest(token)}")
    known = await session.scalar(select(Receipt.issue_id).where(Receipt.token_hash == digest(token)))
    return await queries.issue_of(session, token) if known else None


async def submit(
    session: WriteSession, key: str, wish: Submission, arrived: Sequence[Arrived], allowed: Quotas
) -> Issue:
    """Make an issue.

    Raises `NotFound` when the door is not open (any more), `Invalid` for nothing at all, `TooLarge` beyond a quota.
    """
    project = await queries.open_door(session, key)
    title = wish.title or next(iter(_titles(wish, arrived)), None)
    if title is None:
        raise Invalid("text", "write something, or add a file")
    issue = await issues.submit(session, project, title, wish.text)
    await _receive(session, issue, arrived, allowed)
    return issue


def _titles(wish: Submission, arrived: Sequence[Arrived]) -> list[str]:
    lines = [" ".join(line.lstrip("#> ").split()) for line in wish.text.splitlines()]
    found = [*lines, *(as_title(one.name) or one.name for one in arrived)]
    return [title[:LONGEST_TITLE] for title in found if title]


async def _receive(
    session: WriteSession, issue: Issue, arrived: Sequence[Arrived], allowed: Quotas
) -> list[Attachment]:
    if arrived:
        await quotas.admit(session, OUTSIDER, (one.stored.size for one in arrived), allowed)
    return await attachments.receive(session, issue, arrived, allowed)


async def link(session: WriteSession, issue: Issue, token: str) -> None:
    """Let this token, and no other, lead to the receipt of an issue."""
    await session.execute(delete(Receipt).where(Receipt.issue_id == issue.id))
    session.add(Receipt(issue_id=issue.id, token_hash=digest(token), created_at=clock.now()))
    await session.flush()


async def reply(session: WriteSession, token: str, body: str) -> Comment:
    """Comment by a receipt; raises `NotFound`, `Conflict` after too many."""
    issue = await queries.issue_of(session, token, locked=True)
    if await comments.received(session, issue) >= limits.REPLIES:
        raise Conflict(f"A receipt takes {limits.REPLIES} replies at most.", code="receipt_full")
    return await comment_service.receive(session, issue, body)


async def add_files(session: WriteSession, token: str, arrived: Sequence[Arrived], allowed: Quotas) -> list[Attachment]:
    """Add files by a receipt; raises `NotFound`, `Conflict` after too many, `TooLarge` beyond a quota."""
    issue = await queries.issue_of(session, token, locked=True)
    if await queries.count_files(session, issue) + len(arrived) > limits.FILES:
        raise Conflict(f"A receipt takes {limits.FILES} files at most.", code="receipt_full")
    return await _receive(session, issue, arrived, allowed)


async def revoke(session: WriteSession, actor: Actor, ref: Ref) -> None:
    """End the link to a receipt; raises `NotFound`, `Forbidden`, and `Conflict` for an issue without one."""
    issue = await _handed_in(session, actor, ref)
    if issue.has_receipt:
        await record(session, actor, issue, ReceiptRevoked())
        await session.execute(delete(Receipt).where(Receipt.issue_id == issue.id))


async def renew(session: WriteSession, actor: Actor, ref: Ref) -> str:
    """End the link to a receipt and return the token of a new one; raises like `revoke`."""
    issue = await _handed_in(session, actor, ref)
    await record(session, actor, issue, ReceiptRenewed())
    token = fresh(PREFIX)
    await link(session, issue, token)
    return token


async def _handed_in(session: WriteSession, actor: Actor, ref: Ref) -> Issue:
    issue = await issue_queries.get_visible(session, actor, ref, locked=True)
    actor.must(May.triage)
    if issue.has_receipt is None:
        raise Conflict("This issue did not come through the public door.", code="no_receipt")
    return issue
