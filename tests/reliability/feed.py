"""A reader of the live feed whose line is cut at random, and who goes on with `Last-Event-ID`."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx

from tests.reliability.server import Server, bearer

SINCE = ("begun", "opened", "heard")  # before the first two end, a slow machine may never say anything


@dataclass(frozen=True)
class Heard:
    """One message of the feed."""

    id: str
    kind: str
    body: dict[str, Any]

    @property
    def position(self) -> int:
        return int(self.id.removeprefix("p"))


class Listener:
    """Somebody who follows the feed; `heard` is everything they were told, in order."""

    def __init__(self, server: Server, token: str, chance: random.Random) -> None:
        self._server, self._chance = server, chance
        self._client = httpx.AsyncClient(headers=bearer(token), timeout=20)
        self.heard: list[Heard] = []
        self.cuts = 0
        self._after = "p0"

    async def run(self) -> None:
        """Listen until cancelled; the line is cut some milliseconds after it was begun, opened or first heard from."""
        async with self._client:
            while True:
                since = self._chance.choice(SINCE)
                moment = self._chance.uniform(0.01, 0.4)
                try:
                    async with asyncio.timeout(moment if since == "begun" else None) as cut:
                        await self._listen(self._chance.randint(1, 40), cut, since, moment)
                except (TimeoutError, httpx.TransportError):
                    await asyncio.sleep(0)
                self.cuts += 1

    async def _listen(self, most: int, cut: asyncio.Timeout, since: str, moment: float) -> None:
        """Listen to so many messages at most."""
        clock = asyncio.get_running_loop().time
        async with self._client.stream(
            "GET", f"{self._server.url}/events", headers={"Last-Event-ID": self._after}
        ) as answer:
            if since == "opened":
                cut.reschedule(clock() + moment)
            async for message in messages(answer):
                if since == "heard" and cut.when() is None:
                    cut.reschedule(clock() + moment)
                self.heard.append(message)
                self._after = message.id
                most -= 1
                if not most:
                    return


async def messages(answer: httpx.Response) -> AsyncIterator[Heard]:
    """Yield what an open stream says, without its signs of life."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield Heard(fields["id"], fields["event"], json.loads(fields["data"]))
        if not line:
            fields = {}
