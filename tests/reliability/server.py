"""A real Sightline in processes of its own, started as people start it and ended as systems end it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx2 as httpx
import psutil

from sightline.core.config import Settings

API = "/api/v1"
PASSWORD = "a made-up sentence for tests"
ADMIN = "ada@example.org"
PATIENCE = 180  # seconds, for a machine that is slow and busy
SERVER = "sightline.cli.server"
ADDRESS = re.compile(r"Sightline is at (http://\S+)")


class Server:
    """`sightline serve` on a free loopback port; every process that it starts is known here by its id."""

    def __init__(self, database_url: str, folder: Path, *, workers: int = 1) -> None:
        self.database_url, self.folder, self.workers = database_url, folder, workers
        self.address, self.port = "", "0"
        self._parent: psutil.Popen | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._starts = 0

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._parent and self._parent.is_running():
            self.kill_everything()
        self._let_go()

    def _watch(self) -> None:
        """Let the server end with this process, however that goes: its end of the watcher's input closes."""
        self._let_go()
        watch = ["sh", "-c", f"cat >/dev/null; kill -TERM {self.parent.pid}"]
        self._watcher = subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True)

    def _let_go(self) -> None:
        if self._watcher:
            self._watcher.kill()
            self._watcher.communicate()
        self._watcher = None

    @property
    def parent(self) -> psutil.Process:
        assert self._parent is not None, "started"
        return self._parent

    @property
    def url(self) -> str:
        return self.address + API

    def start(self) -> float:
        """Start, wait until it answers, and return the seconds that took."""
        begun = time.monotonic()
        self._starts += 1
        said = self.folder / f"said-{self._starts}"
        command = [str(Path(sys.executable).with_name("sightline")), "serve", "--port", self.port]
        with said.open("wb") as out, self.log.open("ab") as log:
            self._parent = psutil.Popen(
                [*command, "--workers", str(self.workers)],
                cwd=self.folder,
                env=self._environment(),
                stdout=out,
                stderr=log,
            )
        self._watch()
        while not (found := ADDRESS.search(said.read_text())):
            assert self.parent.is_running(), self.log.read_text()
            assert self.parent.status() != psutil.STATUS_ZOMBIE, self.log.read_text()
            assert time.monotonic() - begun < PATIENCE, self.log.read_text()
            time.sleep(0.01)
        self.address = found[1]
        self.wait_until_ready()
        return time.monotonic() - begun

    def keep_address(self) -> None:
        """Let every later start be at the address of this one."""
        self.port = self.address.rpartition(":")[2]

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def _environment(self) -> dict[str, str]:
        ours = {name.upper() for name in Settings.model_fields} | {"PYTHONDONTWRITEBYTECODE"}
        given = {name: value for name, value in os.environ.items() if name not in ours}
        return given | {
            "DATABASE_URL": self.database_url,
            "SIGHTLINE_DATA": str(self.folder / "data"),
            "ACCESS_TOKEN_EXPIRE_MINUTES": "600",
            "LOG_FORMAT": "json",
        }

    def wait_until_ready(self) -> None:
        """Wait until a request is answered; a killed child is replaced meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_ready():
            assert time.monotonic() < deadline, self.log.read_text()[-4000:]
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Tell whether readiness answers 200 right now."""
        try:
            return httpx.get(f"{self.address}/health/ready", timeout=3).status_code == 200
        except httpx.TransportError:
            return False

    def children(self) -> list[psutil.Process]:
        """Return the server processes under the parent."""
        found = self.parent.children(recursive=True)
        return [one for one in found if _command(one, SERVER)]

    def kill_a_child(self, which: int = 0) -> None:
        """End one server process as the kernel would; the parent starts another."""
        children = self.children()
        if children:
            _send(children[which % len(children)], signal.SIGKILL)

    def kill_the_parent(self) -> float:
        """End the parent alone, and return the seconds its children took to follow."""
        begun = time.monotonic()
        orphans = self.parent.children(recursive=True)
        self.parent.kill()
        self.parent.wait(5)
        _, alive = psutil.wait_procs(orphans, timeout=10)
        for one in alive:
            _send(one, signal.SIGKILL)
        assert not alive, f"outlived their parent: {alive}"
        return time.monotonic() - begun

    def kill_everything(self) -> None:
        """End all processes at the same moment, as a machine does that goes down."""
        family = [self.parent, *self.parent.children(recursive=True)]
        for one in family:
            _send(one, signal.SIGSTOP)
        for one in family:
            _send(one, signal.SIGKILL)
        psutil.wait_procs(family, timeout=5)

    def terminate(self) -> None:
        """Ask the whole to stop, as a service manager does."""
        _send(self.parent, signal.SIGTERM)

    def ended(self, within: float) -> int:
        """Wait for the parent and return its exit code; raises `psutil.TimeoutExpired`."""
        code = self.parent.wait(within)
        assert code is not None
        return int(code)

    def stop(self) -> None:
        """Stop in order."""
        self.terminate()
        assert self.ended(PATIENCE) == 0, self.log.read_text()[-4000:]


def _command(process: psutil.Process, word: str) -> bool:
    try:
        return word in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def set_up(server: Server) -> str:
    """Make the first administrator and return a token for it that survives restarts."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        wish = {"email": ADMIN, "name": "Ada", "password": PASSWORD}
        assert client.post("/setup", json=wish).status_code == 201
        return _personal_token(client, ADMIN)


def add_person(server: Server, name: str, role: str) -> str:
    """Make an account and return a token for it."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        wish = {"email": f"{name.lower()}@example.org", "name": name, "role": role, "password": PASSWORD}
        made = client.post("/users", json=wish, headers=bearer(_signed_in(client, ADMIN)))
        assert made.status_code == 201, made.text
        return _personal_token(client, f"{name.lower()}@example.org")


def _signed_in(client: httpx.Client, email: str) -> str:
    grant = {"grant_type": "password", "username": email, "password": PASSWORD}
    token: str = client.post("/auth/token", data=grant).json()["access_token"]
    return token


def _personal_token(client: httpx.Client, email: str) -> str:
    wish = {"name": "tests", "scopes": ["read", "write"]}
    made = client.post("/me/tokens", json=wish, headers=bearer(_signed_in(client, email)))
    assert made.status_code == 201, made.text
    token: str = made.json()["token"]
    return token


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
