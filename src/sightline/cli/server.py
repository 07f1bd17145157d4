"""One server process."""

import contextlib
import logging
import socket
import sys
from collections.abc import Iterator
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.cli.child import Channel
from sightline.core.config import Settings
from sightline.core.db import outage
from sightline.core.inflight import Board, InFlight
from sightline.core.refusal import Refusal
from sightline.main import create_app
from sightline.users.auth_routes import setup_token
from sightline.users.queries import is_empty

log = structlog.get_logger("sightline.server")

GRACE: Final = 2
# Longer than a request waits for a locked database: a connection must not be closed just when it is used again.
KEEP_ALIVE: Final = 65


class Start:
    """ASGI wrapper that keeps the reason why the application did not start."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.refusal = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                self._explain(sys.exception())
            await send(message)

        await self.app(scope, receive, tell)

    def _explain(self, error: BaseException | None) -> None:
        away = outage(error) if error else None
        if isinstance(error, Refusal):
            self.refusal = str(error)
        elif away:
            log.error("cannot start yet", reason=away.detail)
        logging.getLogger("uvicorn.error").disabled = bool(self.refusal or away)


class Server(uvicorn.Server):
    """uvicorn, told by the supervisor when to stop."""

    def __init__(self, config: uvicorn.Config, channel: Channel, app: FastAPI) -> None:
        super().__init__(config)
        self.channel, self.application = channel, app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        self.channel.until_told(self.finish)
        await super().startup(sockets)
        if self.started:
            self.channel.ready(**await _next_step(self.application))

    def finish(self) -> None:
        """Let readiness fail and streams end first, then stop taking requests."""
        self.application.state.stopping.set()
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the channel."""
        yield


async def _next_step(app: FastAPI) -> dict[str, str | None]:
    async with app.state.database.reading() as session:
        token = setup_token(app.state.lifetimes) if await is_empty(session) else None
    return {"public_url": app.state.settings.public_url, "setup_token": token}


def main(channel: Channel, settings: Settings, board_fd: int, listener_fd: int) -> None:
    """Serve until told to stop.

    Raises:
        Refusal: starting makes no sense as things are.
    """
    app = create_app(settings)
    app.user_middleware.append(Middleware(InFlight, board=Board(board_fd)))
    start = Start(app)
    config = uvicorn.Config(
        start,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_ping_interval=15,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
    )
    server = Server(config, channel, app)
    try:
        server.run(sockets=[socket.socket(fileno=listener_fd)])
    finally:
        if start.refusal:
            raise Refusal(start.refusal)
