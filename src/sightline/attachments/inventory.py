"""Every stored file against what the database knows of it, and copying them all to another store."""

import hashlib
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from sightline.attachments import keys
from sightline.attachments.models import Attachment
from sightline.attachments.storage import Missing, Storage
from sightline.core.db import Database
from sightline.core.errors import TooLarge

PAGE = 500


class Finding(StrEnum):
    """What is the matter with stored bytes."""

    good = "good"
    copied = "copied"
    missing = "missing"
    changed = "changed"


class Item(NamedTuple):
    """Bytes that should lie in the store; the served copy of a file has no SHA-256 of its own, its size counts."""

    key: str
    size: int
    sha256: str | None
    described: str


class _Sum(NamedTuple):
    size: int
    sha256: str


async def items(database: Database) -> AsyncIterator[Item]:
    """Yield what should be in the store, oldest file first."""
    after = 0
    while True:
        async with database.reading() as session:
            stored = select(Attachment).where(Attachment.id > after, Attachment.storage_key.is_not(None))
            page = (await session.scalars(stored.order_by(Attachment.id).limit(PAGE))).all()
        for one in page:
            yield Item(one.storage_key or "", one.size, one.sha256, f"file {one.id} ({one.name or 'erased'})")
            if one.copy_key:
                yield Item(
                    one.copy_key, one.copy_size or 0, None, f"the copy of file {one.id} ({one.name or 'erased'})"
                )
        if not page:
            return
        after = page[-1].id


async def check(database: Database, storage: Storage) -> AsyncIterator[tuple[Item, Finding]]:
    """Yield every item with what is the matter with it; raises `Unavailable` when the store is away."""
    async for item in items(database):
        yield item, await _look(storage, item)


async def copy(database: Database, source: Storage, target: Storage) -> AsyncIterator[tuple[Item, Finding]]:
    """Copy every item that the target lacks, and read it there again; raises `Unavailable` when a store is away."""
    async for item in items(database):
        yield item, await _copy(source, target, item)


async def strangers(database: Database, storage: Storage) -> int:
    """Return how many objects lie in the store that no file has."""
    number = 0
    async for found in storage.listing():
        async with database.reading() as session:
            number += len(set(found) - await keys.owned(session, found))
    return number


async def _look(storage: Storage, item: Item) -> Finding:
    try:
        found = await _sum(await storage.get(item.key))
    except Missing:
        return Finding.missing
    return Finding.good if _is(item, found) else Finding.changed


async def _copy(source: Storage, target: Storage, item: Item) -> Finding:
    if await _look(target, item) == Finding.good and item.sha256:
        return Finding.good
    try:
        stored = await target.put_as(item.key, await source.get(item.key), item.size)
    except Missing:
        return Finding.missing
    except TooLarge:  # there is more than there was
        return Finding.changed
    there = await _sum(await target.get(item.key))
    if not _is(item, there) or there.sha256 != stored.sha256:
        await target.delete(item.key)
        return Finding.changed
    return Finding.copied


def _is(item: Item, found: _Sum) -> bool:
    return found.size == item.size and item.sha256 in {None, found.sha256}


async def _sum(chunks: AsyncIterator[bytes]) -> _Sum:
    size, digest = 0, hashlib.sha256()
    async for chunk in chunks:
        size += len(chunk)
        digest.update(chunk)
    return _Sum(size, digest.hexdigest())
