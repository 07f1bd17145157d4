"""Reading facts; whether somebody may see one follows from its file or issue."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from sightline.attachments import queries as attachments
from sightline.attachments.models import Attachment
from sightline.core.actor import Actor
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.facts.models import Fact, TextChunk
from sightline.issues import queries as issues
from sightline.issues.models import Issue


def visible_to(actor: Actor) -> Select[Fact]:
    """Select the facts of files and issues that `actor` may see."""
    of_file = Fact.attachment_id.in_(attachments.visible_to(actor).with_only_columns(Attachment.id))
    of_issue = Fact.issue_id.in_(select(Issue.id).where(issues.visible(actor)))
    return select(Fact).where(Fact.value.is_not(None), or_(of_file, of_issue))


async def get_visible(session: ReadSession, actor: Actor, fact_id: int) -> Fact:
    """Return one fact the actor may see, holding its row in a write; raises `NotFound`."""
    fact = await session.scalar(visible_to(actor).where(Fact.id == fact_id).with_for_update(of=Fact, key_share=True))
    if fact is None:
        raise NotFound
    return fact


async def of_attachment(session: ReadSession, attachment: Attachment) -> Sequence[Fact]:
    """Return the facts of a file, by name."""
    return await _listed(session, Fact.attachment_id == attachment.id)


async def of_issue(session: ReadSession, issue: Issue) -> Sequence[Fact]:
    """Return the facts of an issue and its files, by name."""
    files = select(Attachment.id).where(Attachment.issue_id == issue.id, Attachment.discarded_at.is_(None))
    return await _listed(session, or_(Fact.issue_id == issue.id, Fact.attachment_id.in_(files)))


async def _listed(session: ReadSession, which: ColumnElement[bool]) -> Sequence[Fact]:
    query = select(Fact).where(which, Fact.value.is_not(None)).order_by(Fact.name, Fact.id)
    return (await session.scalars(query)).all()


async def ever_read(session: ReadSession, attachment: Attachment) -> dict[str, Fact]:
    """Return {name: fact} of a file, also of those that are not read any more."""
    found = await session.scalars(select(Fact).where(Fact.attachment_id == attachment.id))
    return {fact.name: fact for fact in found}


async def text(session: ReadSession, attachment: Attachment, ordinal: int) -> Sequence[TextChunk]:
    """Return a chunk of a file's text, and the one after it when there is one."""
    own = select(TextChunk).where(TextChunk.attachment_id == attachment.id, TextChunk.ordinal >= ordinal)
    return (await session.scalars(own.order_by(TextChunk.ordinal).limit(2))).all()
