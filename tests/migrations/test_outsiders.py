"""Rows that were there before people without an account came stay as they are, and the way back is open while it can be."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, select, text, update

from sightline import models
from sightline.issues.models import Issue
from sightline.migrations import migrate, run_on
from tests.integrity.rows import put
from tests.migrations.asking import ask

BEFORE = "0006"
ISSUES = "SELECT id, number, title, reporter_id, duplicate_of_id FROM issues ORDER BY id"


async def test_issues_keep_their_reporters_and_what_refers_to_them(empty_database_url: str) -> None:
    url = empty_database_url
    await migrate(url)
    await ask(url, _fill)
    kept = await ask(url, _look)
    await ask(url, lambda connection: run_on(connection, command.downgrade, BEFORE))
    assert await ask(url, lambda connection: _is_nullable(connection, "issues", "reporter_id")) is False
    assert await ask(url, _look) == kept
    await migrate(url)
    assert await ask(url, lambda connection: _is_nullable(connection, "attachments", "uploader_id")) is True
    assert await ask(url, _look) == kept
    if url.startswith("sqlite"):
        checks = "SELECT 'broken' FROM pragma_foreign_key_check UNION SELECT * FROM pragma_integrity_check"
        assert await ask(url, lambda connection: connection.execute(text(checks)).all()) == [("ok",)]


async def test_the_way_back_is_refused_while_an_issue_has_no_reporter(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await ask(empty_database_url, _fill)
    await ask(empty_database_url, lambda connection: connection.execute(update(Issue).values(reporter_id=None)))
    with pytest.raises(Exception, match=r"without an account|contains null values"):
        await ask(empty_database_url, lambda connection: run_on(connection, command.downgrade, BEFORE))
    nobody = await ask(empty_database_url, lambda connection: connection.scalar(select(Issue.reporter_id)))
    assert nobody is None


def _fill(connection: Connection) -> None:
    tables = models.metadata.tables
    rae = put(connection, tables["users"])["id"]
    first = put(connection, tables["issues"], reporter_id=rae)["id"]
    repeat = {"status": "done", "resolution": "duplicate", "duplicate_of_id": first}
    put(connection, tables["issues"], reporter_id=rae, **repeat)
    for name, more in (("issue_keys", {}), ("issue_labels", {}), ("attachments", {"uploader_id": rae})):
        put(connection, tables[name], issue_id=first, **more)
    put(connection, tables["counted_issues"], issue_id=first, reporter_id=rae)
    put(connection, tables["issue_counts"], reporter_id=rae)


def _look(connection: Connection) -> Any:
    return connection.execute(text(ISSUES)).all()


def _is_nullable(connection: Connection, table: str, column: str) -> bool:
    (found,) = [one for one in inspect(connection).get_columns(table) if one["name"] == column]
    return bool(found["nullable"])
