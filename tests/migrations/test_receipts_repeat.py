"""Keys that users sent before receipts could have some still hold; the way back forgets those of receipts."""

from typing import Any

from alembic import command
from sqlalchemy import Connection, text

from sightline import models
from sightline.migrations import migrate, run_on
from tests.integrity.rows import put
from tests.migrations.asking import ask

BEFORE = "0011"


async def test_keys_stay_with_their_users(empty_database_url: str) -> None:
    url = empty_database_url
    await migrate(url)
    user = await ask(url, _fill)
    await ask(url, lambda connection: run_on(connection, command.downgrade, BEFORE))
    assert await ask(url, lambda connection: _look(connection, "user_id")) == [(user, "/issues", "first")]
    await migrate(url)
    assert await ask(url, lambda connection: _look(connection, "caller")) == [(f"user:{user}", "/issues", "first")]


def _fill(connection: Connection) -> int:
    tables = models.metadata.tables
    user: int = put(connection, tables["users"])["id"]
    for caller, key in ((f"user:{user}", "first"), ("receipt:2c26b46b", "second")):
        put(connection, tables["idempotency_keys"], caller=caller, route="/issues", key=key)
    return user


def _look(connection: Connection, column: str) -> Any:
    return connection.execute(text(f"SELECT {column}, route, key FROM idempotency_keys")).all()
