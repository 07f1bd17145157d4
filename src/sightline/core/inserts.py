"""INSERT … ON CONFLICT DO NOTHING, which both databases know and SQLAlchemy spells per dialect."""

from importlib import import_module
from typing import Any

from sightline.core.db import WriteSession
from sightline.core.rows import Row


async def insert_new(session: WriteSession, table: type[Row], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique constraint already holds one; tell whether it was inserted.

    On PostgreSQL this waits for a transaction that is inserting the same key.
    """
    # Each database starts with its own dialect alone.
    insert = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert
    result = await session.execute(
        insert(table).values(values).on_conflict_do_nothing().returning(table.__mapper__.primary_key[0])
    )
    return result.first() is not None
