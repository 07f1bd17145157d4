"""The same feed over WebSocket."""

import asyncio
import json

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.readers.feed import following
from tests.world import API, Person


def socket_of(address: str, person: Person, **headers: str) -> connect:
    carried = {"Authorization": person.client.headers["authorization"]} | headers
    return connect(f"{address.replace('http', 'ws')}{API}/ws", additional_headers=carried)


async def said(socket: ClientConnection) -> dict[str, object]:
    async with asyncio.timeout(30):
        message: dict[str, object] = json.loads(await socket.recv())
    return message


async def test_the_socket_carries_the_same_messages(address: str, reporter: Person, stranger: Person) -> None:
    async with socket_of(address, reporter) as socket, following(address, reporter.client) as feed:
        await stranger.file()
        await reporter.file()
        [told] = await feed.take(1)
        assert await said(socket) == {"id": told.id, "event": told.event, "data": told.data}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": "Bearer nonsense"}, 4401),
        ({"Origin": "https://evil.example.com"}, 4404),
        ({"Authorization": ""}, 4401),
    ],
)
async def test_the_socket_refuses_strangers_and_other_sites(
    address: str, reporter: Person, headers: dict[str, str], code: int
) -> None:
    refused = socket_of(address, reporter, **headers)
    with pytest.raises(Exception) as failure:  # noqa: PT011 - refused before or after the handshake
        async with refused as socket:
            await socket.recv()
    shown = str(failure.value)
    assert "403" in shown or "401" in shown or str(code) in shown


async def test_a_socket_ends_when_its_session_does(address: str, reporter: Person) -> None:
    async with socket_of(address, reporter) as socket:
        await reporter.post("/auth/logout")
        with pytest.raises(ConnectionClosed):
            await said(socket)
