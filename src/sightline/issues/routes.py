"""Issues over HTTP: list, read, edit, label, trash, restore, timeline."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from sightline.core.actor import Actor, Role
from sightline.core.db import ReadSession
from sightline.core.etags import if_match, show_version
from sightline.core.http import CurrentActor, Reading, Route, Writing, needs
from sightline.core.pages import Keyset, PageWish, page_wish
from sightline.events.models import Event
from sightline.issues import listing, queries, service, shown
from sightline.issues.listing import Term
from sightline.issues.models import Issue
from sightline.issues.refs import IssueRef
from sightline.issues.schemas import Count, IssueEdit, IssueOut, Issues, LabelSet, Timeline

POSITION: Final = "X-Sightline-Position"
BY_SEQ: Final = Keyset("timeline", (Event.seq.expression, False))
Several = Annotated[list[str], Query(default_factory=list, max_length=32)]

router = APIRouter(prefix="/issues", route_class=Route, tags=["issues"])


def _terms(
    status: Several,
    severity: Several,
    priority: Several,
    assignee: Several,
    reporter: Several,
    label: Several,
    project: Several,
    q: Annotated[str, Query(description='For example `status:open,triaged severity:high "exact words"`.')] = "",
) -> list[Term]:
    plain = locals() | {"q": None}
    return listing.parse(q) + [Term(name, tuple(values)) for name, values in plain.items() if values]


async def page(session: ReadSession, actor: Actor, terms: list[Term], sort: str, wish: PageWish) -> Issues:
    """Return one page of the issues an actor may see."""
    order = listing.order(sort)
    query = listing.select_matching(queries.visible_to(actor), actor, terms)
    found, following = order.split((await session.execute(order.page_of(query, wish))).all(), wish)
    return Issues(items=await shown.rows(session, actor, found), next_cursor=following)


@router.get("", response_model_exclude_unset=True)
async def list_issues(
    session: Reading,
    actor: CurrentActor,
    response: Response,
    terms: Annotated[list[Term], Depends(_terms)],
    wish: Annotated[PageWish, Depends(page_wish)],
    sort: Annotated[
        str, Query(max_length=20, description=f"One of {', '.join(listing.SORTS)}; `-` for descending.")
    ] = "-updated_at",
    count: Annotated[bool, Query(description="Also count the matches.")] = False,
) -> Issues:
    """List the issues the caller may see."""
    response.headers[POSITION] = str(await queries.position(session, actor))
    answer = await page(session, actor, terms, sort, wish)
    if count:
        answer.count = _count(
            await queries.count(session, listing.select_matching(queries.visible_to(actor), actor, terms))
        )
    return answer


def _count(number: int) -> Count:
    return Count(exact=number) if number <= queries.COUNTED else Count(at_least=queries.COUNTED)


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
    query = BY_SEQ.page_of(queries.told_about(issue), wish)
    events, following = BY_SEQ.split((await session.execute(query)).all(), wish)
    return Timeline(items=await shown.timeline(session, actor, events), next_cursor=following)
