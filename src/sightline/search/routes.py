"""Lists of issues, repeats and suggestions: what the features know, joined."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy import Select

from sightline.attachments import queries as attachments
from sightline.attachments.models import Attachment
from sightline.core.actor import Actor
from sightline.core.db import ReadSession
from sightline.core.http import CurrentActor, Reading, api_router
from sightline.core.pages import PageWish, page_wish
from sightline.core.text import RowId
from sightline.facts.matching import has_fact
from sightline.issues import listing, queries, shown
from sightline.issues.listing import Term
from sightline.issues.models import Issue
from sightline.issues.refs import IssueRef
from sightline.issues.routes import POSITION
from sightline.issues.schemas import Count, Issues
from sightline.search import similar, suggestions
from sightline.search.schemas import Similar, SimilarIssue, Suggestions

Several = Annotated[list[str], Query(default_factory=list, max_length=32)]


router = api_router(tags=["issues"])


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


async def _page(session: ReadSession, actor: Actor, query: Select[Issue], sort: str, wish: PageWish) -> Issues:
    order = listing.order(sort)
    found, following = order.split((await session.execute(order.page_of(query, wish))).all(), wish)
    return Issues(items=await shown.rows(session, actor, found), next_cursor=following)


@router.get("/issues", response_model_exclude_unset=True)
async def list_issues(
    session: Reading,
    actor: CurrentActor,
    response: Response,
    terms: Annotated[list[Term], Depends(_terms)],
    wish: Annotated[PageWish, Depends(page_wish)],
    fact: Annotated[
        list[str],
        Query(default_factory=list, max_length=8, description="For example `invoice.total:>1000`; see the docs."),
    ],
    sort: Annotated[
        str, Query(max_length=20, description=f"One of {', '.join(listing.SORTS)}; `-` for descending.")
    ] = "-updated_at",
    count: Annotated[bool, Query(description="Also count the matches.")] = False,
) -> Issues:
    """List the issues the caller may see."""
    response.headers[POSITION] = str(await queries.position(session, actor))
    matching = listing.select_matching(queries.visible_to(actor), actor, terms).where(*map(has_fact, fact))
    answer = await _page(session, actor, matching, sort, wish)
    if count:
        answer.count = _count(await queries.count(session, matching))
    return answer


@router.get("/issues/{issue_ref}/similar")
async def list_similar(session: Reading, actor: CurrentActor, issue_ref: IssueRef) -> list[Similar]:
    """List the issues that hold the same file, crash or invoice as one issue, best first."""
    issue = await queries.get_visible(session, actor, issue_ref)
    return await _similar(session, actor, await attachments.of_issue(session, issue), issue.id)


@router.get("/attachments/{id}/similar")
async def list_similar_to_file(session: Reading, actor: CurrentActor, id: RowId) -> list[Similar]:
    """List the issues that hold the same file, crash or invoice as one file, best first."""
    file = await attachments.get_visible(session, actor, id)
    files = [file, *await attachments.inside(session, file)]
    return await _similar(session, actor, files, file.issue_id)


async def _similar(
    session: ReadSession, actor: Actor, files: Sequence[Attachment], besides: int | None
) -> list[Similar]:
    repeats = await similar.find(session, actor, files, besides)
    keys = await queries.keys_of(session, [one.issue.id for one in repeats], actor)
    fields = ("id", "title", "status", "occurrences")
    return [
        Similar(
            issue=SimilarIssue(key=keys[one.issue.id], **{f: getattr(one.issue, f) for f in fields}),
            reasons=one.reasons,
        )
        for one in repeats
    ]


@router.get("/suggestions", tags=["attachments"])
async def list_suggestions(
    session: Reading,
    actor: CurrentActor,
    attachment_id: Annotated[list[RowId], Query(min_length=1, max_length=50, description="The files, by id.")],
) -> Suggestions:
    """Propose what to file some files with; each proposal says why."""
    files = [await attachments.get_visible(session, actor, one) for one in dict.fromkeys(attachment_id)]
    return await suggestions.propose(session, actor, files)


def _count(number: int) -> Count:
    return Count(exact=number) if number <= queries.COUNTED else Count(at_least=queries.COUNTED)
