"""Writing comments."""

from sightline.comments.changes import Commented, Posted, Received
from sightline.comments.models import Comment
from sightline.comments.schemas import CommentWish
from sightline.core.actor import OUTSIDER, Actor, May
from sightline.core.db import WriteSession
from sightline.core.errors import Forbidden, Invalid
from sightline.events.log import record
from sightline.issues import queries as issues
from sightline.issues.models import Issue
from sightline.issues.refs import Ref
from sightline.issues.service import keep_text


async def post(session: WriteSession, actor: Actor, ref: Ref, wish: CommentWish) -> Comment:
    """Comment on an issue; an internal comment touches nothing of it.

    Raises `NotFound`, `Forbidden` for an internal one from who does not see all, `Invalid` for the name of another.
    """
    issue = await issues.get_visible(session, actor, ref, locked=not wish.internal)
    if wish.author_id not in {None, actor.id}:
        raise Invalid("author_id", "must be your own id")
    if wish.internal and not actor.may(May.see_all):
        raise Forbidden("Only maintainers write internal comments.", code="field_forbidden")
    text_id = await keep_text(session, actor, wish.body)
    posted = Posted(issue_id=issue.id, author_id=actor.id or 0, text_id=text_id, is_internal=wish.internal)
    comment = Comment()
    await record(session, actor, comment, posted)
    if not wish.internal:
        await record(session, actor, issue, Commented(comment_id=comment.id), at=comment.created_at)
    return comment


async def receive(session: WriteSession, issue: Issue, body: str) -> Comment:
    """Enter a comment on a locked issue from somebody without an account."""
    text_id = await keep_text(session, OUTSIDER, body)
    comment = Comment()
    await record(session, OUTSIDER, comment, Received(issue_id=issue.id, text_id=text_id))
    await record(session, OUTSIDER, issue, Commented(comment_id=comment.id), at=comment.created_at)
    return comment
