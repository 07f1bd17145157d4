"""The parent of the server processes: it starts them, says when one dies and of what, and starts another.

It asks no database and answers no request, so that nothing a request does can take it down.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sightline.cli import begin
from sightline.cli.child import SECONDS_TO_STOP
from sightline.core.filelock import STARTED_BY, introduction
from sightline.core.inflight import Board
from sightline.core.refusal import REFUSED

LONGEST_PAUSE: Final = 30.0
QUICK_DEATH: Final = 5.0


@dataclass(frozen=True)
class Task:
    """What the children run: a module, on these sockets; `ready` hears what the first one says of itself."""

    module: str
    listeners: tuple[socket.socket, ...]
    ready: Callable[[dict[str, Any]], None]
    log_format: str
    count: int = 1
    reload: bool = False


class Child:
    """One child process, the socket to talk with it and the board it shows its requests on."""

    def __init__(self, process: asyncio.subprocess.Process, channel: socket.socket, board: Board) -> None:
        self.process, self.channel, self.board = process, channel, board
        self.born = time.monotonic()
        self.is_told = False

    @classmethod
    async def start(cls, task: Task) -> "Child":
        """Start a child that ends by itself when this process does."""
        ours, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as slots:
            fds = [theirs.fileno(), slots.fileno(), *(listener.fileno() for listener in task.listeners)]
            command = [sys.executable, "-P", "-m", begin.__name__, task.module, *map(str, fds)]
            environment = os.environ | {STARTED_BY: introduction()}
            board = Board(slots.fileno())
            process = await asyncio.create_subprocess_exec(*command, pass_fds=fds, env=environment)
        return cls(process, ours, board)

    async def words(self) -> dict[str, Any]:
        """Return what the child says once it is ready or refuses; nothing when it dies before."""
        reader, self._writer = await asyncio.open_unix_connection(sock=self.channel)
        with contextlib.suppress(ConnectionError, ValueError):
            said: dict[str, Any] = json.loads(await reader.readline())
            return said
        return {}

    def close(self) -> None:
        """Let go of the channel."""
        self._writer.close()

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless the child is gone; from then on its end is no surprise."""
        self.is_told = True
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)


class Supervisor:
    """Keeps `task.count` children alive until it is told to stop or one of them refuses."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.children: set[Child] = set()
        self.stopping = asyncio.Event()
        self.changed = asyncio.Event()
        self.announced = False
        self.exit_code = 0

    async def run(self) -> int:
        """Return the exit code of the whole, once every child has ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.stop)
        watch = asyncio.create_task(self._watch()) if self.task.reload else None
        await asyncio.gather(*(self._keep() for _ in range(self.task.count)))
        if watch:
            await watch
        return self.exit_code

    def stop(self) -> None:
        """Ask every child to finish; asked again, or after 3 seconds, end them at once."""
        number = signal.SIGKILL if self.stopping.is_set() else signal.SIGTERM
        self.stopping.set()
        for listener in self.task.listeners:
            listener.close()
        self._send(number)
        asyncio.get_running_loop().call_later(SECONDS_TO_STOP, self._send, signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        for child in self.children:
            child.send(number)

    async def _keep(self) -> None:
        pause = 0.1
        while not self.stopping.is_set():
            child = await Child.start(self.task)
            self.children.add(child)
            if self.stopping.is_set():
                child.send(signal.SIGTERM)
            words = await child.words()
            self._hear(words)
            code = await child.process.wait()
            self.children.discard(child)
            child.close()
            if code == 0 or child.is_told:
                continue
            quick = not words or time.monotonic() - child.born < QUICK_DEATH
            pause = min(pause * 2, LONGEST_PAUSE) if quick else 0.1
            self._mourn(child, code, pause)
            await self._rest(pause)

    def _hear(self, words: dict[str, Any]) -> None:
        if refusal := words.get("refused"):
            self._refuse(refusal)
        elif words and not self.announced:
            self.announced = True
            self.task.ready(words)

    def _refuse(self, sentence: str) -> None:
        if not self.exit_code:
            print(f"sightline: {sentence}", file=sys.stderr)
        self.exit_code = REFUSED
        if not self.stopping.is_set():
            self.stop()

    def _mourn(self, child: Child, code: int, pause: float) -> None:
        import structlog

        from sightline.core import logging

        logging.configure(self.task.log_format)
        _forget_metrics(child.process.pid)
        structlog.get_logger("sightline.supervisor").error(
            "server process died",
            pid=child.process.pid,
            signal=signal.Signals(-code).name if code < 0 else None,
            exit_code=code if code > 0 else None,
            requests_in_flight=child.board.read(),
            restart_in_seconds=pause,
        )

    async def _rest(self, pause: float) -> None:
        waited = (self.stopping, self.changed) if self.task.reload else (self.stopping,)
        waiting = [asyncio.create_task(event.wait()) for event in waited]
        await asyncio.wait(waiting, timeout=None if self.task.reload else pause, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()
        self.changed.clear()

    async def _watch(self) -> None:
        from watchfiles import PythonFilter, awatch

        async for _ in awatch(Path(__file__).parents[1], watch_filter=PythonFilter(), stop_event=self.stopping):
            self.changed.set()
            self._send(signal.SIGTERM)


def _forget_metrics(pid: int) -> None:
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        for file in Path(folder).glob(f"gauge_live*_{pid}.db"):
            file.unlink(missing_ok=True)
