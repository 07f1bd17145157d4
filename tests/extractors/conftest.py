from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Fact, Reading, read

HERE = Path(__file__).parent
Facts = dict[str, Fact]


@pytest.fixture
def samples() -> Path:
    return HERE / "samples"


@pytest.fixture
def recorded() -> Path:
    return HERE / "traces"


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[[bytes], Reading]:
    """Read what a test wrote itself."""

    def reading(content: bytes) -> Reading:
        path = tmp_path / "given"
        path.write_bytes(content)
        return read(path, "given")

    return reading
