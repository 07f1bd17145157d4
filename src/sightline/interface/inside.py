"""Ask this same server, without a connection: the answer is what the browser would have got."""

import json
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Scope

_FORWARDED: Final = {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"}
_KEPT: Final = {b"cookie", b"host", b"user-agent"} | _FORWARDED
_SAME: Final = ("http_version", "scheme", "server", "client", "root_path")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and the JSON body (None when there is none)."""

    status: int
    headers: Headers
    body: Any


def _scope(request: Request, address: str) -> Scope:
    path, _, query = address.partition("?")
    told = {key: request.scope[key] for key in _SAME if key in request.scope}
    headers = [(name, value) for name, value in request.scope["headers"] if name in _KEPT]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [*headers, (b"x-request-id", request.state.request_id.encode())],
        "state": {},
        **told,
    }


async def get(request: Request, address: str) -> Answer:
    """GET an address of this server in the name of whoever sent `request`."""
    start: Message = {}
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await request.app(_scope(request, address), receive, send)
    content = b"".join(parts)
    return Answer(start["status"], Headers(raw=start["headers"]), json.loads(content) if content else None)
