"""Reading files; whether somebody may see one follows from its issue."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, or_, select

from sightline.attachments.models import Attachment
from sightline.core.actor import Actor
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.issues import queries as issues
from sightline.issues.models import Issue
from sightline.jobs.models import Job, JobState


def extraction_key(attachment_id: int) -> str:
    """Return the dedup key of the job that reads a file."""
    return f"extract:{attachment_id}"


def visible_to(actor: Actor) -> Select[Attachment]:
    """Select the files that `actor` may see: those of visible issues, and their own staged ones."""
    is_staged_by_actor = and_(Attachment.issue_id.is_(None), Attachment.uploader_id == actor.id)
    of_visible_issue = Attachment.issue_id.in_(select(Issue.id).where(issues.visible(actor)))
    return select(Attachment).where(Attachment.discarded_at.is_(None), or_(is_staged_by_actor, of_visible_issue))


async def get_visible(session: ReadSession, actor: Actor, attachment_id: int, *, locked: bool = False) -> Attachment:
    """Return one file the actor may see; raises `NotFound`."""
    query = visible_to(actor).where(Attachment.id == attachment_id)
    attachment = await session.scalar(_locked(query) if locked else query)
    if attachment is None:
        raise NotFound
    return attachment


async def of_issue(session: ReadSession, issue: Issue) -> Sequence[Attachment]:
    """Return the files of an issue, oldest first."""
    own = select(Attachment).where(Attachment.issue_id == issue.id, Attachment.discarded_at.is_(None))
    return (await session.scalars(own.order_by(Attachment.id))).all()


def _locked(query: Select[Attachment]) -> Select[Attachment]:
    return query.with_for_update(of=Attachment, key_share=True).execution_options(populate_existing=True)


async def inside(session: ReadSession, *attachments: Attachment, locked: bool = False) -> list[Attachment]:
    """Return the files that came out of files, and out of those."""
    found: list[Attachment] = []
    above = {one.id for one in attachments}
    while above:
        packed = select(Attachment).where(Attachment.parent_id.in_(above), Attachment.discarded_at.is_(None))
        ordered = packed.order_by(Attachment.id)
        these = (await session.scalars(_locked(ordered) if locked else ordered)).all()
        found += these
        above = {one.id for one in these}
    return found


async def running(session: ReadSession, ids: Collection[int]) -> set[int]:
    """Return those of the files that a worker is reading right now."""
    keys = {extraction_key(i): i for i in ids}
    found = await session.scalars(select(Job.dedup).where(Job.dedup.in_(keys), Job.state == JobState.running))
    return {keys[key] for key in found if key}
