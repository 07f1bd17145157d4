"""INSERT … ON CONFLICT DO NOTHING, which both databases know and SQLAlchemy spells per dialect."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from sightline.core.db import WriteSession
from sightline.core.rows import Row


async def insert_new(session: WriteSession, table: type[Row], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique constraint already holds one; tell whether it was inserted.

    On PostgreSQL this waits for a transaction that is inserting the same key.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    result = await session.execute(
        dialect.insert(table).values(values).on_conflict_do_nothing().returning(table.__mapper__.primary_key[0])
    )
    return result.first() is not None
