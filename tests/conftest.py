"""What every test may use: the databases of tests/databases.py, and settings that read nothing from outside."""

import os
from pathlib import Path

import pytest

from sightline.core.config import Settings

pytest_plugins = ["tests.databases", "tests.world"]

for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)


# Tests that walk through the whole house many times. Measuring their lines, or on PostgreSQL those that ran on SQLite,
# would double the time of the suite and add nothing to what is covered.
WALKS = {"access", "fuzz", "laws", "reliability"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: Playwright keeps an event loop running in the thread in which others start their own."""
    items.sort(key=lambda item: "e2e" in item.path.parts)
    for item in items:
        if WALKS & set(item.path.parts) or "postgres" in item.name:
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("no_cover"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give settings for one test: its own database and folder."""
    return Settings(database_url=database_url, sightline_data=tmp_path)
