"""One process under the supervisor, as its parent sees it.

This module imports little: `sightline serve` starts the server process before it has imported anything else.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any, Final

from sightline.core.filelock import STARTED_BY, introduction

SERVER: Final = "sightline.cli.server"
_JUST_BEFORE: Final = 0.01


class Process:
    """A process that imports what it needs, begins when told, and ends by itself when this one does."""

    def __init__(self, module: str) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "sightline.cli.begin", module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=os.environ | {STARTED_BY: introduction()},
            )
        self.pid = self._process.pid
        self.born = time.monotonic()
        self.is_told = False

    def begin(self, listeners: tuple[socket.socket, ...]) -> None:
        """Let it work on these sockets, and show its requests on a board."""
        import tempfile

        from sightline.core.inflight import Board

        with tempfile.TemporaryFile() as slots, contextlib.suppress(ConnectionError):
            self.board = Board(slots.fileno())
            fds = [slots.fileno(), *(listener.fileno() for listener in listeners)]
            socket.send_fds(self._channel, [b"\n"], fds)

    async def words(self) -> dict[str, Any]:
        """Return what it says once it is ready or refuses; nothing when it dies before."""
        import asyncio

        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._channel)
        with contextlib.suppress(ConnectionError, ValueError):
            said: dict[str, Any] = json.loads(await self._reader.readline())
            return said
        return {}

    async def end(self) -> int:
        """Wait until it has ended, and return its exit code."""
        import asyncio

        with contextlib.suppress(ConnectionError):
            await self._reader.read()  # its side of the channel is closed when it ends, or just before
        self._writer.close()
        while (code := self._process.poll()) is None:  # noqa: ASYNC110 - what is left are milliseconds
            await asyncio.sleep(_JUST_BEFORE)
        return code

    def dismiss(self) -> None:
        """End it at once, if it is still there."""
        self._process.kill()
        self._process.wait()
        self._channel.close()

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it is gone; from then on its end is no surprise."""
        self.is_told = True
        self._process.send_signal(number)
