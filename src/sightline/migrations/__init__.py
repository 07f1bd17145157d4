"""Bringing a database to the newest revision; safe when several processes start at once.

A start that finds the newest revision does without Alembic, which takes as long to import as the whole start should.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from sightline.core.db import sqlite_writer
from sightline.core.refusal import Refusal

if TYPE_CHECKING:
    from alembic.config import Config

LOCK: Final = 7_462_915
HERE: Final = Path(__file__).parent


class Newer(Refusal):
    """The database was written by a newer Sightline; the message is a sentence for a person."""


def config() -> "Config":
    """Return the Alembic configuration of the installed package."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.set_main_option("version_path_separator", "os")
    return found


def newest() -> str:
    """Return the revision this program works with."""
    return _revisions()[-1]


def _revisions() -> list[str]:
    """Return the revisions this program knows, oldest first: the numbers that the files of migrations begin with."""
    return sorted(path.name.split("_")[0] for path in (HERE / "versions").glob("[0-9]*_*.py"))


async def migrate(database_url: str) -> None:
    """Bring the database to the newest revision; processes that start together wait for each other.

    Raises:
        Newer: the database is of a later revision than this program knows.
    """
    engine = _engine(database_url)
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _engine(database_url: str) -> AsyncEngine:
    if database_url.startswith("sqlite"):
        return sqlite_writer(database_url)
    return create_async_engine(database_url, poolclass=NullPool)


def _upgrade(connection: Connection) -> None:
    at = current(connection)
    if at == newest():
        return
    if at is not None and at not in _revisions():
        raise Newer(
            "The database was written by a newer version of Sightline; install that version, or restore a backup."
        )
    from alembic import command

    run_on(connection, command.upgrade, "head")


def current(connection: Connection) -> str | None:
    """Return the revision of a database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def run_on(connection: Connection, verb: Any, *words: Any, **more: Any) -> None:
    """Run an Alembic command on an open connection."""
    given = config()
    given.attributes["connection"] = connection
    verb(given, *words, **more)
