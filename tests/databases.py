"""A fresh, migrated database for each test that asks for `database_url`, once on SQLite and once on PostgreSQL."""

import asyncio
import contextlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from sightline.core import database_url as spelling
from tests import postgres

NAMES = ("sqlite", "postgres")
SERVER = pytest.StashKey[str]()

# Rows and counters as the migrations leave them, and back to them: quicker than a new database, and TRUNCATE.
REMEMBER = """DO $$ DECLARE one record; BEGIN
CREATE SCHEMA remembered;
FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE remembered.%I AS TABLE public.%I', one.name, one.name);
END LOOP;
CREATE TABLE remembered.counters AS SELECT sequencename AS name, start_value, last_value FROM pg_sequences;
END $$"""
# Connections that are kept for the next test are idle; whoever is not was left in the middle of something.
LEAVE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
RESET = """DO $$ DECLARE one record; BEGIN
SET LOCAL session_replication_role = replica;
FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    IF to_regclass(format('remembered.%I', one.name)) IS NULL THEN
        EXECUTE format('DROP TABLE public.%I', one.name);
    ELSE
        EXECUTE format('DELETE FROM public.%I', one.name);
        EXECUTE format('INSERT INTO public.%I SELECT * FROM remembered.%I', one.name, one.name);
    END IF;
END LOOP;
PERFORM setval(format('public.%I', name)::regclass, coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM remembered.counters;
END $$"""

Make = Callable[[], contextlib.AbstractContextManager[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=NAMES, help="run the tests of one database only")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for all xdist workers; a run without xdist starts it when a test asks."""
    if (
        getattr(config.option, "numprocesses", None)
        and not hasattr(config, "workerinput")
        and config.option.database != "sqlite"
    ):
        stack = contextlib.ExitStack()
        config.stash[SERVER] = stack.enter_context(postgres.server())
        config.add_cleanup(stack.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    node.workerinput["postgres"] = node.config.stash.get(SERVER, "")  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if wanted := config.option.database:
        left_out = [item for item in items if _database(item) not in {None, wanted}]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _database(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_url") if callspec else None


@pytest.fixture(scope="session")
def _postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if started := getattr(request.config, "workerinput", {}).get("postgres"):
        yield started
        return
    with postgres.server() as url:
        yield spelling.normalise(url)


@pytest.fixture(scope="session")
def _postgres_databases(_postgres_url: str) -> Make:
    numbers = itertools.count()

    def run(statement: str) -> None:
        asyncio.run(_execute(_postgres_url, statement))

    @contextlib.contextmanager
    def make() -> Iterator[str]:
        name = f"sightline_test_{os.getpid()}_{next(numbers)}"
        run(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield make_url(_postgres_url).set(database=name).render_as_string(hide_password=False)
        finally:
            run(f"DROP DATABASE {name} WITH (FORCE)")

    return make


@pytest.fixture(scope="session")
def _postgres_renewed(_postgres_databases: Make) -> Iterator[Callable[[], str]]:
    """Give what makes the one database for the tests of this process as new, and returns its address.

    A copy takes as long as a test, and a connection ten times as long as what is done with it.
    """
    with _postgres_databases() as url, asyncio.Runner() as runner:
        _migrate(url)
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        connection = runner.run(engine.connect().start())
        runner.run(connection.execute(text(REMEMBER)))

        def renewed() -> str:
            for statement in (LEAVE, RESET):
                runner.run(connection.execute(text(statement)))
            return url

        yield renewed
        runner.run(connection.close())


@pytest.fixture(scope="session")
def _sqlite_copy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    template = tmp_path_factory.mktemp("template") / "sightline.db"
    _migrate(spelling.of_file(template))
    folder = tmp_path_factory.mktemp("database")

    def copy() -> Path:
        shutil.rmtree(folder)
        folder.mkdir()
        return Path(shutil.copy(template, folder))

    return copy


def _migrate(url: str) -> None:
    from sightline.migrations import migrate  # noqa: PLC0415

    asyncio.run(migrate(url))


async def _execute(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(params=NAMES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give a migrated database as new. The next test of this process has it at the same address: engines are kept."""
    if request.param == "sqlite":
        yield spelling.of_file(request.getfixturevalue("_sqlite_copy")())
        return
    renewed: Callable[[], str] = request.getfixturevalue("_postgres_renewed")
    yield renewed()


@pytest.fixture(params=NAMES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without tables, for the tests of migrations."""
    if request.param == "sqlite":
        yield spelling.of_file(tmp_path / "sightline.db")
        return
    make: Make = request.getfixturevalue("_postgres_databases")
    with make() as url:
        yield url
