"""The outermost layer: request id, security headers, access log, metrics, and the last word on errors."""

import asyncio
import re
import secrets
import time
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.core import metrics
from sightline.core.errors import Problem, Unavailable
from sightline.core.http import problem

SANE_ID: Final = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
HOST: Final = re.compile(r"^(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-cache",
}

log = structlog.get_logger("sightline.access")


class _BadHost(Problem):
    status, code, title = 400, "bad_host", "Bad request"


class RequestContext:
    """ASGI middleware around everything; `public_url` fixes the host names that are answered to."""

    def __init__(self, app: ASGIApp, *, public_url: str | None) -> None:
        self.app = app
        public = urlsplit(public_url or "")
        self.hosts = {public.hostname, "localhost", "127.0.0.1", "::1"} if public.hostname else None
        self.headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if public.scheme == "https" else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if SANE_ID.match(asked) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if scope["type"] == "http":
            await _Exchange(self, scope, request_id).run(receive, send)
        else:
            await self.app(scope, receive, send)

    def refuses(self, scope: Scope) -> bool:
        """Tell whether the Host header is malformed, or not ours although our name is known."""
        host = Headers(scope=scope).get("host", "")
        if not HOST.match(host):
            return True
        name = urlsplit(f"//{host}").hostname
        return self.hosts is not None and name not in self.hosts and not scope["path"].startswith("/health")


class _Exchange:
    def __init__(self, context: RequestContext, scope: Scope, request_id: str) -> None:
        self.context, self.scope, self.request_id = context, scope, request_id
        self.status = 0
        self.begun = time.perf_counter()

    async def run(self, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._finish_headers(message)
            await send(message)

        try:
            if self.context.refuses(self.scope):
                await self._tell(_BadHost("The Host header is not one this server answers to."), receive, answer)
            else:
                await self.context.app(self.scope, receive, answer)
        except ClientDisconnect:
            self.status = self.status or 499
        except asyncio.CancelledError:
            # A server that stops ends those it cannot wait for; whoever else cancels a request waits for its end.
            if not self.scope["app"].state.stopping.is_set():
                raise
            if not self.status:
                await self._tell(Unavailable("The server is stopping; try again in a moment."), receive, answer)
        except Exception:
            log.exception("request failed")
            if self.status:
                raise
            await self._tell(Problem("The failure was logged under this request id."), receive, answer)
        finally:
            self._account()

    async def _tell(self, error: Problem, receive: Receive, answer: Send) -> None:
        await problem(Request(self.scope), error)(self.scope, receive, answer)

    def _finish_headers(self, start: Message) -> None:
        self.status = int(start["status"])
        headers = MutableHeaders(scope=start)
        headers["X-Request-ID"] = self.request_id
        for name, value in self.context.headers.items():
            headers.setdefault(name, value)

    def _account(self) -> None:
        seconds = time.perf_counter() - self.begun
        route: Any = self.scope.get("route")
        template = getattr(route, "path", "(none)")
        metrics.REQUESTS.labels(self.scope["method"], template, self.status).inc()
        metrics.SECONDS.labels(template).observe(seconds)
        log.info(
            "request",
            method=self.scope["method"],
            path=self.scope["path"],
            status=self.status,
            ms=round(seconds * 1000, 1),
        )
