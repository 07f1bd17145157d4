"""What runs in a process beside the requests: database, bell, readers, live feed, worker."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from typing import Any

import structlog

from sightline import housekeeping, models
from sightline.attachments import keys
from sightline.attachments.storage import Storage
from sightline.attachments.stores import open_store
from sightline.core.config import Settings
from sightline.core.db import Database
from sightline.core.filelock import holding
from sightline.events import guard
from sightline.events.bell import Bell
from sightline.jobs.worker import Worker
from sightline.migrations import migrate
from sightline.projects.service import ensure_inbox
from sightline.readers import runner
from sightline.readers.insights.counts import COUNTS
from sightline.readers.live.tail import Tail
from sightline.readers.positions import POSITIONS
from sightline.readers.runner import Reader
from sightline.readers.spans import SPANS

READERS: tuple[Reader, ...] = (POSITIONS, SPANS, COUNTS)

log = structlog.get_logger(__name__)


def guarded(settings: Settings) -> Database:
    """Return the database of `settings`, in which nothing tracked changes without an event."""
    database = Database(settings.database_url, echo=settings.database_echo)
    guard.watch(database.writer, models.metadata)
    return database


class House:
    """The parts, assembled but not yet running. A database that is given is closed by who gave it."""

    def __init__(self, settings: Settings, database: Database | None = None) -> None:
        self.settings = settings
        self._closes = database is None
        self.database = database or guarded(settings)
        self.storage = Storage(open_store(settings.storage_url, settings), partial(keys.remember, self.database))
        self.bell = Bell(self.database)
        self.database.after_commit = self.bell.ring
        self.tail = Tail(self.database, self.bell)
        self.worker = Worker(
            self.database,
            self.bell,
            housekeeping.handlers(self.storage, settings),
            housekeeping.schedules(settings),
            lanes=housekeeping.LANES,
        )

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold the SQLite file, bring the database up to date, and close it at the end; raises `Held`, `Newer`."""
        with contextlib.ExitStack() as stack:
            if self.settings.is_sqlite:
                stack.enter_context(holding(self.settings.sqlite_path))
            await migrate(self.settings.database_url)
            await ensure_inbox(self.database)
            await runner.enter(self.database, READERS)
            try:
                yield
            finally:
                if self._closes:
                    await self.database.close()

    @contextlib.asynccontextmanager
    async def at_work(self, *, with_worker: bool = True) -> AsyncIterator[None]:
        """Run everything that runs by itself for the length of the block."""
        parts: list[Coroutine[Any, Any, None]] = [self.bell.run(), self.tail.run()]
        parts.append(runner.follow(self.database, self.bell, READERS))
        if with_worker:
            parts += [self.worker.run(kinds) for kinds in self.worker.lanes]
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            yield
        finally:
            await _end(tasks)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: a cancellation can meet a task in the middle of a library that swallows it."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=1)
