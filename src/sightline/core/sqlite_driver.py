"""A SQLite connection that goes to its thread once for a statement.

aiosqlite goes there for a cursor, to execute, to fetch and to close; a trip costs more than most statements do. All
rows are fetched at once, which SQLAlchemy does with this driver anyway.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one trip each."""

    def cursor(self) -> "Cursor":  # type: ignore[override] # SQLAlchemy only enters it
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do `work` with the connection of `sqlite3`, in its thread."""
        await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]


class Cursor:
    """One statement: when it has been executed, its rows are here and the cursor in the thread is closed."""

    arraysize = 1
    description: Any = None
    rowcount = -1
    lastrowid: int | None = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute a statement and fetch its rows; raises what `sqlite3` raises."""
        await self._connection.run(lambda connection: self._keep(connection.execute(sql, parameters)))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Execute a statement once for each of `parameters`; raises what `sqlite3` raises."""
        await self._connection.run(lambda connection: self._keep(connection.executemany(sql, parameters)))
        return self

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description, self._rows = cursor.description, cursor.fetchall()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    async def fetchall(self) -> list[Any]:
        """Return the rows of the statement."""
        return self._rows

    async def close(self) -> None:
        """Forget the rows; the thread has nothing left to close."""
        self._rows = []


def connect(database: str, **how: Any) -> Connection:
    """Return a connection that opens when it is awaited; takes what `sqlite3.connect` takes."""
    connection = Connection(lambda: sqlite3.connect(database, **how), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with those it makes
    return connection
