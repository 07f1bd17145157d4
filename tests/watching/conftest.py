"""A real server, and `sightline watch` as a process beside it."""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from sightline.core import database_url as spelling
from tests.cli.conftest import Running, eventually
from tests.reliability.server import Server, bearer, set_up

Make = Callable[..., Running]


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """Give the folder that is watched."""
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Give a running server on SQLite."""
    folder = tmp_path / "server"
    folder.mkdir()
    with Server(spelling.of_file(folder / "sightline.db"), folder) as started:
        yield started


@pytest.fixture
def token(server: Server) -> str:
    return set_up(server)


@pytest.fixture
def watch(drop: Path, tmp_path: Path) -> Iterator[Make]:
    """Start a watcher of the folder; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def begin(address: str, token: str, project: str = "INBOX", **settings: str) -> Running:
            words = ("watch", str(drop), "--project", project, "--server", address)
            running = Running(*words, folder=tmp_path, SIGHTLINE_TOKEN=token, **settings)
            stack.callback(running.close)
            return running

        yield begin


def issues(server: Server, token: str) -> list[dict[str, Any]]:
    """Return every issue with the names of its files, oldest first."""
    found: list[dict[str, Any]]
    with httpx.Client(base_url=server.url, headers=bearer(token), timeout=30) as client:
        found = client.get("/issues", params={"sort": "created_at", "limit": 100}).json()["items"]
        for issue in found:
            listed = client.get(f"/issues/{issue['id']}/attachments").json()["items"]
            issue["files"] = sorted(one["name"] for one in listed if one["parent_id"] is None)
    return found


def by_files(server: Server, token: str) -> dict[tuple[str, ...], int]:
    """Return {names of the files of an issue: how often it was seen}; two issues with the same names fail."""
    listed = issues(server, token)
    told = {tuple(issue["files"]): issue["occurrences"] for issue in listed}
    assert len(told) == len(listed), sorted(issue["files"] for issue in listed)
    return told


def logged(running: Running, event: str, **fields: Any) -> list[dict[str, Any]]:
    """Return the lines of an event with these fields so far."""
    return [line for line in _lines(running, event) if fields.items() <= line.items()]


def until(running: Running, event: str, number: int = 1, **fields: Any) -> list[dict[str, Any]]:
    """Wait until an event was logged so often, for as long as anything is logged."""

    def enough() -> list[dict[str, Any]] | None:
        assert running.process.poll() is None or logged(running, event, **fields), running.lines
        found = logged(running, event, **fields)
        return found if len(found) >= number else None

    while True:
        before = len(running.lines)
        try:
            return list(eventually(enough, (event, fields, running.lines)))
        except AssertionError:
            if len(running.lines) == before:
                raise


def _lines(running: Running, event: str) -> list[dict[str, Any]]:
    parsed = [json.loads(line) for line in list(running.lines) if line.startswith("{")]
    return [line for line in parsed if line["event"] == event]
