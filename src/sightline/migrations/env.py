"""Alembic's entry: works on the connection it is given."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations import nothing of the application."""
    is_ours = type(item).__module__.startswith("sightline") and isinstance(getattr(item, "impl", None), DateTime)
    return "sa.DateTime(timezone=True)" if kind == "type" and is_ours else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
