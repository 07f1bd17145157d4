"""The whole transaction policy: two session types, two databases.

Reads run in a read-only snapshot. Writes run in one transaction that commits before the answer is
sent. On SQLite there is one writer connection, taken in turn, which opens with BEGIN IMMEDIATE.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from sightline.core import clock, sqlite_driver
from sightline.core.errors import Problem, StorageFull, Unavailable

WAIT_SECONDS: Final = 5
READERS: Final = 4
BUSY_STATES: Final = ("08", "40", "53", "55P03", "57", "25006")
_SQLITE: Final = {"timeout": WAIT_SECONDS, "async_creator_fn": sqlite_driver.connect}


class ReadSession(AsyncSession):
    """A snapshot to read from; the database refuses writes in it."""


class _WriteCalls(Session):
    """The synchronous session inside a `WriteSession`; the guard listens on its engine."""


class WriteSession(ReadSession):
    """One transaction; everything in it becomes true together, or not at all."""

    sync_session_class = _WriteCalls

    def ring(self, topic: str) -> None:
        """Wake whoever waits for `topic` once this transaction is committed."""
        self.info.setdefault("rings", set()).add(topic)


class Database:
    """The engines behind the two session types, and what rings after a commit."""

    def __init__(self, url: str, *, echo: bool = False) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        make = _sqlite_engines if self.is_sqlite else _postgres_engines
        self.reader, self.writer = make(self.url, echo=echo)
        self.after_commit: Callable[[set[str]], None] = lambda _topics: None

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """Open a read-only snapshot."""
        async with ReadSession(self.reader, expire_on_commit=False) as session:
            yield session

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteSession]:
        """Open a transaction; commit at the end of the block, roll back when it raises."""
        session = WriteSession(self.writer, expire_on_commit=False)
        try:
            yield session
            await _to_the_end(session.commit())
        finally:
            await _to_the_end(session.close())
        if rings := session.info.get("rings"):
            self.after_commit(rings)

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.reader.dispose()


async def _to_the_end(work: Any) -> None:
    """Await `work` even when the caller is cancelled meanwhile, so that no transaction is left half open."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def serialise(session: WriteSession, name: str) -> None:
    """Let transactions that name the same rule pass one after the other (SQLite's writers do anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


async def claim(session: WriteSession, name: str) -> bool:
    """Take what is named until this transaction ends; answers False, at once, while another one has it.

    SQLite's writers wait for each other before they come here.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(name)))))


async def database_now(session: ReadSession) -> datetime:
    """Return the time several processes agree on: the server's on PostgreSQL, ours on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return clock.now()
    moment: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return moment + clock.offset()


def _sqlite_engines(url: URL, *, echo: bool) -> tuple[AsyncEngine, AsyncEngine]:
    reader = create_async_engine(
        url, echo=echo, pool_size=READERS, max_overflow=0, pool_timeout=WAIT_SECONDS, connect_args=_SQLITE
    )
    _on_connect(reader, "PRAGMA query_only = ON", "PRAGMA foreign_keys = ON", "PRAGMA mmap_size = 0")
    _on_begin(reader, "BEGIN")
    return reader, sqlite_writer(url, echo=echo)


def sqlite_writer(url: URL | str, *, echo: bool = False) -> AsyncEngine:
    """Return the engine of the one connection that writes to a SQLite file."""
    writer = create_async_engine(
        url, echo=echo, pool_size=1, max_overflow=0, pool_timeout=WAIT_SECONDS, connect_args=_SQLITE
    )
    _on_connect(
        writer,
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        "PRAGMA mmap_size = 0",
    )
    _on_begin(writer, "BEGIN IMMEDIATE")
    return writer


def _on_connect(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # SQLite's own lower() knows ASCII only; people's words have other letters too.
        connection.create_function("lower", 1, _lower, deterministic=True)
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _lower(text: str | None) -> str | None:
    return None if text is None else str(text).lower()


def _on_begin(engine: AsyncEngine, statement: str) -> None:
    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(statement)


def _postgres_engines(url: URL, *, echo: bool) -> tuple[AsyncEngine, AsyncEngine]:
    limits = {"statement_timeout": "5000", "lock_timeout": "4000", "idle_in_transaction_session_timeout": "60000"}
    writer = create_async_engine(
        url,
        echo=echo,
        pool_size=10,
        max_overflow=5,
        pool_timeout=2,
        pool_pre_ping=True,
        connect_args={"server_settings": limits, "timeout": WAIT_SECONDS, "async_creator_fn": _connect},
    )
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return reader, writer


async def _connect(*where: Any, **how: Any) -> Any:
    """Connect; a server that is away is one kind of error, be it refused, silent or without its socket file."""
    import asyncpg  # noqa: PLC0415 - SQLite starts without it

    try:
        return await asyncpg.connect(*where, **how)
    except OSError as error:
        raise ConnectionError(str(error)) from error


def outage(error: BaseException) -> Problem | None:
    """Turn a database that is busy, away, read-only or full into the answer for it; None for our own mistakes."""
    if isinstance(error, PoolTimeout | ConnectionError):
        return Unavailable("The database is busy; try again in a moment.")
    if not isinstance(error, DBAPIError):
        return None
    state = str(getattr(error.orig, "sqlstate", "") or "")
    message = str(error.orig)
    if state.startswith("53100") or "database or disk is full" in message:
        return StorageFull()
    is_busy = isinstance(error.orig, sqlite3.OperationalError) and ("locked" in message or "busy" in message)
    if is_busy or error.connection_invalidated or state.startswith(BUSY_STATES):
        return Unavailable("The database is not available right now; try again in a moment.")
    return None


async def ping(session: ReadSession) -> None:
    """Raise unless the database answers."""
    await session.execute(text("SELECT 1"))
