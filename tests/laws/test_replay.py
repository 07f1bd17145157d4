"""Rows are the truth for reading now, the log for what happened: the one follows from the other."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect, select

from sightline.core.db import ReadSession
from sightline.events import guard
from sightline.events.change import KINDS
from sightline.events.log import history, replay
from sightline.events.models import Event
from sightline.issues.models import Issue, IssueKey
from tests.laws import story
from tests.laws.wandering import wander
from tests.world import World

Log = dict[tuple[str, int], list[Event]]


async def test_a_story_with_every_kind_of_event_replays_to_the_same_rows(world: World) -> None:
    await story.told(world)
    async with world.house.database.reading() as session:
        log = await _by_subject(session)
        assert {event.kind for events in log.values() for event in events} == KINDS.keys()
        for model in guard.tracked_models():
            assert await _must_replay(session, log, model), f"nothing happened to {model.__tablename__}"
        await _must_replay_parts(session, log)


async def test_a_random_walk_replays_to_the_same_rows(world: World) -> None:
    await wander(world, seed=11, steps=60)
    async with world.house.database.reading() as session:
        log = await _by_subject(session)
        replayed = sum([await _must_replay(session, log, model) for model in guard.tracked_models()])
        assert replayed == len(log), "events whose subject has no row"
        await _must_replay_parts(session, log)


async def _by_subject(session: ReadSession) -> Log:
    found: Log = defaultdict(list)
    for event in await history(session):
        found[event.subject_type, event.subject_id].append(event)
    return found


async def _must_replay(session: ReadSession, log: Log, model: Any) -> int:
    rows = (await session.scalars(select(model))).unique().all()
    for row in rows:
        events = log[model.subject_type, row.id]
        assert [event.version for event in events] == list(range(1, row.version + 1))
        assert _columns(replay(model(), events)) == _columns(row), f"{model.__tablename__} {row.id}"
    return len(rows)


def _columns(row: Any) -> dict[str, Any]:
    names = {c.key for c in inspect(type(row)).column_attrs} - type(row).untracked - {"id"}
    return {name: getattr(row, name) for name in names}


async def _must_replay_parts(session: ReadSession, log: Log) -> None:
    issues = (await session.scalars(select(Issue))).all()
    for issue in issues:
        again = replay(Issue(), log["issue", issue.id])
        assert again.label_ids == issue.label_ids
        kept = await session.scalars(select(IssueKey).where(IssueKey.issue_id == issue.id).order_by(IssueKey.id))
        assert _numbers(inspect(again).attrs["keys"].history.added or ()) == _numbers(kept.all())
    assert any(issue.label_ids for issue in issues)


def _numbers(keys: Sequence[Any]) -> list[tuple[int, int]]:
    return [(key.project_id, key.number) for key in keys]
