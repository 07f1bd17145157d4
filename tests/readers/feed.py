"""The live stream as a program reads it: over a real connection, message by message."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx

from tests.world import API

PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One message of the stream."""

    id: str
    event: str
    data: dict[str, Any]


class Feed:
    """An open stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()
        self.comments: list[str] = []
        self.retry: list[int] = []

    async def next(self) -> Told | None:
        """Wait for the next message; None when the server ended the stream."""
        async with asyncio.timeout(PATIENCE):
            return await self._message()

    async def _message(self) -> Told | None:
        found: dict[str, str] = {}
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if line == "" and "data" in found:
                return Told(found["id"], found["event"], json.loads(found["data"]))
            if line.startswith(":"):
                self.comments.append(value)
            elif name == "retry":
                self.retry.append(int(value))
            elif line:
                found[name] = value
        return None

    async def take(self, count: int) -> list[Told]:
        """Wait for so many messages."""
        taken = [await self.next() for _ in range(count)]
        return [one for one in taken if one is not None]

    async def until(self, event: str, **expected: Any) -> list[Told]:
        """Wait for a message of this kind whose data has these values; return all up to it."""
        taken: list[Told] = []
        while (one := await self.next()) is not None:
            taken.append(one)
            if one.event == event and expected.items() <= one.data.items():
                return taken
        raise AssertionError(f"the stream ended before {event}: {[told.event for told in taken]}")

    async def rest(self) -> list[Told]:
        """Wait until the server ends the stream; return what it said before."""
        taken: list[Told] = []
        while (one := await self.next()) is not None:
            taken.append(one)
        return taken


@contextlib.asynccontextmanager
async def following(
    address: str, client: httpx.AsyncClient, *, headers: dict[str, str] | None = None, **query: str
) -> AsyncIterator[Feed]:
    """Open the stream at `address` with the credentials of `client`."""
    carried = {name: value for name, value in client.headers.items() if name in {"authorization", "cookie"}}
    limits = httpx.Timeout(PATIENCE)
    async with (
        httpx.AsyncClient(headers=carried | (headers or {}), cookies=client.cookies, timeout=limits) as reader,
        reader.stream("GET", f"{address}{API}/events", params=query) as answer,
    ):
        feed = Feed(answer)
        if answer.status_code == 200:
            async with asyncio.timeout(PATIENCE):
                await _greeted(feed)
        yield feed


async def _greeted(feed: Feed) -> None:
    """Wait for the opening comment: from there on nothing is missed."""
    async for line in feed._lines:  # noqa: SLF001 - the same thing
        if line.startswith(": connected"):
            return
