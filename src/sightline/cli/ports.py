"""The listening socket, and who has the port when we cannot."""

import errno
import socket
import sys
from typing import Final

import psutil
import typer

from sightline.cli.process import SERVER
from sightline.core.refusal import Refusal

BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """Bind `host` and `port`; with the port taken, offer the next free one to whoever sits at a terminal.

    Raises:
        Refusal: the address cannot be had.
    """
    try:
        return _bind(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise Refusal(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
    spare = _next_free(host, port)
    taken = f"Port {port} is taken by {holder(port)}."
    if (
        sys.stdin.isatty()
        and sys.stdout.isatty()
        and typer.confirm(f"{taken} Use {spare.getsockname()[1]}?", default=True)
    ):
        return spare
    raise Refusal(f"{taken} Stop it, or choose another: --port {spare.getsockname()[1]} is free.")


def holder(port: int) -> str:
    """Name the process that listens on `port`, as far as this user may know."""
    for one in psutil.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN and getattr(one.laddr, "port", None) == port and one.pid:
            return _introduced(psutil.Process(one.pid))
    return "a process of another user"


def _introduced(process: psutil.Process) -> str:
    try:
        parent = process.parent()
        if parent and SERVER in process.cmdline():
            return _introduced(parent)
        return f"process {process.pid} ({' '.join(process.cmdline()) or process.name()})"
    except psutil.Error:
        return f"process {process.pid}"


def _bind(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _next_free(host: str, port: int) -> socket.socket:
    for candidate in range(port + 1, min(port + 100, 65536)):
        try:
            return _bind(host, candidate)
        except OSError:
            continue
    return _bind(host, 0)
