"""What every test may use, and in which order tests run."""

import gc

import pytest

# The lines come first: they see what is imported after them.
pytest_plugins = ["tests.lines", "tests.databases", "tests.world"]

# Tests that start servers of their own, and mostly wait for them.
WAITING = {"cli", "fuzz", "reliability", "stores", "watching"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the tests that wait among those that compute, so that a machine always has something to do.

    They end early enough for none to be left alone at the end. Browser tests come last: Playwright keeps an event loop
    running in the thread in which others start their own.
    """
    waiting = [item for item in items if WAITING & set(item.path.parts)]
    browser = [item for item in items if "e2e" in item.path.parts]
    place = {item: number / len(waiting) * 0.8 for number, item in enumerate(waiting)}
    place |= {item: 2 + number for number, item in enumerate(browser)}
    others = [item for item in items if item not in place]
    place |= {item: number / len(others) for number, item in enumerate(others)}
    items.sort(key=place.__getitem__)


def pytest_collection_finish() -> None:
    """Leave what is there by now out of the searches for garbage, as a server does."""
    gc.collect()
    gc.freeze()
    # A test leaves little behind, and the default searches everything that lives every other test.
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
