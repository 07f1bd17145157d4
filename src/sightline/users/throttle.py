"""Slows down guessing and floods: so many tries in some time close a bucket until the oldest is old.

For sign-in, a bucket is an address, or a browser that has signed in to the account before: so a
stranger who guesses does not lock the owner out of their own browser.
"""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import delete, func, select

from sightline.core import clock
from sightline.core.db import Database, ReadSession, WriteSession, serialise
from sightline.core.errors import TooMany
from sightline.core.secrets import digest
from sightline.users.changes import email_key
from sightline.users.models import Device, Try, User


class Limit(NamedTuple):
    """How many tries there are in how much time."""

    tries: int
    window: timedelta


GUESSES: Final = Limit(10, timedelta(minutes=15))
LONGEST: Final = timedelta(hours=1)


async def bucket(session: ReadSession, email: str, device: str | None) -> str:
    """Return the bucket that a try on `email` with a device secret counts against."""
    key = email_key(email) or ""
    if device:
        known = select(Device.id).join(User, User.id == Device.user_id)
        found = await session.scalar(known.where(User.email_key == key, Device.secret_hash == digest(device)))
        if found:
            return f"device:{found}"
    return f"address:{digest(key)}"


async def admit(session: ReadSession, name: str, limit: Limit = GUESSES) -> None:
    """Raise `TooMany` while the bucket is closed."""
    since = clock.now() - limit.window
    recent = select(func.count(), func.min(Try.at)).where(Try.bucket == name, Try.at > since)
    count, oldest = (await session.execute(recent)).one()
    if count >= limit.tries:
        raise TooMany(
            "Too many tries; wait and try again.",
            retry_after=math.ceil((oldest - since).total_seconds()) + 1,
        )


def note_failure(session: WriteSession, name: str) -> None:
    """Count a failure."""
    session.add(Try(bucket=name, at=clock.now()))


async def take(database: Database, uses: Mapping[str, Limit]) -> None:
    """Count one try against each bucket, in a transaction of its own; raises `TooMany`, and counts none, when one is closed.

    Of tries at the same moment none slips through.
    """
    async with database.reading() as session:
        for name, limit in uses.items():
            await admit(session, name, limit)
    async with database.writing() as session:
        for name, limit in sorted(uses.items()):
            await serialise(session, name)
            await admit(session, name, limit)
            note_failure(session, name)


async def forget(session: WriteSession, name: str) -> None:
    """Empty a bucket after a success."""
    await session.execute(delete(Try).where(Try.bucket == name))


async def sweep(session: WriteSession) -> None:
    """Drop tries that no longer count."""
    await session.execute(delete(Try).where(Try.at < clock.now() - LONGEST))
