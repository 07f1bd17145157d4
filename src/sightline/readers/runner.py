"""Named readers of the log: each batch's effects and the cursor commit together.

Any process may run the next batch of any reader; the cursor's row lock makes it one at a time.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import func, select

from sightline.core import metrics
from sightline.core.db import Database, ReadSession, WriteSession
from sightline.core.inserts import insert_new
from sightline.events.bell import Bell, rung
from sightline.events.log import TOPIC
from sightline.events.models import Cursor, Event
from sightline.events.stamp import last_position, stamp

BATCH: Final = 500
POLL_SECONDS: Final = 1.0
GATHER_SECONDS: Final = 0.02
LONGEST_PAUSE: Final = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """A name, and what to do with a batch of events in commit order."""

    name: str
    handle: Callable[[WriteSession, Sequence[Event]], Awaitable[None]]


async def enter(database: Database, readers: Sequence[Reader]) -> None:
    """Give every reader a cursor at the beginning, unless it has one."""
    async with database.writing() as session:
        for reader in readers:
            await insert_new(session, Cursor, {"name": reader.name, "position": 0})


async def run_once(database: Database, reader: Reader) -> int:
    """Handle the next batch; returns its size, 0 when there is nothing or another process is at it.

    Fewer than `BATCH` means that nothing was left to handle here.
    """
    return await _handle(database, reader) if await _behind(database, [reader]) else 0


async def _behind(database: Database, readers: Sequence[Reader]) -> list[Reader]:
    """Return those for whom there is something to handle."""
    await stamp(database)
    async with database.reading() as session:
        last = await last_position(session)
        rows = await session.execute(select(Cursor.name, Cursor.position).where(Cursor.position < last))
        behind = {name for name, _ in rows}
    return [reader for reader in readers if reader.name in behind]


async def _handle(database: Database, reader: Reader) -> int:
    async with database.writing() as session:
        taken = select(Cursor).where(Cursor.name == reader.name).with_for_update(skip_locked=True)
        cursor = await session.scalar(taken)
        if cursor is None:
            return 0
        following = select(Event).where(Event.position > cursor.position).order_by(Event.position).limit(BATCH)
        events = (await session.scalars(following)).all()
        if events:
            await reader.handle(session, events)
            cursor.position = events[-1].position or 0
        return len(events)


async def lag(session: ReadSession, name: str) -> int:
    """Return how many positions a reader is behind."""
    at = select(Cursor.position).where(Cursor.name == name).scalar_subquery()
    return (await session.scalar(select(func.coalesce(func.max(Event.position), 0) - func.coalesce(at, 0)))) or 0


async def follow(database: Database, bell: Bell, readers: Sequence[Reader]) -> None:
    """Handle batches as they come until cancelled; what fails, one reader or all, is tried again after a growing pause."""
    failures: Counter[str] = Counter()
    resting: dict[str, float] = {}
    outages = 0
    now = asyncio.get_running_loop().time
    with bell.listen(TOPIC) as waiter:
        while True:
            is_more = False
            try:
                awake = [reader for reader in readers if resting.get(reader.name, 0) <= now()]
                for reader in await _behind(database, awake):
                    if (handled := await _try(database, reader)) is None:
                        failures[reader.name] += 1
                        resting[reader.name] = now() + min(2.0 ** failures[reader.name], LONGEST_PAUSE)
                    else:
                        failures[reader.name] = 0
                        is_more |= handled == BATCH
                outages = 0
            except Exception:
                outages += 1
                log.exception("the log of events cannot be read; trying again")
                await asyncio.sleep(min(2.0**outages, LONGEST_PAUSE))
            if not is_more:
                await rung(waiter, POLL_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)


async def _try(database: Database, reader: Reader) -> int | None:
    """Handle a batch and return its size; None when that failed."""
    try:
        return await _handle(database, reader)
    except Exception:
        metrics.READER_ERRORS.labels(reader.name).inc()
        log.exception("reader failed and keeps its place", reader=reader.name)
        return None


async def measure(session: ReadSession, readers: Sequence[Reader]) -> None:
    """Set the lag gauges; unstamped events count as lag of all."""
    unstamped = (await session.execute(select(func.count()).where(Event.position.is_(None)))).scalar_one()
    for reader in readers:
        metrics.LAG.labels(reader.name).set(await lag(session, reader.name) + unstamped)
