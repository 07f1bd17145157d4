"""A reader's rows and its cursor become true together; a crash repeats nothing and loses nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import select, text

from sightline.core.actor import SYSTEM
from sightline.core.db import Database, WriteSession
from sightline.events.bell import Bell
from sightline.events.log import record
from sightline.events.models import Event
from sightline.labels.changes import Created
from sightline.labels.models import Label
from sightline.readers import runner
from sightline.readers.runner import Reader

EVENTS = 40


class Listener:
    """A reader for tests: it writes down what it hears, and fails after writing while `is_broken`."""

    def __init__(self, name: str = "listener") -> None:
        self.reader = Reader(name, self.handle)
        self.is_broken = False
        self.failures = 0

    async def handle(self, session: WriteSession, events: Sequence[Event]) -> None:
        for event in events:
            await session.execute(text("INSERT INTO heard (position) VALUES (:p)"), {"p": event.position})
        await asyncio.sleep(0.02)
        if self.is_broken:
            self.failures += 1
            raise RuntimeError("broken for a test")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give a database with some events and a table for what was heard."""
    database = Database(database_url)
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE heard (position BIGINT NOT NULL)"))
    await _happen(database, EVENTS)
    yield database
    await database.close()


async def test_a_reader_that_fails_keeps_its_place(database: Database) -> None:
    listener = Listener()
    await runner.enter(database, [listener.reader])
    listener.is_broken = True
    with pytest.raises(RuntimeError):
        await runner.run_once(database, listener.reader)
    assert await _heard(database) == []
    listener.is_broken = False
    assert await runner.run_once(database, listener.reader) == EVENTS
    assert await _heard(database) == list(range(1, EVENTS + 1))


async def test_a_second_run_of_a_reader_does_nothing(database: Database) -> None:
    listener = Listener()
    await runner.enter(database, [listener.reader])
    assert await runner.run_once(database, listener.reader) == EVENTS
    assert await runner.run_once(database, listener.reader) == 0
    await runner.enter(database, [listener.reader])
    assert await runner.run_once(database, listener.reader) == 0
    assert await _heard(database) == list(range(1, EVENTS + 1))


async def test_a_failing_reader_stops_no_other_and_goes_on_when_mended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LONGEST_PAUSE", 0.05)
    broken, sound = Listener("broken"), Listener("sound")
    broken.is_broken = True
    await runner.enter(database, [broken.reader, sound.reader])
    bell = Bell(database)
    following = asyncio.create_task(runner.follow(database, bell, [broken.reader, sound.reader]))
    async with asyncio.timeout(30):
        while len(await _heard(database)) < EVENTS or broken.failures < 2:  # noqa: ASYNC110 - the database tells
            await asyncio.sleep(0.02)
        assert await _heard(database) == list(range(1, EVENTS + 1))
        broken.is_broken = False
        while len(await _heard(database)) < 2 * EVENTS:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    following.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await following
    assert await _heard(database) == sorted(list(range(1, EVENTS + 1)) * 2)


async def test_several_runners_of_one_reader_do_each_event_once(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 7)
    listener = Listener()
    await runner.enter(database, [listener.reader])
    second = database if database.is_sqlite else Database(database_url)
    async with asyncio.timeout(30):
        await asyncio.gather(*(_run_to_the_end(one, listener.reader) for one in (database, second, database, second)))
    if second is not database:
        await second.close()
    assert await _heard(database) == list(range(1, EVENTS + 1))


async def _run_to_the_end(database: Database, reader: Reader) -> None:
    while True:
        await runner.run_once(database, reader)
        async with database.reading() as session:
            if await runner.lag(session, reader.name) == 0:
                return


async def _happen(database: Database, number: int) -> None:
    async with database.writing() as session:
        for n in range(number):
            await record(session, SYSTEM, Label(), Created(name=f"label {n}", colour="#000000", description=""))


async def _heard(database: Database) -> list[int]:
    async with database.reading() as session:
        return list(
            await session.scalars(select(text("position")).select_from(text("heard")).order_by(text("position")))
        )
