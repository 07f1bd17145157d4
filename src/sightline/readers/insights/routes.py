"""Insights over HTTP."""

from collections import Counter
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from sightline.core.actor import Actor, May
from sightline.core.db import ReadSession
from sightline.core.http import CurrentActor, Reading, api_router
from sightline.events.models import Cursor
from sightline.issues import queries
from sightline.issues.workflow import Severity, Status
from sightline.readers.insights.counts import NAME
from sightline.readers.insights.models import IssueCount
from sightline.readers.insights.schemas import Counted, Crossed, Summary

DEFINITION: Final = (
    "Issues you may see that are not in the trash, by their status and severity at this position of the log."
)

router = api_router("/insights", tags=["insights"])


@router.get("/summary")
async def summarise(session: Reading, actor: CurrentActor) -> Summary:
    """Count issues by status and severity; every number links to the issues it counts."""
    position = await _position(session, actor)
    crossed = await _crossed(session, actor)
    by: dict[str, list[Counted]] = {
        "status": _by("status", Status, crossed),
        "severity": _by("severity", Severity, crossed),
    }
    cells = [
        Crossed(
            status=status, severity=severity, count=crossed[status, severity], q=f"status:{status} severity:{severity}"
        )
        for status in Status
        for severity in Severity
    ]
    return Summary(total=crossed.total(), by=by, status_by_severity=cells, definition=DEFINITION, position=position)


async def _position(session: ReadSession, actor: Actor) -> int:
    """Return the position the counts reflect; to who does not see all, the last of it that they may know of."""
    reached = await session.scalar(select(Cursor.position).where(Cursor.name == NAME)) or 0
    return reached if actor.may(May.see_all) else min(reached, await queries.position(session, actor))


async def _crossed(session: ReadSession, actor: Actor) -> Counter[tuple[str, str]]:
    grouped = select(IssueCount.status, IssueCount.severity, func.sum(IssueCount.number)).group_by(
        IssueCount.status, IssueCount.severity
    )
    if not actor.may(May.see_all):
        grouped = grouped.where(IssueCount.reporter_id == actor.id)
    return Counter({(row[0], row[1]): int(row[2]) for row in await session.execute(grouped)})


def _by(field: str, words: type[StrEnum], crossed: Counter[tuple[str, str]]) -> list[Counted]:
    side = 0 if field == "status" else 1
    sums = {word: sum(n for key, n in crossed.items() if key[side] == word) for word in words}
    return [Counted(value=word, count=n, q=f"{field}:{word}") for word, n in sums.items()]
