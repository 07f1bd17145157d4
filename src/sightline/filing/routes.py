"""Filing: an issue and the files it takes, in one step."""

from typing import Any

from fastapi import APIRouter, Request

from sightline.core.http import CurrentActor, Route, Writing
from sightline.core.idempotency import OnceKey
from sightline.filing import service
from sightline.issues import queries as issues
from sightline.issues.refs import Ref
from sightline.issues.routes import answer
from sightline.issues.schemas import IssueOut, IssueWish

router = APIRouter(prefix="/issues", route_class=Route, tags=["issues"])


@router.post("", status_code=201)
async def file_issue(
    session: Writing, actor: CurrentActor, request: Request, once: OnceKey, wish: IssueWish
) -> IssueOut:
    """File an issue, with the staged files it takes."""

    async def make() -> IssueOut:
        return await answer(session, actor, request, await service.file(session, actor, wish))

    async def still_visible(before: Any) -> None:
        await issues.get_visible(session, actor, Ref(id=before["id"]))

    filed: IssueOut = await once.run(session, make, still_visible)
    return filed
