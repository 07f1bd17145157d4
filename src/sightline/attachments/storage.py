"""Where the bytes lie: written once under random keys, never changed."""

import asyncio
import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from sightline.attachments.drawing import Drawing
from sightline.core.errors import StorageFull, TooLarge, Unavailable
from sightline.extractors.discretion import Watch

if TYPE_CHECKING:
    from obstore import GetResult

HEAD: Final = 65536
CHUNK: Final = 1 << 18
PART: Final = 5 << 20  # the least that S3 takes for a part

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was stored: its key, size in bytes, SHA-256 in hex, how it begins, and whether there is a HAR in it."""

    key: str
    size: int
    sha256: str
    head: bytes
    holds_har: bool


class Missing(Unavailable):
    """The store has no bytes under this key, though it should."""


class Storage:
    """The bytes in one store. `remember` is told each key before anything lies under it."""

    def __init__(self, store: ObjectStore, remember: Callable[[str], Awaitable[None]] | None = None) -> None:
        self._store, self._remember = store, remember
        self._folder = Path(store.prefix) if isinstance(store, LocalStore) and store.prefix else None
        self.drawing = Drawing()

    async def put(self, chunks: AsyncIterator[bytes], limit: int) -> StoredBytes:
        """Store a stream; raises `TooLarge` after `limit` bytes, `Unavailable`, and leaves nothing then."""
        name = secrets.token_hex(16)
        key = f"{name[:2]}/{name}"
        if self._remember:
            await self._remember(key)
        return await self.put_as(key, chunks, limit)

    async def put_as(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredBytes:
        """Store a stream under a key that another store gave; raises like `put`."""
        reading = _Measured(chunks, limit)
        try:
            # Not mode="create", which gathers the whole file in memory first; the random key is as good.
            await obstore.put_async(
                self._store, key, reading.chunks(), use_multipart=True, chunk_size=PART, max_concurrency=2
            )
        except (BaseError, OSError) as error:
            raise _outage(error) from error
        finally:
            await reading.end()
        digest = reading.digest.hexdigest()
        return StoredBytes(key, reading.size, digest, bytes(reading.head), reading.watch.has_seen_har)

    async def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Return the bytes from `start` to before `end`; raises `Unavailable`, and `Missing` when there are none."""
        if start == end:
            return _nothing()
        try:
            found = await obstore.get_async(self._store, key, options={"range": (start, end)} if end else {})
        except FileNotFoundError as error:
            raise Missing("The bytes of this file are missing from the store; an administrator has to look.") from error
        except (BaseError, OSError) as error:
            raise _outage(error) from error
        return _chunks(found)

    async def delete(self, key: str) -> None:
        """Remove an object and what a kill left half written of it; one that is gone is fine. Raises `Unavailable`."""
        try:
            with contextlib.suppress(FileNotFoundError):
                await obstore.delete_async(self._store, key)
            if self._folder:
                await asyncio.to_thread(_drop_half_written, self._folder / key)
        except (BaseError, OSError) as error:
            raise _outage(error) from error

    @contextlib.asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        """Give the bytes as a file for the length of the block, for a process that reads it; raises like `get`."""
        if self._folder:
            yield self._folder / key
            return
        with tempfile.NamedTemporaryFile(prefix="sightline-") as file:
            async for chunk in await self.get(key):
                await asyncio.to_thread(file.write, chunk)
            file.flush()
            yield Path(file.name)

    async def listing(self) -> AsyncIterator[list[str]]:
        """Yield every key that something lies under, some hundred at a time; raises `Unavailable`."""
        try:
            async for found in obstore.list(self._store, chunk_size=500):
                yield [one["path"] for one in found]
        except (BaseError, OSError) as error:
            raise _outage(error) from error

    async def check(self) -> None:
        """Raise unless the store takes and gives back an object."""
        key = f"probe/{secrets.token_hex(8)}"
        await obstore.put_async(self._store, key, b"ok")
        await obstore.delete_async(self._store, key)


def _drop_half_written(file: Path) -> None:
    """Remove the neighbours in which a folder's store gathers a file until it is whole; it lists and deletes none."""
    for half in file.parent.glob(f"{file.name}#*"):
        half.unlink(missing_ok=True)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def _chunks(found: "GetResult") -> AsyncIterator[bytes]:
    try:
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)
    except (BaseError, OSError) as error:
        raise _outage(error) from error


class _Measured:
    def __init__(self, chunks: AsyncIterator[bytes], limit: int) -> None:
        self.source, self.limit = chunks, limit
        self.size, self.digest, self.head = 0, hashlib.sha256(), bytearray()
        self.watch = Watch()
        self._step: asyncio.Task[object] | None = None
        self._has_ended = False

    async def end(self) -> None:
        """Wait for no further chunk: a store that fails, or is told to stop, forgets the step that it began."""
        self._has_ended = True
        if self._step and not self._step.done():
            self._step.cancel()
            await asyncio.wait([self._step])

    async def chunks(self) -> AsyncIterator[bytes]:
        self._step = asyncio.current_task()
        async for chunk in self.source:
            self.size += len(chunk)
            if self.size > self.limit:
                raise TooLarge(f"A file may have at most {self.limit // 2**20} MB.", headers={"Connection": "close"})
            self.digest.update(chunk)
            self.watch.see(chunk)
            if len(self.head) < HEAD:
                self.head += chunk[: HEAD - len(self.head)]
            yield chunk
            self._step = asyncio.current_task()
            if self._has_ended:
                return


def _outage(error: Exception) -> Exception:
    text = str(error)
    is_full = "No space left" in text or "StorageFull" in text or "os error 28" in text
    if is_full:
        return StorageFull()
    log.warning("file store away", reason=text.splitlines()[0])
    return Unavailable("The file store is not available right now; try again in a moment.")
