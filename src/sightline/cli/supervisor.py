"""The parent of the server processes: it starts them, says when one dies and of what, and starts another.

It asks no database and answers no request, so that nothing a request does can take it down.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sightline.cli.child import SECONDS_TO_STOP
from sightline.cli.process import Process
from sightline.core.refusal import REFUSED

LONGEST_PAUSE: Final = 30.0
QUICK_DEATH: Final = 5.0


@dataclass(frozen=True)
class Task:
    """What the children run: a module, on these sockets; `ready` hears what the first one says of itself.

    `first` is one that was started already.
    """

    module: str
    listeners: tuple[socket.socket, ...]
    ready: Callable[[dict[str, Any]], None]
    count: int = 1
    reload: bool = False
    first: Process | None = None


class Supervisor:
    """Keeps `task.count` children alive until it is told to stop or one of them refuses."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.first = task.first
        self.children: set[Process] = set()
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
            child, self.first = self.first or Process(self.task.module), None
            self.children.add(child)
            child.begin(self.task.listeners)
            words = await child.words()
            self._hear(words)
            code = await child.end()
            self.children.discard(child)
            if "refused" in words and not self.stopping.is_set():
                self.stop()  # only now: the one that refused ends by itself
            if code == 0 or child.is_told or "refused" in words:
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
            for remark in words["remarks"]:
                print(f"sightline: {remark}", file=sys.stderr)
            self.task.ready(words)

    def _refuse(self, sentence: str) -> None:
        if not self.exit_code:
            print(f"sightline: {sentence}", file=sys.stderr)
        self.exit_code = REFUSED

    def _mourn(self, child: Process, code: int, pause: float) -> None:
        import structlog

        from sightline.core import logging
        from sightline.core.config import load_settings

        logging.configure(load_settings().log_format)
        _forget_metrics(child.pid)
        structlog.get_logger("sightline.supervisor").error(
            "server process died",
            pid=child.pid,
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
