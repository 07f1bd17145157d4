"""Positions are gapless and in the order of commits, so a reader with a cursor misses nothing."""

import asyncio
from collections import defaultdict

import pytest
from sqlalchemy import select

from sightline.core.actor import SYSTEM, Role
from sightline.core.config import Settings
from sightline.core.db import Database
from sightline.events.log import record
from sightline.events.models import Event
from sightline.events.stamp import last_position, stamp
from sightline.house import House
from sightline.labels.changes import Created
from sightline.labels.models import Label
from sightline.main import create_app
from sightline.users.changes import Registered, Renamed
from sightline.users.models import User
from tests.world import World

WRITERS, EACH = 8, 12
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


async def test_writers_at_once_leave_no_gap_and_every_reader_sees_the_same_order(settings: Settings) -> None:
    house = House(settings)
    async with house.open():
        begin = await _newest(house.database)
        writing = asyncio.gather(*(_write(house.database, n) for n in range(WRITERS)))
        heard = await asyncio.gather(*(_follow(house.database, begin, writing) for _ in range(2)))
        async with house.database.reading() as session:
            log = (await session.scalars(select(Event).where(Event.position > begin).order_by(Event.position))).all()
    assert [event.position for event in log] == list(range(begin + 1, begin + 1 + WRITERS * EACH))
    assert heard[0] == heard[1] == [event.seq for event in log]
    versions: dict[int, list[int]] = defaultdict(list)
    for event in log:
        versions[event.subject_id].append(event.version)
    assert all(seen == list(range(1, EACH + 1)) for seen in versions.values())


@on_postgres
async def test_what_is_committed_later_gets_a_later_position_and_is_not_missed(settings: Settings) -> None:
    house = House(settings)
    async with house.open():
        begin = await _newest(house.database)
        async with house.database.writing() as held:
            early = await record(held, SYSTEM, Label(), _label("begun first, committed last"))
            async with house.database.writing() as session:
                late = await record(session, SYSTEM, Label(), _label("begun last, committed first"))
            assert await _heard(house.database, begin) == [late.seq]
            seen = await _newest(house.database)
        assert early.seq < late.seq
        assert await _heard(house.database, seen) == [early.seq]
        assert await _newest(house.database) == begin + 2


async def test_positions_go_on_after_a_restart(settings: Settings) -> None:
    positions = []
    for turn in range(3):
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            world = World(app)
            await world.person(f"Person{turn}", Role.reporter)
            await world.settle()
            async with app.state.database.reading() as session:
                positions.append(await last_position(session))
    assert positions == [positions[0] + 2 * turn for turn in range(3)]


async def _write(database: Database, number: int) -> None:
    async with database.writing() as session:
        user = User(password_hash=None)
        await record(session, SYSTEM, user, Registered(email=f"{number}@example.org", name="0", role=Role.reporter))
    for turn in range(1, EACH):
        async with database.writing() as session:
            user = await session.get_one(User, user.id)
            await record(session, SYSTEM, user, Renamed(before=user.name, after=str(turn)))
            await asyncio.sleep(0.002 * (number % 3))


async def _follow(database: Database, cursor: int, writing: "asyncio.Future[list[None]]") -> list[int]:
    heard: list[int] = []
    while len(heard) < WRITERS * EACH:
        if writing.done():
            writing.result()
        found = await _heard(database, cursor)
        heard += found
        cursor += len(found)
        await asyncio.sleep(0.005)
    return heard


async def _heard(database: Database, cursor: int) -> list[int]:
    await stamp(database)
    async with database.reading() as session:
        following = select(Event.seq).where(Event.position > cursor).order_by(Event.position)
        return list(await session.scalars(following))


async def _newest(database: Database) -> int:
    await stamp(database)
    async with database.reading() as session:
        return await last_position(session)


def _label(name: str) -> Created:
    return Created(name=name, colour="#000000", description="")
