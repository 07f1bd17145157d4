"""`sightline files`: what is missing or changed is found; everything moves to another store and is verified there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Running
from tests.stores.servers import Azurite, StoreServer, Swift

Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an installation with sample data, and return its folder."""
    folder = tmp_path_factory.mktemp("installation")
    demo = Running("demo", folder=folder)
    assert demo.ends() == 0
    demo.close()
    return folder / "data"


@pytest.fixture
def files(sample_data: Path, tmp_path: Path) -> list[Path]:
    """Return the stored files of an installation with sample data."""
    shutil.copytree(sample_data, tmp_path / "data")
    return sorted(path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file())


def test_missing_and_changed_bytes_are_found(run: Run, files: list[Path]) -> None:
    code, said = run("files", "check")
    assert (code, said) == (0, f"{len(files)} files: {len(files)} good, 0 missing or changed.")
    files[0].unlink()
    content = bytearray(files[1].read_bytes())
    content[0] ^= 1
    files[1].write_bytes(content)
    (files[1].parent / "not-of-sightline").write_bytes(b"?")
    code, said = run("files", "check")
    assert code == 1
    lines = said.splitlines()
    assert sorted(line.split(":")[0] for line in lines[:2]) == ["changed", "missing"]
    assert lines[2] == f"{len(files)} files: {len(files) - 2} good, 2 missing or changed."
    assert lines[3].startswith("1 objects in the store belong to no file")


@pytest.mark.parametrize("kind", [Swift, Azurite])
def test_files_move_to_another_store_and_are_verified_there(
    run: Run, files: list[Path], tmp_path: Path, kind: type[StoreServer]
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    store = kind(folder)
    settings = {name.upper(): value for name, value in store.settings().items()}
    to = settings.pop("STORAGE_URL")
    try:
        before = {path.name: path.read_bytes() for path in files}
        code, said = run("files", "move", "--to", to, **settings)
        assert code == 0, said
        assert said.splitlines()[0] == f"{len(files)} files: {len(files)} are in the new store, 0 are not."
        assert {path.name: path.read_bytes() for path in files} == before
        assert run("files", "check", STORAGE_URL=to, **settings)[0] == 0
        assert run("files", "move", "--to", to, **settings)[0] == 0
        os.truncate(files[0], 0)
        back = (tmp_path / "back").as_uri()
        assert run("files", "move", "--to", back, STORAGE_URL=to, **settings)[0] == 0
        assert {path.name: path.read_bytes() for path in (tmp_path / "back").rglob("*") if path.is_file()} == before
    finally:
        store.stop()
    code, said = run("files", "check", STORAGE_URL=to, **settings)
    assert (code, said.splitlines()[-1]) == (
        2,
        "sightline: The file store is not available right now; try again in a moment.",
    )


@pytest.mark.parametrize(
    "to", ["s3://", "ftp://host/files", "file://files", "azure://x?endpoint=nowhere", "s3://b?key=1"]
)
def test_a_store_that_cannot_be_is_refused_with_a_sentence(run: Run, to: str) -> None:
    code, said = run("files", "move", "--to", to)
    assert (code, said.startswith("sightline: --to must be file:///absolute/folder, s3://bucket")) == (2, True)
