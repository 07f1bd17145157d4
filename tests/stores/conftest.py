from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.core.config import Settings
from tests.stores.servers import Azurite, StoreServer, Swift


@pytest.fixture(scope="session", params=[Swift, Azurite])
def _store_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    made: StoreServer = request.param(tmp_path_factory.mktemp("store"))
    yield made
    made.stop()


@pytest.fixture
def store(_store_server: StoreServer, tmp_path: Path) -> Iterator[StoreServer]:
    """Give a running store, once of each kind, with a place of this test alone."""
    _store_server.place = tmp_path.name
    yield _store_server
    if not _store_server.is_running:
        _store_server.start()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, store: StoreServer) -> Settings:
    """Let the files lie in that store."""
    return Settings(database_url=database_url, sightline_data=tmp_path / "data", **store.settings())
