"""The same script of requests gets the same answers on SQLite and on PostgreSQL with two server processes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from sightline.core import database_url as spelling
from tests.reliability.script import Answer, play
from tests.reliability.server import Server, set_up

Make = Callable[[], AbstractContextManager[str]]


def test_both_databases_give_the_same_answers(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    make: Make = request.getfixturevalue("_postgres_databases")
    with make() as postgres_url:
        on_postgres = _played(postgres_url, tmp_path / "postgres", workers=2)
    on_sqlite = _played(spelling.of_file(tmp_path / "sqlite" / "sightline.db"), tmp_path / "sqlite", workers=1)
    assert len(on_sqlite) == len(on_postgres)
    for number, (one, other) in enumerate(zip(on_sqlite, on_postgres, strict=True)):
        assert one == other, f"answer {number}"
    assert {status for status, _ in on_sqlite} == {200, 201, 204, 403, 404, 409, 422}


def _played(database_url: str, folder: Path, workers: int) -> list[Answer]:
    folder.mkdir()
    with Server(database_url, folder, workers=workers) as server:
        return play(server, set_up(server))
