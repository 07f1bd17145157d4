"""What `pip install .` gives: a wheel that serves by itself, from a folder that knows nothing of the sources."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.cli.conftest import Running

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "sightline"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Install the wheel and the locked dependencies, nothing else, into a new environment."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    install = [*pip, "install", "--no-compile"]
    subprocess.run(
        [*install, "--no-deps", "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")], check=True
    )
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    return str(folder / "bin" / "sightline")


@pytest.fixture
def server(program: str, tmp_path: Path) -> Iterator[Running]:
    running = Running("serve", "--port", "0", folder=tmp_path, program=program)
    yield running
    running.close()


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("sightline/")}
    ours = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    expected = {f"sightline/{path.relative_to(PACKAGE)}" for path in ours}
    assert packed == expected
    assert "sightline/migrations/script.py.mako" in packed


@pytest.mark.slow
def test_the_wheel_alone_serves(server: Running) -> None:
    assert httpx2.get(f"{server.address}/health/ready").json()["status"] == "ready"
    assert httpx2.get(f"{server.address}/openapi.json").json()["info"]["title"] == "Sightline"
