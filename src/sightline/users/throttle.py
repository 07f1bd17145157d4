"""Slows down guessing: ten failures in fifteen minutes close a bucket until the oldest is old.

A bucket is an address, or a browser that has signed in to the account before: so a stranger who
guesses does not lock the owner out of their own browser.
"""

import math
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select

from sightline.core import clock
from sightline.core.db import ReadSession, WriteSession
from sightline.core.errors import TooMany
from sightline.core.secrets import digest
from sightline.users.changes import email_key
from sightline.users.models import Device, SignInFailure, User

WINDOW: Final = timedelta(minutes=15)
TRIES: Final = 10


async def bucket(session: ReadSession, email: str, device: str | None) -> str:
    """Return the bucket that a try on `email` with a device secret counts against."""
    key = email_key(email) or ""
    if device:
        known = select(Device.id).join(User, User.id == Device.user_id)
        found = await session.scalar(known.where(User.email_key == key, Device.secret_hash == digest(device)))
        if found:
            return f"device:{found}"
    return f"address:{digest(key)}"


async def admit(session: ReadSession, name: str) -> None:
    """Raise `TooMany` while the bucket is closed."""
    since = clock.now() - WINDOW
    recent = select(func.count(), func.min(SignInFailure.at)).where(
        SignInFailure.bucket == name, SignInFailure.at > since
    )
    count, oldest = (await session.execute(recent)).one()
    if count >= TRIES:
        raise TooMany(
            "Too many failed tries; wait and try again.",
            retry_after=math.ceil((oldest - since).total_seconds()) + 1,
        )


def note_failure(session: WriteSession, name: str) -> None:
    """Count a failure."""
    session.add(SignInFailure(bucket=name, at=clock.now()))


async def forget(session: WriteSession, name: str) -> None:
    """Empty a bucket after a success."""
    await session.execute(delete(SignInFailure).where(SignInFailure.bucket == name))


async def sweep(session: WriteSession) -> None:
    """Drop failures that no longer count."""
    await session.execute(delete(SignInFailure).where(SignInFailure.at < clock.now() - WINDOW))
