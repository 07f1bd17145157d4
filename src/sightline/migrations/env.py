"""Alembic's entry: works on the connection it is given."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime, MetaData


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations import nothing of the application."""
    is_ours = type(item).__module__.startswith("sightline") and isinstance(getattr(item, "impl", None), DateTime)
    return "sa.DateTime(timezone=True)" if kind == "type" and is_ours else False


def partial_on_postgresql(metadata: MetaData) -> MetaData:
    """Leave out of PostgreSQL's indexes the rows that are left out of SQLite's."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        if (where := index.dialect_options["sqlite"]["where"]) is not None:
            index.dialect_options["postgresql"]["where"] = where
    return metadata


connection = context.config.attributes["connection"]
metadata = context.config.attributes.get("metadata")
context.configure(
    connection=connection,
    target_metadata=partial_on_postgresql(metadata) if metadata else None,
    render_item=render_item,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
