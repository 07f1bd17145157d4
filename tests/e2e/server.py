"""A real Sightline for browsers: its own folder and port, which can be killed and brought back."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import psutil

SIGHTLINE = str(Path(sys.executable).parent / "sightline")
PASSWORD = "a long made-up sentence"
PATIENCE = 30.0
SAMPLES = Path(__file__).parents[1] / "extractors"
INVOICE = SAMPLES / "samples" / "zugferd_en16931_1_teilrechnung.pdf"
TRACE = SAMPLES / "traces" / "key_error-3.10.txt"
SCAN = SAMPLES / "samples" / "scan_AmazonWebServices.png"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """`sightline serve` as a person starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        # People stay signed in for all tests, however slow the machine.
        own = {"SIGHTLINE_DATA": str(self.folder / "data"), "LOG_FORMAT": "json", "ACCESS_TOKEN_EXPIRE_MINUTES": "120"}
        environment = os.environ | own
        self.log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [SIGHTLINE, "serve", "--port", str(self.port)],
            cwd=self.folder,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert time.monotonic() < until, (self.folder / "server.log").read_text()[-3000:]
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.address}/health/ready", timeout=2).status_code == 200
        return False

    def kill(self) -> None:
        """End it without any warning."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        self.process.wait()
        self.log.close()

    def person(self, name: str, role: str) -> "Person":
        """Return somebody with an account; the first asked for sets the server up."""
        return Person(self, name, role)


class Person:
    """Somebody with an account, acting through the API where the browser is not what is looked at."""

    def __init__(self, server: Server, name: str, role: str) -> None:
        self.server, self.name, self.email = server, name, f"{name.lower()}@example.org"
        self.headers: dict[str, str] = {}
        self.cookies: list[Any] = []
        wish = {"email": self.email, "name": name, "password": PASSWORD}
        if role == "admin":
            self.call("POST", "/setup", json=wish)
        else:
            boss = signed_in(server, "ada@example.org")
            self.call("POST", "/users", json=wish | {"role": role}, headers=boss)
        self.headers = signed_in(server, self.email)

    def call(self, method: str, path: str, **more: Any) -> Any:
        """Ask the API and return the JSON of a good answer."""
        asked: dict[str, Any] = {"headers": self.headers, "timeout": 20} | more
        answer = httpx2.request(method, f"{self.server.address}/api/v1{path}", **asked)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def file(self, title: str, **more: Any) -> dict[str, Any]:
        """File an issue and return it."""
        issue: dict[str, Any] = self.call("POST", "/issues", json={"title": title, **more})
        return issue

    def edit(self, key: str, **wish: Any) -> dict[str, Any]:
        """Change an issue as it stands now."""
        version = self.issue(key)["version"]
        issue: dict[str, Any] = self.call("PATCH", f"/issues/{key}", json=wish | {"version": version})
        return issue

    def issue(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/issues/{key}")
        return found


def signed_in(server: Server, email: str) -> dict[str, str]:
    """Return the headers of somebody who signed in as a program."""
    wish = {"grant_type": "password", "username": email, "password": PASSWORD}
    answer = httpx2.post(f"{server.address}/api/v1/auth/token", data=wish, timeout=20)
    assert answer.is_success, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def chromium() -> str | None:
    """Return the browser of this machine, the leanest first; None means the one that Playwright brings."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
