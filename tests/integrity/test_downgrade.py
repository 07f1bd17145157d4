"""The way back: from the newest revision to nothing, and up again."""

from typing import Any

from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from sightline import models
from sightline.core.db import sqlite_writer
from sightline.migrations import current, migrate, newest, run_on


async def test_a_database_goes_down_to_nothing_and_up_again(empty_database_url: str) -> None:
    database_url = empty_database_url
    await migrate(database_url)
    before = await _ask(database_url, _left)
    assert before >= models.metadata.tables.keys()
    await _ask(database_url, lambda connection: run_on(connection, command.downgrade, "base"))
    assert await _ask(database_url, _left) == {"alembic_version"}
    await migrate(database_url)
    assert await _ask(database_url, _left) == before
    assert await _ask(database_url, current) == newest()


def _left(connection: Connection) -> set[str]:
    found = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        ours = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
        found |= set(connection.execute(text(ours)).scalars())
    return found


async def _ask(url: str, question: Any) -> Any:
    engine: AsyncEngine = sqlite_writer(url) if url.startswith("sqlite") else create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()
