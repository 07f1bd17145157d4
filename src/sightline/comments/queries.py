"""Reading comments; whether somebody may see one follows from its issue, and internal ones are for the team."""

from collections.abc import Collection

from sqlalchemy import Select, func, select

from sightline.comments.models import Comment
from sightline.core.actor import Actor, May
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.issues import queries as issues
from sightline.issues.models import Issue, Revision


def public_of(issue: Issue) -> Select[Comment]:
    """Select the comments on an issue that everybody may read who sees it."""
    return select(Comment).where(Comment.issue_id == issue.id, Comment.is_internal.is_(False))


def visible_of(issue: Issue, actor: Actor) -> Select[Comment]:
    """Select the comments on a visible issue that `actor` may see."""
    return select(Comment).where(Comment.issue_id == issue.id) if actor.may(May.see_all) else public_of(issue)


async def get_visible(session: ReadSession, actor: Actor, comment_id: int) -> Comment:
    """Return one comment the actor may see; raises `NotFound`."""
    query = select(Comment).join(Issue, Issue.id == Comment.issue_id)
    query = query.where(Comment.id == comment_id, issues.visible(actor))
    comment = await session.scalar(query)
    if comment is None or (comment.is_internal and not actor.may(May.see_all)):
        raise NotFound
    return comment


async def texts(session: ReadSession, ids: Collection[int]) -> dict[int, str]:
    """Return {id: text} of revisions."""
    rows = await session.execute(select(Revision.id, Revision.text).where(Revision.id.in_(ids)))
    return {row.id: row.text for row in rows}


async def received(session: ReadSession, issue: Issue) -> int:
    """Return how many comments on an issue came from outside."""
    counted = select(func.count()).where(Comment.issue_id == issue.id, Comment.author_id.is_(None))
    return (await session.execute(counted)).scalar_one()
