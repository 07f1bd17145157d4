"""The way back: from the newest revision to nothing, and up again."""

from alembic import command
from sqlalchemy import Connection, inspect, text

from sightline import models
from sightline.migrations import current, migrate, newest, run_on
from tests.migrations.asking import ask


async def test_a_database_goes_down_to_nothing_and_up_again(empty_database_url: str) -> None:
    database_url = empty_database_url
    await migrate(database_url)
    before = await ask(database_url, _left)
    assert before >= models.metadata.tables.keys()
    await ask(database_url, lambda connection: run_on(connection, command.downgrade, "base"))
    assert await ask(database_url, _left) == {"alembic_version"}
    await migrate(database_url)
    assert await ask(database_url, _left) == before
    assert await ask(database_url, current) == newest()


def _left(connection: Connection) -> set[str]:
    found = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        ours = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
        found |= set(connection.execute(text(ours)).scalars())
    return found
