"""Every import contract of pyproject.toml fails when it is broken."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = str(Path(sys.executable).parent / "lint-imports")
BROKEN_BY = {
    "Things flow one way": ("core/clock.py", "sightline.users.models"),
    "Routes speak HTTP, nothing below them does": ("issues/service.py", "fastapi"),
    "Within a feature: routes, service, queries or changes, schemas, models": (
        "issues/models.py",
        "sightline.issues.service",
    ),
    "Readers do not know each other": ("readers/spans.py", "sightline.readers.live"),
    "Readers edit nothing: they import no service": ("readers/runner.py", "sightline.issues.service"),
    "What reads files knows nothing of the house": ("extractors/source.py", "sightline.core.clock"),
    "The watcher is a client: it knows the API, not the house": ("watching/server.py", "sightline.core.db"),
}


def _lint(folder: Path) -> str:
    done = subprocess.run([LINT, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "src" / "sightline", folder / "sightline", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_there_is_a_breach_for_every_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == BROKEN_BY.keys()


@pytest.mark.parametrize("contract", BROKEN_BY)
def test_a_breach_is_found(contract: str, copy: Path) -> None:
    name, imported = BROKEN_BY[contract]
    file = copy / "sightline" / name
    kept = file.read_text()
    try:
        file.write_text(f"{kept}\nimport {imported}\n")
        assert f"{contract} BROKEN" in _lint(copy)
    finally:
        file.write_text(kept)
