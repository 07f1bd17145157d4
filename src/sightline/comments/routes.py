"""Comments over HTTP: list and write."""

from typing import Annotated, Any, Final

from fastapi import Depends

from sightline.comments import queries, service, shown
from sightline.comments.models import Comment
from sightline.comments.schemas import CommentOut, Comments, CommentWish
from sightline.core.http import CurrentActor, Reading, Writing, api_router
from sightline.core.idempotency import OnceKey
from sightline.core.pages import Keyset, PageWish, page_wish
from sightline.issues import queries as issues
from sightline.issues.refs import IssueRef

OLDEST_FIRST: Final = Keyset("comments", (Comment.id.expression, False))

router = api_router("/issues", tags=["comments"])


@router.get("/{issue_ref}/comments")
async def list_comments(
    session: Reading, actor: CurrentActor, issue_ref: IssueRef, wish: Annotated[PageWish, Depends(page_wish)]
) -> Comments:
    """List the comments on one issue, oldest first; internal ones to maintainers alone."""
    issue = await issues.get_visible(session, actor, issue_ref)
    query = OLDEST_FIRST.page_of(queries.visible_of(issue, actor), wish)
    found, following = OLDEST_FIRST.split((await session.execute(query)).all(), wish)
    return Comments(items=await shown.rendered(session, found), next_cursor=following)


@router.post("/{issue_ref}/comments", status_code=201)
async def post_comment(
    session: Writing, actor: CurrentActor, once: OnceKey, issue_ref: IssueRef, wish: CommentWish
) -> CommentOut:
    """Comment on one issue."""

    async def make() -> CommentOut:
        comment = await service.post(session, actor, issue_ref, wish)
        return (await shown.rendered(session, [comment]))[0]

    async def still_visible(before: Any) -> None:
        await queries.get_visible(session, actor, before["id"])

    answer: CommentOut = await once.run(session, make, still_visible)
    return answer
