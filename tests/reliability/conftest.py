"""What the tests here run against: a server of real processes, or an application in this one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.core.config import Settings
from tests.reliability.server import Server, set_up
from tests.reliability.stage import Stage


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """Give a running server: one process on SQLite, two on PostgreSQL."""
    workers = 1 if database_url.startswith("sqlite") else 2
    with Server(database_url, tmp_path, workers=workers) as started:
        yield started


@pytest.fixture
def admin(server: Server) -> str:
    return set_up(server)


@pytest.fixture
def stage(settings: Settings) -> Iterator[Stage]:
    """Give a running application with four people."""
    opened = Stage(settings)
    yield opened
    opened.close()
