"""Lists of issues: what the features know of them, joined."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Select

from sightline.core.actor import Actor
from sightline.core.db import ReadSession
from sightline.core.http import CurrentActor, Reading, Route
from sightline.core.pages import PageWish, page_wish
from sightline.facts.matching import has_fact
from sightline.issues import listing, queries, shown
from sightline.issues.listing import Term
from sightline.issues.models import Issue
from sightline.issues.routes import POSITION
from sightline.issues.schemas import Count, Issues

Several = Annotated[list[str], Query(default_factory=list, max_length=32)]


router = APIRouter(route_class=Route, tags=["issues"])


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


def _count(number: int) -> Count:
    return Count(exact=number) if number <= queries.COUNTED else Count(at_least=queries.COUNTED)
