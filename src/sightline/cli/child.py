"""What every process under the supervisor does: say that it is ready, stop on a signal, never outlive its parent."""

import asyncio
import contextlib
import functools
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn

from sightline.core.refusal import REFUSED

SECONDS_TO_STOP: Final = 3.0
MOST_DESCRIPTORS: Final = 8


class Channel:
    """The socket to the supervisor; its end says that the supervisor is gone."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=fd)

    @functools.cached_property
    def descriptors(self) -> list[int]:
        """Wait until the supervisor lets this process begin, and on what; end when it is gone."""
        _, fds, _, _ = socket.recv_fds(self._socket, 1, MOST_DESCRIPTORS)
        return fds or sys.exit()

    def say(self, words: dict[str, Any]) -> None:
        """Tell the supervisor, once; one that is gone meanwhile is noticed by `until_told`."""
        with contextlib.suppress(ConnectionError):
            self._socket.send(json.dumps(words).encode() + b"\n")

    def ready(self, **words: Any) -> None:
        """Tell the supervisor that the work has begun."""
        from sightline.core.config import misspelt  # the supervisor imports this module and does without

        self.say({"remarks": misspelt(dict(os.environ))} | words)

    def refuse(self, sentence: str) -> NoReturn:
        """Tell the supervisor why starting makes no sense, and end."""
        # What lies unread when a process ends resets the connection, and the sentence would be lost.
        _ = self.descriptors
        self.say({"refused": sentence})
        sys.exit(REFUSED)

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
