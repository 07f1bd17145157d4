"""`serve` and `worker`: what is checked and printed before and around the processes that do the work."""

import asyncio
import os
import socket
import tempfile
from functools import partial
from ipaddress import ip_address
from typing import Any

import typer

from sightline.cli.ports import listen
from sightline.cli.process import SERVER, Process
from sightline.cli.supervisor import Supervisor, Task
from sightline.core.refusal import Refusal


def serve(host: str, port: int, workers: int, *, reload: bool, first: Process | None = None) -> None:
    """Listen, then keep `workers` server processes alive until a signal; `first` is one that was started already.

    Raises:
        Refusal: more processes than the database allows, or an address that cannot be had.
    """
    if workers == 1:
        _supervise(_server(listen(host, port), 1, reload, first))
        return
    if first:
        first.dismiss()  # it was started without the folder where the metrics of several meet
    _need_postgresql("--workers above 1 needs PostgreSQL; a SQLite file is for one server process.")
    with tempfile.TemporaryDirectory(prefix="sightline-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _supervise(_server(listen(host, port), workers, reload))


def work() -> None:
    """Keep one process alive that runs jobs and readers, without serving.

    Raises:
        Refusal: the database is a file.
    """
    _need_postgresql("A worker apart needs PostgreSQL; with a SQLite file `sightline serve` runs the jobs itself.")
    _supervise(Task("sightline.cli.job_worker", (), lambda _: typer.echo("Sightline's worker is running.")))


def _server(listener: socket.socket, *how: Any) -> Task:
    # Asked for now: a stop closes the socket, and a process may say only then that it was ready.
    return Task(SERVER, (listener,), partial(_greet, listener.getsockname()), *how)


def _need_postgresql(otherwise: str) -> None:
    # Only here: the only server process reads the settings itself, and the start does not wait for both.
    from sightline.core.config import load_settings

    if load_settings().is_sqlite:
        raise Refusal(otherwise)


def _supervise(task: Task) -> None:
    if code := asyncio.run(_run(task)):
        raise typer.Exit(code)


async def _run(task: Task) -> int:
    return await Supervisor(task).run()


def _address(name: tuple[Any, ...], public_url: str | None) -> tuple[str, bool]:
    host, port = name[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared, not bound
    return public_url or f"http://{shown}:{port}", not public_url and ip_address(host).is_loopback


def _greet(name: tuple[Any, ...], words: dict[str, Any]) -> None:
    address, is_local = _address(name, words["public_url"])
    typer.echo(f"Sightline is at {address} (Ctrl+C stops it).")
    if token := words["setup_token"]:
        typer.echo(f"Next: make the first administrator at {address}/setup")
        if not is_local:
            typer.echo(f"It asks for this token: {token} (good for 15 minutes; a restart shows a new one)")
