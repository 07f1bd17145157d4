"""What every test may use: the databases of tests/databases.py, and settings that read nothing from outside."""

import os
from pathlib import Path

import pytest

from sightline.core.config import Settings

pytest_plugins = ["tests.databases", "tests.world"]

for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: Playwright keeps an event loop running in the thread in which others start their own."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give settings for one test: its own database and folder."""
    return Settings(database_url=database_url, sightline_data=tmp_path)
