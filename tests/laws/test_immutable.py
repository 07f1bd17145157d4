"""The database itself keeps the log: these statements go past the application and its guard."""

from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sightline.core.actor import SYSTEM
from sightline.core.db import Database
from sightline.events.log import record
from sightline.events.models import Event
from sightline.events.stamp import stamp
from sightline.labels.changes import Created
from sightline.labels.models import Label

FIRST = "FROM events ORDER BY seq LIMIT 1"
EDITS = [
    "seq = seq + 1000",
    "kind = 'label.renamed'",
    "subject_type = 'user'",
    "subject_id = subject_id + 1",
    "version = version + 1",
    "actor_id = 1",
    "issue_id = 1",
    "at = '2001-01-01 00:00:00+00:00'",
    "recorded_at = '2001-01-01 00:00:00+00:00'",
    "payload = '{}'",
    "is_for_team = NOT is_for_team",
    "position = position + 1000",
    "position = NULL",
    "erased_at = '2026-01-01 00:00:00+00:00', kind = 'label.renamed'",
    "erased_at = '2026-01-01 00:00:00+00:00', at = '2001-01-01 00:00:00+00:00'",
    "erased_at = '2026-01-01 00:00:00+00:00', position = position + 1000",
]
ERASE = "UPDATE events SET erased_at = '2026-01-01 00:00:00+00:00', payload = '{\"name\": null}' WHERE seq = 1"


@pytest.fixture
async def plain(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Give an engine without the guard, over a log of three stamped events."""
    database = Database(database_url)
    async with database.writing() as session:
        for name in ("a", "b", "c"):
            await record(session, SYSTEM, Label(), Created(name=name, colour="#000000", description=""))
    await stamp(database)
    await database.close()
    engine = create_async_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("edit", EDITS)
async def test_no_column_of_an_event_can_be_changed(plain: AsyncEngine, edit: str) -> None:
    before = await _log(plain)
    assert await _is_refused(plain, f"UPDATE events SET {edit} WHERE seq = (SELECT seq {FIRST})")
    assert await _log(plain) == before


async def test_no_event_can_be_taken_away_or_replaced(plain: AsyncEngine) -> None:
    before = await _log(plain)
    copied = "kind, subject_type, subject_id, version, at, recorded_at, payload"
    removals = ["DELETE FROM events", "DELETE FROM events WHERE seq = 3"]
    if plain.dialect.name == "sqlite":
        removals += [
            f"INSERT OR REPLACE INTO events (seq, {copied}) SELECT seq, {copied} {FIRST}",
            f"INSERT OR REPLACE INTO events (position, {copied}) SELECT position, {copied} {FIRST}",
            "UPDATE OR REPLACE events SET seq = 2 WHERE seq = 1",
        ]
    else:
        removals += ["TRUNCATE events", "TRUNCATE labels, events CASCADE"]
    assert [one for one in removals if not await _is_refused(plain, one)] == []
    assert await _log(plain) == before


async def test_a_position_is_filled_once(plain: AsyncEngine) -> None:
    added = "INSERT INTO events (kind, subject_type, subject_id, version, at, recorded_at, payload) SELECT"
    await _run(plain, f"{added} kind, subject_type, 9, 1, at, recorded_at, payload {FIRST}")
    if plain.dialect.name == "postgresql":
        assert (await _log(plain))[-1][1] is None
        await _run(plain, "UPDATE events SET position = 4 WHERE position IS NULL")
    assert (await _log(plain))[-1][1] == 4
    assert await _is_refused(plain, "UPDATE events SET position = 5 WHERE position = 4")


async def test_an_erasure_happens_once_and_changes_the_payload_alone(plain: AsyncEngine) -> None:
    before = await _log(plain)
    await _run(plain, ERASE)
    first, *rest = await _log(plain)
    assert first[:2] == before[0][:2]
    assert first[2] == '{"name": null}'
    assert rest == before[1:]
    assert await _is_refused(plain, ERASE)
    assert await _is_refused(plain, "UPDATE events SET erased_at = NULL WHERE seq = 1")


async def test_the_guarded_fields_are_all_the_columns_there_are() -> None:
    edited = {edit.split(" = ")[0] for edit in EDITS}
    assert edited == {column.key for column in Event.__table__.columns}


async def _run(engine: AsyncEngine, statement: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(statement))


async def _is_refused(engine: AsyncEngine, statement: str) -> bool:
    try:
        await _run(engine, statement)
    except DBAPIError as error:
        return "append-only" in str(error.orig)
    return False


async def _log(engine: AsyncEngine) -> Sequence[tuple[int, int | None, str]]:
    async with engine.connect() as connection:
        shown = text("SELECT seq, position, CAST(payload AS TEXT), kind, subject_id, at FROM events ORDER BY seq")
        return [tuple(row) for row in await connection.execute(shown)]
