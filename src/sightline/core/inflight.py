"""Which requests a server process is working on, kept where its parent can read it after a kill -9."""

import contextlib
import mmap
import os
from collections.abc import Iterator
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

SLOTS: Final = 1024
WIDTH: Final = 64


class Board:
    """A shared file of fixed slots, each empty or holding one request id."""

    def __init__(self, fd: int) -> None:
        os.ftruncate(fd, SLOTS * WIDTH)
        self._slots = mmap.mmap(fd, SLOTS * WIDTH)
        self._free = list(range(SLOTS))

    @contextlib.contextmanager
    def shows(self, request_id: str) -> Iterator[None]:
        """Show `request_id` for the length of the block; beyond 1024 at a time the rest is not shown."""
        slot = self._free.pop() if self._free else None
        if slot is None:
            yield
            return
        self._write(slot, request_id.encode()[:WIDTH])
        try:
            yield
        finally:
            self._write(slot, b"")
            self._free.append(slot)

    def read(self) -> list[str]:
        """Return the request ids shown now; also works when the process that wrote them is gone."""
        slots = (self._slots[at : at + WIDTH].rstrip(b"\0") for at in range(0, SLOTS * WIDTH, WIDTH))
        return sorted(slot.decode(errors="replace") for slot in slots if slot)

    def _write(self, slot: int, text: bytes) -> None:
        self._slots[slot * WIDTH : (slot + 1) * WIDTH] = text.ljust(WIDTH, b"\0")


class InFlight:
    """ASGI middleware that shows each request's id on the board while it runs; inside what sets the id."""

    def __init__(self, app: ASGIApp, board: Board) -> None:
        self.app, self.board = app, board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        with self.board.shows(scope["state"]["request_id"]):
            await self.app(scope, receive, send)
