"""Where the bytes lie: written once under random keys, never changed."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore

from sightline.core.errors import StorageFull, TooLarge, Unavailable

HEAD: Final = 65536
CHUNK: Final = 1 << 18
PART: Final = 5 << 20  # the least that S3 takes for a part


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was stored: its key, size in bytes, SHA-256 in hex, and how it begins."""

    key: str
    size: int
    sha256: str
    head: bytes


class Storage:
    """The store behind `STORAGE_URL`."""

    def __init__(self, url: str) -> None:
        """Open `file:///folder`, making the folder."""
        self.folder = Path(unquote(urlsplit(url).path))
        self._store = LocalStore(self.folder, mkdir=True)
        self.drawing = asyncio.Semaphore(2)  # pictures drawn at a time

    async def put(self, chunks: AsyncIterator[bytes], limit: int) -> StoredBytes:
        """Store a stream; raises `TooLarge` after `limit` bytes and leaves nothing then."""
        reading = _Measured(chunks, limit)
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name}"
        try:
            # Not mode="create", which gathers the whole file in memory first; the random key is as good.
            await obstore.put_async(
                self._store, key, reading.chunks(), use_multipart=True, chunk_size=PART, max_concurrency=2
            )
        except (BaseError, OSError) as error:
            raise _outage(error) from error
        return StoredBytes(key, reading.size, reading.digest.hexdigest(), bytes(reading.head))

    async def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` to before `end`."""
        if start >= end:
            return
        found = await obstore.get_async(self._store, key, options={"range": (start, end)})
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    async def delete(self, key: str) -> None:
        """Remove an object; one that is gone is fine."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return

    def path(self, key: str) -> Path:
        """Return the file behind a key, for a process that reads it in place."""
        return self.folder / key

    async def check(self) -> None:
        """Raise unless the store takes and gives back an object."""
        key = f"probe/{secrets.token_hex(8)}"
        await obstore.put_async(self._store, key, b"ok")
        await obstore.delete_async(self._store, key)


class _Measured:
    def __init__(self, chunks: AsyncIterator[bytes], limit: int) -> None:
        self.source, self.limit = chunks, limit
        self.size, self.digest, self.head = 0, hashlib.sha256(), bytearray()

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self.source:
            self.size += len(chunk)
            if self.size > self.limit:
                raise TooLarge(f"A file may have at most {self.limit // 2**20} MB.", headers={"Connection": "close"})
            self.digest.update(chunk)
            if len(self.head) < HEAD:
                self.head += chunk[: HEAD - len(self.head)]
            yield chunk


def _outage(error: Exception) -> Exception:
    text = str(error)
    is_full = "No space left" in text or "StorageFull" in text or "os error 28" in text
    return (
        StorageFull() if is_full else Unavailable("The file store is not available right now; try again in a moment.")
    )
