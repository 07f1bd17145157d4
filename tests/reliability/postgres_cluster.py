"""A PostgreSQL of one test, that can crash and come back."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.postgres import SETTINGS, _account, _programs


class Cluster:
    """A server in `folder`, behind a Unix socket there."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._place = folder, folder / "db"
        self._account, self._programs = _account(), _programs(folder)
        self.url = f"postgresql+asyncpg://postgres@/postgres?host={folder}"

    def create(self) -> None:
        """Make an empty database."""
        if self._account:
            shutil.chown(self._folder, self._account)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        settings = " ".join(f"--{name}={value}" for name, value in (SETTINGS | {"fsync": "on"}).items())
        self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", f"-k {self._folder} {settings}")

    def crash(self) -> None:
        """End at once, without a word to anybody who is connected."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._programs / program), "-D", str(self._place), *words]
        subprocess.run(command, check=True, user=self._account, cwd=self._folder, stdout=subprocess.DEVNULL, timeout=60)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Give a running server; it is stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="sightline-pg-", ignore_cleanup_errors=True) as folder:
        made = Cluster(Path(folder))
        made.create()
        made.start()
        try:
            yield made
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                made.crash()
