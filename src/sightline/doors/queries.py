"""What somebody without an account may see: a project whose door is open, and the one issue that a token leads to."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from sightline.attachments.models import Attachment
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.core.secrets import digest
from sightline.doors.models import Receipt
from sightline.issues.models import Issue
from sightline.projects import queries as projects
from sightline.projects.models import Project


async def open_door(session: ReadSession, key: str) -> Project:
    """Return the project with this key when its door is open; raises `NotFound`."""
    project = await projects.get(session, key)
    if not project.has_door:
        raise NotFound
    return project


async def issue_of(session: ReadSession, token: str, *, locked: bool = False) -> Issue:
    """Return the issue that a token leads to, unless it is in the trash; raises `NotFound`."""
    led = select(Issue).join(Receipt, Receipt.issue_id == Issue.id)
    query = led.where(Receipt.token_hash == digest(token), Issue.has_receipt.is_(True), Issue.deleted_at.is_(None))
    issue = await session.scalar(query.with_for_update(of=Issue, key_share=True) if locked else query)
    if issue is None:
        raise NotFound
    return issue


def _sent(issue: Issue) -> Select[Attachment]:
    return select(Attachment).where(
        Attachment.issue_id == issue.id,
        Attachment.uploader_id.is_(None),
        Attachment.parent_id.is_(None),
        Attachment.discarded_at.is_(None),
    )


async def files_of(session: ReadSession, issue: Issue) -> Sequence[Attachment]:
    """Return the files on an issue that came without an account, oldest first."""
    return (await session.scalars(_sent(issue).order_by(Attachment.id))).all()


async def count_files(session: ReadSession, issue: Issue) -> int:
    """Return how many files on an issue came without an account."""
    return (await session.execute(_sent(issue).with_only_columns(func.count()))).scalar_one()
