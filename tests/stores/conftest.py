from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.core.config import Settings
from tests.stores.servers import Azurite, StoreServer, Swift


@pytest.fixture(params=[Swift, Azurite])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreServer]:
    """Give a store of this test alone, once of each kind."""
    folder = tmp_path / "store"
    folder.mkdir()
    made: StoreServer = request.param(folder)
    yield made
    made.stop()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, store: StoreServer) -> Settings:
    """Let the files lie in that store."""
    return Settings(database_url=database_url, sightline_data=tmp_path / "data", **store.settings())
