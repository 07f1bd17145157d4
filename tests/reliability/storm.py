"""Kills at random moments while people write, and what must be true afterwards."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from sightline.jobs.models import Job, JobState
from tests.reliability.journal import Journal, Writer, compare, settled, until
from tests.reliability.server import Server
from tests.reliability.truth import AT_ANY_MOMENT, AT_REST, broken

WRITERS = 4
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def kill_at_random(server: Server, journal: Journal, kills: int, chance: random.Random) -> list[float]:
    """Kill a child, the parent or everything, `kills` times; return the seconds until ready again.

    The moment is a random number of acknowledged writes away, so that a slow machine tests as much.
    Whenever nobody serves the database, it is asked whether all of it is whole.
    """
    seconds = []
    for _ in range(kills):
        await written(journal, journal.acknowledged + chance.randint(5, 25))
        await asyncio.sleep(chance.uniform(0, 0.05))
        seconds.append(await _kill(server, journal, chance))
    return seconds


async def written(journal: Journal, goal: int) -> None:
    async def are_written() -> bool:
        return journal.acknowledged >= goal

    await until(are_written, pause=0.005)


async def _kill(server: Server, journal: Journal, chance: random.Random) -> float:
    how = chance.choice(["child", "parent", "everything"])
    begun = time.monotonic()
    if how == "child":
        await asyncio.to_thread(server.kill_a_child, chance.randrange(64))
        await asyncio.to_thread(server.wait_until_ready)
        return time.monotonic() - begun
    await asyncio.to_thread(server.kill_the_parent if how == "parent" else server.kill_everything)
    journal.surprises += map(str, (await broken(server.database_url, AT_ANY_MOMENT)).items())
    begun = time.monotonic()
    await asyncio.to_thread(server.start)
    return time.monotonic() - begun


@contextlib.asynccontextmanager
async def writing(server: Server, token: str, seed: int) -> AsyncIterator[Journal]:
    """Let people write for the length of the block, and see their last writes through at its end."""
    journal, enough = Journal(), asyncio.Event()
    writers = [Writer(server, token, journal, f"writer-{number}", seed) for number in range(WRITERS)]
    tasks = [asyncio.create_task(one.run(enough)) for one in writers]
    try:
        yield journal
    finally:
        enough.set()
        await asyncio.gather(*tasks)


async def wrong_after(server: Server, token: str, journal: Journal) -> list[str]:
    """Bring the server to rest and return everything that is not as it must be; the server is stopped then."""
    wrong = await compare(server, token, journal)
    await asyncio.to_thread(server.stop)
    await expire_leases(server.database_url)
    await asyncio.to_thread(server.start)
    await settled(server)
    await asyncio.to_thread(server.stop)
    return wrong + [str(one) for one in (await broken(server.database_url, AT_ANY_MOMENT | AT_REST)).items()]


async def expire_leases(database_url: str) -> None:
    """Let the leases of dead workers run out at once, instead of after a minute; for a database nobody serves."""
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.begin() as connection:
        held = update(Job).where(Job.state == JobState.running)
        await connection.execute(held.values(leased_until=LONG_AGO))
        await connection.execute(update(Job).where(Job.state == JobState.queued).values(run_at=LONG_AGO))
    await engine.dispose()
