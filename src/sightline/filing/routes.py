"""Filing: an issue and the files it takes, or one more time that it was seen, in one step."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request

from sightline.attachments.quotas import Quotas
from sightline.core.actor import Actor
from sightline.core.http import CurrentActor, Writing, api_router
from sightline.core.idempotency import OnceKey
from sightline.filing import service
from sightline.issues import queries as issues
from sightline.issues.refs import IssueRef, Ref
from sightline.issues.routes import answer
from sightline.issues.schemas import IssueOut, IssueWish, OccurrenceWish

router = api_router("/issues", tags=["issues"])


@router.post("", status_code=201)
async def file_issue(
    session: Writing, actor: CurrentActor, request: Request, once: OnceKey, wish: IssueWish
) -> IssueOut:
    """File an issue, with the staged files it takes."""

    async def make() -> IssueOut:
        return await answer(session, actor, request, await service.file(session, actor, wish, _quotas(request)))

    return await _once(session, actor, once, make)


@router.post("/{issue_ref}/occurrences", status_code=201)
async def add_occurrence(
    session: Writing, actor: CurrentActor, request: Request, once: OnceKey, issue_ref: IssueRef, wish: OccurrenceWish
) -> IssueOut:
    """Count that one issue was seen again, in the staged files that it takes."""

    async def make() -> IssueOut:
        issue = await service.add_occurrence(session, actor, issue_ref, wish.attachment_ids, _quotas(request))
        return await answer(session, actor, request, issue)

    return await _once(session, actor, once, make)


def _quotas(request: Request) -> Quotas:
    return Quotas.of(request.app.state.settings)


async def _once(session: Writing, actor: Actor, once: OnceKey, make: Callable[[], Awaitable[IssueOut]]) -> IssueOut:
    async def still_visible(before: Any) -> None:
        await issues.get_visible(session, actor, Ref(id=before["id"]))

    made: IssueOut = await once.run(session, make, still_visible)
    return made
