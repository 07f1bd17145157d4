"""Comments as people see them."""

from collections.abc import Sequence

from sightline.comments import queries
from sightline.comments.models import Comment
from sightline.comments.schemas import CommentOut
from sightline.core.db import ReadSession
from sightline.core.markdown import to_html
from sightline.issues.shown import people


async def rendered(session: ReadSession, comments: Sequence[Comment]) -> list[CommentOut]:
    """Render comments with their texts and authors, in the same order."""
    texts = await queries.texts(session, [comment.text_id for comment in comments])
    authors = await people(session, {one.author_id for one in comments if one.author_id is not None})
    return [
        CommentOut(
            id=comment.id,
            issue=comment.issue_id,
            author=authors.get(comment.author_id or 0),
            body=texts[comment.text_id],
            body_html=to_html(texts[comment.text_id]),
            internal=comment.is_internal,
            created_at=comment.created_at,
            edited_at=None,
        )
        for comment in comments
    ]
