"""Entity tags: `"<version>-<hash>"` on one object, `"<hash>"` on a list, and 304 for a reader who has it."""

import hashlib
import re
from typing import Annotated, Final

from fastapi import Header, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.core.errors import Invalid

_TAG: Final = re.compile(r'^(?:W/)?"(\d{1,18})(?:-[0-9a-f]+)?"$')


class EntityTags:
    """ASGI middleware: tags successful JSON answers and answers 304 to a matching `If-None-Match`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Tagger(scope, send))


class _Tagger:
    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.send = scope, send
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_tagged(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        headers["ETag"] = tag = self._tag()
        if self.scope["method"] == "GET" and _matches(Headers(scope=self.scope).get("if-none-match"), tag):
            start["status"] = 304
            del headers["content-length"], headers["content-type"]
            self.body.clear()
        await self.send(start)
        await self.send({"type": "http.response.body", "body": bytes(self.body)})

    def _tag(self) -> str:
        fingerprint = hashlib.sha256(self.body).hexdigest()[:16]
        version = self.scope.get("state", {}).get("version")
        return f'"{fingerprint}"' if version is None else f'"{version}-{fingerprint}"'


def _is_tagged(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_kept = "no-store" not in headers.get("cache-control", "")
    return is_kept and start["status"] in {200, 201} and headers.get("content-type", "") == "application/json"


def _matches(wanted: str | None, tag: str) -> bool:
    return wanted is not None and (
        wanted.strip() == "*" or tag in (t.strip().removeprefix("W/") for t in wanted.split(","))
    )


def show_version(request: Request, version: int) -> None:
    """Let the answer to `request` carry `version` in its ETag."""
    request.state.version = version


def if_match(
    if_match: Annotated[str | None, Header(description="An ETag; its version part is the version you saw.")] = None,
) -> int | None:
    """Read the version out of `If-Match`; raises `Invalid` for anything that is not one of our tags."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.match(if_match.strip())
    if not found:
        raise Invalid("If-Match", "is not an ETag of this server")
    return int(found[1])
