"""What every process under the supervisor does: say that it is ready, stop on a signal, never outlive its parent."""

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import Callable
from typing import Any, Final

SECONDS_TO_STOP: Final = 3.0


class Channel:
    """The socket to the supervisor; its end says that the supervisor is gone."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=fd)
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library has it so

    def say(self, words: dict[str, Any]) -> None:
        """Tell the supervisor, once; one that is gone meanwhile is noticed by `until_told`."""
        with contextlib.suppress(ConnectionError):
            self._socket.send(json.dumps(words).encode() + b"\n")

    def until_told(self, stop: Callable[[], None]) -> None:
        """Call `stop` on SIGTERM or when the supervisor is gone; the process is gone 3 seconds later in any case."""

        def begin() -> None:
            loop.remove_reader(self._socket)
            signal.setitimer(signal.ITIMER_REAL, SECONDS_TO_STOP)
            stop()

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, begin)
        loop.add_reader(self._socket, begin)


def leave_to_the_supervisor() -> None:
    """Ignore what a terminal sends to the whole group; the supervisor gets it too and passes it on in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
