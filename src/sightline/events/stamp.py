"""Positions: the gapless order in which events were committed.

A sequence is not commit order: a transaction that took number 5 may commit after number 9 was read.
On SQLite writers queue, so a trigger makes `position` equal `seq`. On PostgreSQL whoever is about to
read first gives the events that are committed, and have none, the next positions in order of `seq`;
the lock on the one row of `event_log` makes that one at a time, and no writer ever waits for it.
"""

from typing import Final

from sqlalchemy import exists, func, select, text, update

from sightline.core.db import Database, ReadSession
from sightline.events.models import Event, EventLog

_STAMP: Final = text("""
    WITH pending AS (
        SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM events WHERE position IS NULL
    )
    UPDATE events SET position = :last + pending.n FROM pending WHERE events.seq = pending.seq
""")


async def stamp(database: Database) -> None:
    """Give every committed event a position."""
    if database.is_sqlite:
        return
    async with database.reading() as session:
        if not await session.scalar(select(exists().where(Event.position.is_(None)))):
            return
    async with database.writing() as session:
        last = (await session.execute(select(EventLog.last_position).with_for_update())).scalar_one()
        stamped = await session.execute(_STAMP, {"last": last})
        given: int = stamped.rowcount  # type: ignore[attr-defined] # an update's result has it
        await session.execute(update(EventLog).values(last_position=last + given))


async def last_position(session: ReadSession) -> int:
    """Return the newest position; 0 for an empty log."""
    return (await session.scalar(select(func.max(Event.position)))) or 0
