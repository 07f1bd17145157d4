from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.core.config import Settings
from tests.world import World


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Let a file have one megabyte at most."""
    return Settings(database_url=database_url, sightline_data=tmp_path, max_upload_mb=1)


@pytest.fixture
def stored(world: World) -> Callable[[], list[Path]]:
    """Return the files that lie in the store."""
    folder = world.files
    return lambda: sorted(path for path in folder.rglob("*") if path.is_file())
