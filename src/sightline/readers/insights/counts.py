"""Counts by status and severity, kept by the log alone, one row per reporter and standing."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select, update

from sightline.core import metrics
from sightline.core.db import WriteSession
from sightline.core.inserts import insert_new
from sightline.events.change import parse
from sightline.events.models import Cursor, Event
from sightline.issues.beginnings import Begun, Filed
from sightline.issues.changes import Restored, SeverityChanged, StatusChanged, Trashed
from sightline.readers.insights.models import NOBODY, CountedIssue, IssueCount
from sightline.readers.runner import Reader

NAME: Final = "insights"
Standing = tuple[int, str, str]


async def _handle(session: WriteSession, events: Sequence[Event]) -> None:
    moved: Counter[Standing] = Counter()
    for event in events:
        if event.subject_type == "issue":
            await _follow(session, event, moved)
    for standing, by in moved.items():
        if by:
            await _add(session, standing, by)


async def _follow(session: WriteSession, event: Event, moved: Counter[Standing]) -> None:
    change = parse(event.kind, event.payload)
    if isinstance(change, Begun):
        counted = CountedIssue(
            issue_id=event.subject_id,
            reporter_id=change.reporter_id if isinstance(change, Filed) else NOBODY,
            status=change.status,
            severity=change.severity,
            is_trashed=False,
        )
        session.add(counted)
        moved[_standing(counted)] += 1
        return
    counted = await session.get_one(CountedIssue, event.subject_id)
    _count(counted, moved, -1)
    if isinstance(change, StatusChanged):
        counted.status = change.after
    elif isinstance(change, SeverityChanged):
        counted.severity = change.after
    elif isinstance(change, Trashed | Restored):
        counted.is_trashed = isinstance(change, Trashed)
    _count(counted, moved, +1)


def _standing(counted: CountedIssue) -> Standing:
    return counted.reporter_id, str(counted.status), str(counted.severity)


def _count(counted: CountedIssue, moved: Counter[Standing], by: int) -> None:
    if not counted.is_trashed:
        moved[_standing(counted)] += by


async def _add(session: WriteSession, standing: Standing, by: int) -> None:
    reporter_id, status, severity = standing
    key = {"reporter_id": reporter_id, "status": status, "severity": severity}
    if not await insert_new(session, IssueCount, key | {"number": by}):
        same = update(IssueCount).filter_by(**key)
        await session.execute(same.values(number=IssueCount.number + by))


COUNTS: Final = Reader(NAME, _handle)


async def recount(session: WriteSession) -> None:
    """Compare the counts with the issues as counted, and mend and report any that differ (there should be none).

    The cursor is held meanwhile, so both are of the same position.
    """
    await session.execute(select(Cursor).where(Cursor.name == NAME).with_for_update())
    true: Counter[Standing] = Counter()
    columns = (CountedIssue.reporter_id, CountedIssue.status, CountedIssue.severity)
    counted = select(*columns, func.count()).where(CountedIssue.is_trashed.is_(False)).group_by(*columns)
    for reporter_id, status, severity, number in await session.execute(counted):
        true[reporter_id, status, severity] = number
    for kept in await session.scalars(select(IssueCount)):
        true[kept.reporter_id, kept.status, kept.severity] -= kept.number
    for standing, by in true.items():
        if by:
            metrics.DRIFT.inc()
            await _add(session, standing, by)
