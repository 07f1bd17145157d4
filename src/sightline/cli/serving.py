"""`serve` and `worker`: what is checked and printed before and around the processes that do the work."""

import asyncio
import os
import socket
import sys
import tempfile
from ipaddress import ip_address
from typing import Any

import typer

from sightline.cli.ports import SERVER, listen
from sightline.cli.supervisor import Supervisor, Task
from sightline.core.config import Settings, load_settings, misspelt
from sightline.core.refusal import Refusal


def serve(host: str, port: int, workers: int, *, reload: bool) -> None:
    """Listen, then keep `workers` server processes alive until a signal.

    Raises:
        Refusal: more processes than the database allows, or an address that cannot be had.
    """
    settings = _settings()
    if settings.is_sqlite and workers > 1:
        raise Refusal("--workers above 1 needs PostgreSQL; a SQLite file is for one server process.")
    listener = listen(host, port)
    address, is_local = _address(listener, settings.public_url)
    task = Task(
        SERVER,
        (listener,),
        lambda words: _greet(address, words, is_local=is_local),
        settings.log_format,
        workers,
        reload,
    )
    if workers == 1:
        _supervise(task)
        return
    with tempfile.TemporaryDirectory(prefix="sightline-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _supervise(task)


def work() -> None:
    """Keep one process alive that runs jobs and readers, without serving.

    Raises:
        Refusal: the database is a file.
    """
    settings = _settings()
    if settings.is_sqlite:
        raise Refusal("A worker apart needs PostgreSQL; with a SQLite file `sightline serve` runs the jobs itself.")
    _supervise(
        Task(
            "sightline.cli.job_worker", (), lambda _: typer.echo("Sightline's worker is running."), settings.log_format
        )
    )


def _settings() -> Settings:
    settings = load_settings()
    for sentence in misspelt(dict(os.environ)):
        print(f"sightline: {sentence}", file=sys.stderr)
    return settings


def _supervise(task: Task) -> None:
    if code := asyncio.run(_run(task)):
        raise typer.Exit(code)


async def _run(task: Task) -> int:
    return await Supervisor(task).run()


def _address(listener: socket.socket, public_url: str | None) -> tuple[str, bool]:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared, not bound
    return public_url or f"http://{shown}:{port}", not public_url and ip_address(host).is_loopback


def _greet(address: str, words: dict[str, Any], *, is_local: bool) -> None:
    typer.echo(f"Sightline is at {address} (Ctrl+C stops it).")
    if token := words.get("setup_token"):
        typer.echo(f"Next: make the first administrator at {address}/setup")
        if not is_local:
            typer.echo(f"It asks for this token: {token} (good for 15 minutes; a restart shows a new one)")
