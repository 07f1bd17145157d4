"""Bytes that no file came to own: a key is written down before bytes lie under it, and looked at a day later.

Only keys that this installation gave out are ever deleted: a store may be shared, or be older than a restored database.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_, select

from sightline.attachments.models import Attachment, StorageKey
from sightline.attachments.storage import Storage
from sightline.core import clock
from sightline.core.db import Database, ReadSession
from sightline.core.errors import Unavailable
from sightline.core.inserts import insert_new

SETTLED: Final = timedelta(days=1)
AT_ONCE: Final = 500


async def remember(database: Database, key: str) -> None:
    """Write a key down before something is stored under it."""
    async with database.writing() as session:
        await insert_new(session, StorageKey, {"key": key, "created_at": clock.now()})


async def discard(database: Database, storage: Storage, key: str) -> None:
    """Delete bytes that nothing names any more; with the store away, later."""
    try:
        await storage.delete(key)
    except Unavailable:
        await remember(database, key)


async def owned(session: ReadSession, keys: Collection[str]) -> set[str]:
    """Return those of the keys that a file has for its bytes or its copy."""
    rows = await session.execute(
        select(Attachment.storage_key, Attachment.copy_key).where(
            or_(Attachment.storage_key.in_(keys), Attachment.copy_key.in_(keys))
        )
    )
    return {key for row in rows for key in row if key}


async def sweep(database: Database, storage: Storage) -> int:
    """Delete what was stored a day ago and belongs to no file; return how many objects that were."""
    orphans = 0
    while True:
        async with database.reading() as session:
            old = select(StorageKey.key).where(StorageKey.created_at < clock.now() - SETTLED)
            settled = set(await session.scalars(old.order_by(StorageKey.created_at).limit(AT_ONCE)))
            lost = settled - await owned(session, settled)
        for key in lost:
            await storage.delete(key)
        if not settled:
            return orphans
        orphans += len(lost)
        async with database.writing() as session:
            await session.execute(delete(StorageKey).where(StorageKey.key.in_(settled)))
