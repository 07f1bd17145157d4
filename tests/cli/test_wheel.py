"""What `pip install .` gives: a wheel that serves by itself, from a folder that knows nothing of the sources."""

import contextlib
import importlib.metadata
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Running

ROOT = Path(__file__).parents[2]
SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"
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
    """Put the wheel and the locked dependencies, nothing else, into a new environment."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    site = subprocess.run([python, "-c", SITE], check=True, capture_output=True, text=True).stdout.strip()
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "run.txt").read_text(), re.MULTILINE)
    for name in locked:
        _link(name, Path(site))
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps"]
    subprocess.run([*install, str(wheel)], check=True)
    return str(folder / "bin" / "sightline")


def _link(name: str, site: Path) -> None:
    """Install what is installed here a second time, as links."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # locked for another system
        for file in importlib.metadata.files(name) or ():
            if not file.is_absolute() and file.parts[0] != "..":
                (site / file).parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileExistsError):
                    (site / file).hardlink_to(file.locate())


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


def test_the_wheel_alone_serves(server: Running) -> None:
    assert server.ask("GET", "/health/ready").json()["status"] == "ready"
    assert server.ask("GET", "/openapi.json").json()["info"]["title"] == "Sightline"
