"""The database refuses what cannot be true, whatever the application does; over every table there is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Enum,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    insert,
    inspect,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from sightline.core.db import Database
from tests.integrity.rows import BESIDE, TABLES, enumerations, filled, put, row

NOWHERE = 10**12
WORDS = {"status", "severity", "priority", "resolution", "role", "state", "extraction", "carrier"}


async def test_no_row_refers_to_one_that_is_not_there(database_url: str) -> None:
    accepted = await _accepted(database_url, _orphans, ("FOREIGN KEY", "ForeignKeyViolation"))
    assert accepted == []


async def test_no_row_that_must_be_the_only_one_comes_twice(database_url: str) -> None:
    accepted = await _accepted(database_url, _duplicates, ("UNIQUE", "UniqueViolation"))
    assert accepted == []


async def test_no_word_that_is_not_in_its_list_is_stored(database_url: str) -> None:
    accepted = await _accepted(database_url, _foreign_words, ("CHECK", "CheckViolation"))
    assert accepted == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("issues", {"status": "done"}),
        ("issues", {"resolution": "fixed"}),
        ("issues", {"status": "done", "resolution": "fixed", "duplicate_of_id": 1, "id": 2}),
        ("issues", {"status": "done", "resolution": "duplicate", "duplicate_of_id": 77, "id": 77}),
        ("facts", {"issue_id": None, "attachment_id": None}),
        ("facts", {"issue_id": 1, "attachment_id": 1}),
        ("event_log", {"id": 2, "last_position": 0}),
    ],
)
async def test_rules_over_several_columns_hold_in_the_database(
    database_url: str, name: str, wrong: dict[str, Any]
) -> None:
    def one(connection: Connection) -> Iterator[tuple[str, Table, dict[str, Any]]]:
        (table,) = [table for table in TABLES if table.name == name]
        yield str(wrong), table, row(connection, table, **wrong)

    assert await _accepted(database_url, one, ("CHECK", "CheckViolation")) == []


async def test_every_column_of_words_from_a_list_has_its_check() -> None:
    unchecked = []
    for table in TABLES:
        checked = {column for column, _ in enumerations(table)}
        unchecked += [f"{table.name}.{c.key}" for c in table.columns if c.key in WORDS - checked]
        assert not [c for c in table.columns if isinstance(c.type, Enum)], "enumerations are text with a named CHECK"
    assert unchecked == []


async def test_every_reference_is_the_first_column_of_an_index(database_url: str) -> None:
    assert await _ask(database_url, _unindexed) == []


async def test_foreign_keys_are_on_in_every_connection(database_url: str) -> None:
    database = Database(database_url)
    if database.is_sqlite:
        assert [await _pragmas(engine) for engine in (database.reader, database.writer)] == [
            {"foreign_keys": {1}, "query_only": {1}, "mmap_size": {0}, "journal_mode": {"wal"}, "synchronous": {2}},
            {"foreign_keys": {1}, "query_only": {0}, "mmap_size": {0}, "journal_mode": {"wal"}, "synchronous": {2}},
        ]
    else:
        async with database.writer.connect() as connection:
            assert (await connection.execute(text("SHOW session_replication_role"))).scalar_one() == "origin"
    await database.close()


async def _pragmas(engine: Any) -> dict[str, set[Any]]:
    """Ask every connection that the pool may hold at once."""
    names = ("foreign_keys", "query_only", "mmap_size", "journal_mode", "synchronous")
    connections = [await engine.connect() for _ in range(engine.pool.size())]
    found = {name: {(await c.execute(text(f"PRAGMA {name}"))).scalar_one() for c in connections} for name in names}
    for connection in connections:
        await connection.close()
    return found


Case = tuple[str, Table, dict[str, Any]]


def _orphans(connection: Connection) -> Iterator[Case]:
    for table in TABLES:
        for column in (c for c in table.columns if c.foreign_keys):
            beside = BESIDE.get((table.name, column.key), {})
            yield f"{table.name}.{column.key}", table, row(connection, table, **beside, **{column.key: NOWHERE})


def _duplicates(connection: Connection) -> Iterator[Case]:
    for table in TABLES:
        for key in _keys(table):
            first = put(connection, table, **_filled(connection, key)) if table.name != "event_log" else {"id": 1}
            same = {column.key: first[column.key] for column in key}
            beside = {k: v for c in key for k, v in BESIDE.get((table.name, c.key), {}).items()}
            yield f"{table.name} {sorted(same)}", table, row(connection, table, **beside, **same)


def _keys(table: Table) -> Iterator[list[Column[Any]]]:
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            yield list(constraint.columns)


def _filled(connection: Connection, key: list[Column[Any]]) -> dict[str, Any]:
    values = {c.key: filled(connection, c) for c in key}
    return {k: v for c in key for k, v in BESIDE.get((c.table.name, c.key), {}).items()} | values


def _foreign_words(connection: Connection) -> Iterator[Case]:
    for table in TABLES:
        for column, words in enumerations(table):
            for wrong in ("nonsense", words[0].upper(), f" {words[0]}", ""):
                beside = BESIDE.get((table.name, column), {})
                yield f"{table.name}.{column}={wrong!r}", table, row(connection, table, **beside, **{column: wrong})


async def _accepted(url: str, cases: Callable[[Connection], Iterator[Case]], refusal: tuple[str, str]) -> list[str]:
    """Try each case, and return those that the database took, or refused for another reason."""

    def attempt(connection: Connection) -> list[str]:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        found, tried = [], 0
        for name, table, values in cases(connection):
            tried += 1
            found += _outcome(connection, name, table, values, refusal)
        assert tried, "nothing was tried"
        connection.rollback()
        return found

    return await _ask(url, attempt)


async def _ask(url: str, question: Callable[[Connection], list[str]]) -> list[str]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()


def _outcome(
    connection: Connection, name: str, table: Table, values: dict[str, Any], refusal: tuple[str, str]
) -> list[str]:
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(values))
    except DBAPIError as error:
        cause = getattr(error.orig, "__cause__", None) or error.orig
        told = f"{type(cause).__name__} {error.orig}"
        return [] if any(word in told for word in (*refusal, "append-only")) else [f"{name}: {told}"]
    return [f"{name}: accepted"]


def _unindexed(connection: Connection) -> list[str]:
    found = []
    for name in inspect(connection).get_table_names():
        asked = inspect(connection)
        whole = [index for index in asked.get_indexes(name) if not _is_partial(index)]
        leading = {index["column_names"][0] for index in whole}
        leading |= {unique["column_names"][0] for unique in asked.get_unique_constraints(name)}
        leading |= set(asked.get_pk_constraint(name)["constrained_columns"][:1])
        for key in asked.get_foreign_keys(name):
            found += [f"{name}.{c}" for c in key["constrained_columns"][:1] if c not in leading]
    return found


def _is_partial(index: Any) -> bool:
    return any(option.endswith("_where") for option in index.get("dialect_options", {}))
