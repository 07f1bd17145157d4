"""The addresses of the door and of receipts are told to no other site, in no index and kept in no cache."""

import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS: Final = re.compile(r"/+(?:api/v1/+)?(?:r|receipts|submit)(?:/|$)", re.IGNORECASE)
HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class Discretion:
    """ASGI middleware around everything, so that failures are answered as discreetly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _OURS.match(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                del headers["ETag"]
            await send(message)

        await self.app(scope, receive, answer)
