"""Migrations: from nothing to the newest, on both databases, alone or in company."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from sightline import migrations, models
from sightline.migrations import Newer, migrate, newest

MIGRATE = "import asyncio, sys; from sightline.migrations import migrate; asyncio.run(migrate(sys.argv[1]))"


async def _ask(url: str, question: Any, *words: str) -> Any:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        answer = await connection.run_sync(question, *words)
    await engine.dispose()
    return answer


def _differences(connection: Connection) -> None:
    config = migrations.config()
    config.attributes.update(connection=connection, metadata=models.metadata)
    command.check(config)


def _execute(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


async def test_an_empty_database_comes_to_the_newest_revision(empty_database_url: str) -> None:
    assert await _ask(empty_database_url, migrations.current) is None
    await migrate(empty_database_url)
    assert await _ask(empty_database_url, migrations.current) == newest()
    await migrate(empty_database_url)


async def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    await _ask(database_url, _differences)


async def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    command_line = [sys.executable, "-c", MIGRATE, empty_database_url]
    running = [subprocess.Popen(command_line, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [await asyncio.to_thread(process.communicate) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert await _ask(empty_database_url, migrations.current) == newest()


def test_the_files_of_migrations_are_numbered_by_their_revisions() -> None:
    script = ScriptDirectory.from_config(migrations.config())
    assert newest() == script.get_current_head()
    assert all(Path(one.path).name.startswith(f"{one.revision}_") for one in script.walk_revisions())


async def test_a_database_of_a_later_sightline_is_left_alone(database_url: str) -> None:
    await _ask(database_url, _execute, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Newer, match="newer version of Sightline"):
        await migrate(database_url)
    assert await _ask(database_url, migrations.current) == "9999"
