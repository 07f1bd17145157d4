"""Sightline started as a person would start it: a real process, real signals, its own folder."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

SIGHTLINE = str(Path(sys.executable).parent / "sightline")
PATIENCE = 60.0


def eventually(condition: Callable[[], Any], what: object) -> Any:
    """Return the first true answer of `condition`."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain: {what}")


class Running:
    """A running command, its output as it comes."""

    def __init__(self, *words: str, folder: Path, program: str = SIGHTLINE, **settings: str) -> None:
        environment = os.environ | {"LOG_FORMAT": "json"} | settings
        self.process = subprocess.Popen(
            [program, *words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def address(self) -> str:
        """Where it says it is, once it does."""
        found = eventually(
            lambda: re.search(r"^Sightline is at (http://\S+)", "\n".join(self.lines), re.MULTILINE), "the address"
        )
        return str(found[1])

    @property
    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def log(self, event: str) -> list[dict[str, Any]]:
        """Return the log lines of one event so far."""
        parsed = (json.loads(line) for line in self.lines if line.startswith("{"))
        return [line for line in parsed if line["event"] == event]

    def is_up(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.address}/health/ready", timeout=2).status_code == 200
        return False

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Send a request, and wait for the answer however busy the machine is."""
        return httpx2.request(method, f"{self.address}{path}", timeout=PATIENCE, **more)

    def ends(self, within: float = PATIENCE) -> int:
        """Wait for the end and return the exit code."""
        code = self.process.wait(within)
        self._reading.join(5)
        return code

    def close(self) -> None:
        """End it and whatever it started, however it is."""
        family = []
        with contextlib.suppress(psutil.NoSuchProcess):
            family = self.children
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(6)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self._reading.join(5)
        assert self.process.stdout
        self.process.stdout.close()


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command in the test's own folder; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def begin(*words: str, **settings: str) -> Running:
            running = Running(*words, folder=tmp_path, **settings)
            stack.callback(running.close)
            return running

        yield begin


@pytest.fixture
def run(start: Start) -> Callable[..., tuple[int, str]]:
    """Run a command to its end and return its exit code and output."""

    def to_the_end(*words: str, **settings: str) -> tuple[int, str]:
        running = start(*words, **settings)
        code = running.ends()
        return code, "\n".join(running.lines)

    return to_the_end
