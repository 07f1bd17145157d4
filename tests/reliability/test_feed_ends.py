"""Streams that are opened at the very moment when they should no longer be."""

import asyncio

import httpx2 as httpx
import pytest

from sightline.events.stamp import last_position
from tests.world import Person, World, listening


async def _told(person: Person, address: str) -> list[str]:
    async with asyncio.timeout(30), person.client.stream("GET", f"{address}/api/v1/events") as answer:
        return [line async for line in answer.aiter_lines() if line]


async def _last(world: World) -> int:
    async with world.house.database.reading() as session:
        return await last_position(session)


@pytest.fixture
async def caller(world: World, reporter: Person) -> Person:
    """Give a reporter whose client goes over the network, where an answer can be read while it comes."""
    over_network = httpx.AsyncClient(headers=reporter.client.headers, timeout=30)
    reporter.client = await world.stack.enter_async_context(over_network)
    return reporter


async def test_a_stream_that_comes_while_the_server_stops_ends_at_once(world: World, caller: Person) -> None:
    async with listening(world.app) as address:
        world.app.state.tail.end_all()
        told = await _told(caller, address)
    assert told[-1].startswith("retry: ")


class _Held(asyncio.Event):
    """Holds who waits for it, while the follower, which sets it at its first look, takes it for set."""

    def is_set(self) -> bool:
        return True


async def test_a_credential_ended_while_its_stream_opens_gets_no_stream(world: World, caller: Person) -> None:
    tail, started = world.app.state.tail, _Held()  # holds the stream between its check and its subscription
    async with listening(world.app) as address:
        await tail._started.wait()  # noqa: SLF001 - there is no other way in between
        tail._started = started  # noqa: SLF001
        opening = asyncio.create_task(_told(caller, address))
        async with asyncio.timeout(30):
            while not started._waiters:  # noqa: ASYNC110, SLF001 - nothing else shows it
                await asyncio.sleep(0.01)
        assert (await caller.client.post(f"{address}/api/v1/auth/logout")).status_code == 204
        await world.settle()
        async with asyncio.timeout(30):
            while tail._position < await _last(world):  # noqa: ASYNC110, SLF001 - the end is told before anybody listens
                await asyncio.sleep(0.01)
        started.set()
        assert (await opening)[-1].startswith("retry: ")
