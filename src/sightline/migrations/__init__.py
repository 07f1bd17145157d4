"""Bringing a database to the newest revision; safe when several processes start at once."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from sightline.core.db import sqlite_writer
from sightline.core.refusal import Refusal

LOCK = 7_462_915


class Newer(Refusal):
    """The database was written by a newer Sightline; the message is a sentence for a person."""


def config() -> Config:
    """Return the Alembic configuration of the installed package."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    found.set_main_option("version_path_separator", "os")
    return found


def newest() -> str:
    """Return the revision this program works with."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


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
    script = ScriptDirectory.from_config(config())
    if at == script.get_current_head():
        return
    if at is not None and at not in {one.revision for one in script.walk_revisions()}:
        raise Newer(
            "The database was written by a newer version of Sightline; install that version, or restore a backup."
        )
    run_on(connection, command.upgrade, "head")


def current(connection: Connection) -> str | None:
    """Return the revision of a database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def run_on(connection: Connection, verb: Any, *words: Any, **more: Any) -> None:
    """Run an Alembic command on an open connection."""
    given = config()
    given.attributes["connection"] = connection
    verb(given, *words, **more)
