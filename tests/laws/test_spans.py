"""Spans say how long every value held; here they are computed once more, from the stored payloads alone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, select, update

from sightline.core import clock
from sightline.core.actor import SYSTEM
from sightline.core.db import ReadSession
from sightline.events.log import history, record
from sightline.events.models import Cursor, Event, Span
from sightline.issues.changes import Relabelled, SeverityChanged
from sightline.issues.models import Issue
from sightline.issues.workflow import Severity
from tests.laws.wandering import wander
from tests.world import Person, World

Held = tuple[int, str, str, datetime, datetime | None]
CHANGES = {
    "issue.status_changed": "status",
    "issue.severity_changed": "severity",
    "issue.priority_changed": "priority",
    "issue.assigned": "assignee",
    "issue.moved": "project",
}


async def test_after_a_random_walk_the_spans_are_what_the_events_say(world: World) -> None:
    await wander(world, seed=3, steps=60)
    await _must_agree(world)
    await _read_anew(world)
    await _must_agree(world)


async def test_spans_follow_the_time_at_which_a_change_took_effect(world: World, maintainer: Person) -> None:
    filed = await maintainer.file(severity="low")
    later = clock.now() + timedelta(days=2)
    async with world.house.database.writing() as session:
        issue = await session.get_one(Issue, filed["id"])
        await record(session, SYSTEM, issue, SeverityChanged(before=Severity.low, after=Severity.high), at=later)
        never_back = await record(session, SYSTEM, issue, Relabelled(before=[], after=[]), at=later - timedelta(days=1))
    assert never_back.at == later
    await world.settle()
    async with world.house.database.reading() as session:
        spans = await session.scalars(select(Span).where(Span.field == "severity").order_by(Span.from_at))
        assert [(s.value, s.to_at) for s in spans] == [("low", later), ("high", None)]


async def _read_anew(world: World) -> None:
    async with world.house.database.writing() as session:
        await session.execute(delete(Span))
        await session.execute(update(Cursor).where(Cursor.name == "spans").values(position=0))
    await world.settle()


async def _must_agree(world: World) -> None:
    async with world.house.database.reading() as session:
        kept, expected = await _kept(session), sorted(_computed(await history(session)), key=str)
    assert kept == expected
    assert {"status", "severity", "priority", "assignee", "project", "label"} == {field for _, field, *_ in kept}
    _must_be_well_formed(kept)


async def _kept(session: ReadSession) -> list[Held]:
    spans = await session.scalars(select(Span))
    return sorted(((s.issue_id, s.field, s.value, s.from_at, s.to_at) for s in spans), key=str)


def _computed(events: Sequence[Event]) -> Iterator[Held]:
    """Follow each field by itself: a list of (moment, values that hold from then on)."""
    tracks: dict[tuple[int, str], list[tuple[datetime, set[str]]]] = defaultdict(list)
    for event in events:
        if event.subject_type == "issue":
            for field, values in _values(event.kind, event.payload).items():
                tracks[event.subject_id, field].append((event.at, values))
    for (issue, field), track in tracks.items():
        for n, (begin, values) in enumerate(track):
            before = track[n - 1][1] if n else set()
            for value in sorted(values - before if field == "label" else values):
                ends = (at for at, later in track[n + 1 :] if value not in later or field != "label")
                yield issue, field, value, begin, next(ends, None)


def _values(kind: str, payload: dict[str, Any]) -> dict[str, set[str]]:
    if kind in {"issue.filed", "issue.submitted"}:
        single = {field: payload[field] for field in ("status", "severity", "priority")}
        single |= {field: payload[f"{field}_id"] for field in ("assignee", "project")}
        return {field: _one(value) for field, value in single.items()} | {"label": set(map(str, payload["label_ids"]))}
    if kind == "issue.relabelled":
        return {"label": set(map(str, payload["after"]))}
    is_change = kind in CHANGES and payload["before"] != payload["after"]
    return {CHANGES[kind]: _one(payload["after"])} if is_change else {}


def _one(value: Any) -> set[str]:
    return set() if value is None else {str(value)}


def _must_be_well_formed(kept: list[Held]) -> None:
    of_field: dict[tuple[int, str], list[Held]] = defaultdict(list)
    for span in kept:
        of_field[span[0], span[1] if span[1] != "label" else f"label {span[2]}"].append(span)
    for (_, field), spans in of_field.items():
        spans.sort(key=lambda span: (span[3], span[4] is None, span[4]))
        assert sum(span[4] is None for span in spans) <= 1
        for earlier, later in pairwise(spans):
            assert earlier[4] is not None
            assert earlier[4] <= later[3]
            assert earlier[4] == later[3] or field == "assignee" or field.startswith("label")
