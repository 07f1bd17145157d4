"""Issues over HTTP: list, read, edit, label, trash, restore, timeline."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from sightline.core.actor import Actor, Role
from sightline.core.db import ReadSession
from sightline.core.etags import if_match, show_version
from sightline.core.http import CurrentActor, Reading, Writing, api_router, needs
from sightline.core.pages import Keyset, PageWish, page_wish
from sightline.events.models import Event
from sightline.issues import queries, service, shown
from sightline.issues.models import Issue
from sightline.issues.refs import IssueRef
from sightline.issues.schemas import IssueEdit, IssueOut, LabelSet, Timeline

POSITION: Final = "X-Sightline-Position"
BY_SEQ: Final = Keyset("timeline", (Event.seq.expression, False))
router = api_router("/issues", tags=["issues"])


async def answer(session: ReadSession, actor: Actor, request: Request, issue: Issue) -> IssueOut:
    """Render one issue, with its version in the ETag."""
    show_version(request, issue.version)
    return await shown.one(session, actor, issue)


@router.get("/{issue_ref}")
async def read_issue(
    session: Reading, actor: CurrentActor, request: Request, response: Response, issue_ref: IssueRef
) -> IssueOut:
    """Return one issue."""
    response.headers[POSITION] = str(await queries.position(session, actor))
    return await answer(session, actor, request, await queries.get_visible(session, actor, issue_ref))


@router.patch("/{issue_ref}")
async def edit_issue(
    session: Writing,
    actor: CurrentActor,
    request: Request,
    issue_ref: IssueRef,
    wish: IssueEdit,
    seen: Annotated[int | None, Depends(if_match)],
) -> IssueOut:
    """Change fields of one issue; the body or `If-Match` names the version it saw."""
    return await answer(session, actor, request, await service.edit(session, actor, issue_ref, wish, seen))


@router.put("/{issue_ref}/labels", openapi_extra=needs(Role.maintainer))
async def set_labels(
    session: Writing, actor: CurrentActor, request: Request, issue_ref: IssueRef, wish: LabelSet
) -> IssueOut:
    """Replace the labels of one issue; of two at once exactly one set stands."""
    return await answer(session, actor, request, await service.relabel(session, actor, issue_ref, wish))


@router.delete("/{issue_ref}", status_code=204, openapi_extra=needs(Role.admin))
async def delete_issue(session: Writing, actor: CurrentActor, issue_ref: IssueRef) -> None:
    """Put one issue into the trash."""
    await service.trash(session, actor, issue_ref)


@router.post("/{issue_ref}/restore", openapi_extra=needs(Role.admin))
async def restore_issue(session: Writing, actor: CurrentActor, request: Request, issue_ref: IssueRef) -> IssueOut:
    """Bring one issue back from the trash."""
    return await answer(session, actor, request, await service.restore(session, actor, issue_ref))


@router.get("/{issue_ref}/events")
async def list_events(
    session: Reading, actor: CurrentActor, issue_ref: IssueRef, wish: Annotated[PageWish, Depends(page_wish)]
) -> Timeline:
    """List what happened to one issue, oldest first."""
    issue = await queries.get_visible(session, actor, issue_ref)
    query = BY_SEQ.page_of(queries.told_about(issue, actor), wish)
    events, following = BY_SEQ.split((await session.execute(query)).all(), wish)
    return Timeline(items=await shown.timeline(session, actor, events), next_cursor=following)
