"""Wakes those who wait for new events or jobs, in this process and in the others.

On SQLite there is one process. On PostgreSQL a notification goes out on a connection of its own,
after the commit and with many rings in one. It is only a hint: whoever waits also looks by the clock.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from sightline.core.db import Database

CHANNEL: Final = "sightline"
RETRY_SECONDS: Final = 2
PROBE_SECONDS: Final = 15

log = structlog.get_logger(__name__)


class Bell:
    """One a process; `ring` never blocks and never fails."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._unsent: set[str] = set()
        self._send = asyncio.Event()
        self._own_pid = 0

    def ring(self, topics: set[str]) -> None:
        """Wake all who wait for one of `topics`, here at once and elsewhere soon."""
        self._wake(topics)
        if not self._database.is_sqlite:
            self._unsent |= topics
            self._send.set()

    def _wake(self, topics: set[str]) -> None:
        for topic in topics:
            for waiter in self._waiting[topic]:
                waiter.set()

    @contextlib.contextmanager
    def listen(self, topic: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set at every ring of `topic`; clear it before looking."""
        waiter = asyncio.Event()
        self._waiting[topic].add(waiter)
        try:
            yield waiter
        finally:
            self._waiting[topic].discard(waiter)

    async def run(self) -> None:
        """Carry rings between processes until cancelled; reconnects when the server goes away."""
        if self._database.is_sqlite:
            return
        import asyncpg  # noqa: PLC0415 - SQLite starts without it

        while True:
            try:
                await self._carry()
            except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("bell lost its connection", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _carry(self) -> None:
        async with self._database.writer.connect() as held:
            connection: Any = (await held.get_raw_connection()).driver_connection
            self._own_pid = connection.get_server_pid()
            await connection.add_listener(CHANNEL, self._heard)
            try:
                while True:
                    await rung(self._send, PROBE_SECONDS)
                    topics, self._unsent = self._unsent, set()
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, ",".join(sorted(topics)))
            finally:
                await connection.remove_listener(CHANNEL, self._heard)

    def _heard(self, _connection: Any, pid: int, _channel: str, payload: Any) -> None:
        # What this process rang it has heard at once.
        if pid != self._own_pid:
            self._wake(set(str(payload).split(",")))


async def rung(waiter: asyncio.Event, seconds: float) -> None:
    """Wait for a ring, or `seconds` at most, and clear the event."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await waiter.wait()
    waiter.clear()
