"""What every test may use: the databases of tests/databases.py, and settings that read nothing from outside."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from coverage import Coverage

from sightline.core.config import Settings
from sightline.users import passwords

pytest_plugins = ["tests.databases", "tests.world"]

for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)


REAL_HASHER = passwords.hasher
# Tests that start servers of their own, and mostly wait for them.
SLOW = {"cli", "fuzz", "reliability", "stores", "watching"}

# Tests that walk through the whole house many times. Measuring their lines, or on PostgreSQL those that ran on SQLite,
# would double the time of the suite and add nothing to what is covered.
WALKS = {"access", "fuzz", "laws", "reliability"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow ones first, lest one is left alone at the end, and browser tests last.

    Playwright keeps an event loop running in the thread in which others start their own.
    """
    items.sort(key=lambda item: ("e2e" in item.path.parts, not SLOW & set(item.path.parts)))
    for item in items:
        if WALKS & set(item.path.parts) or "postgres" in item.name:
            item.add_marker("unmeasured")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leave a test unmeasured with its fixtures; they are more than half of many."""
    measured = Coverage.current() if item.get_closest_marker("unmeasured") else None
    if measured is None:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> Iterator[None]:
    """Make passwords of this process cheap to hash; servers that tests start hash as they always do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def real_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one test hash passwords as servers do."""
    monkeypatch.setattr(passwords, "hasher", REAL_HASHER)


@pytest.fixture(autouse=True)
def _unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure only in the tests of commands what the processes run that a test starts."""
    if request.node.get_closest_marker("unmeasured") or "cli" not in request.path.parts:
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give settings for one test: its own database and folder."""
    return Settings(database_url=database_url, sightline_data=tmp_path)
