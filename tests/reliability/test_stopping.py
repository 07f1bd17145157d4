"""SIGTERM while streams are open and requests run: everything ends in order, within five seconds."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.reliability.journal import until
from tests.reliability.server import Server, bearer

STREAMS = 4


async def _stream(client: httpx.AsyncClient, opened: asyncio.Event) -> list[str]:
    async with client.stream("GET", "/events") as answer:
        lines = []
        async for line in answer.aiter_lines():
            lines.append(line)
            opened.set()
    return lines


async def _socket(server: Server, token: str, opened: asyncio.Event) -> int:
    address = server.url.replace("http", "ws", 1) + "/ws"
    async with connect(address, additional_headers=bearer(token)) as socket:
        opened.set()
        with pytest.raises(ConnectionClosed) as ended:
            await socket.recv()
    assert ended.value.rcvd is not None
    return ended.value.rcvd.code


async def _upload(client: httpx.AsyncClient, opened: asyncio.Event, enough: asyncio.Event) -> httpx.Response:
    async def slowly() -> AsyncIterator[bytes]:
        while not enough.is_set():
            yield b"part of a file\n"
            opened.set()
            await asyncio.sleep(0.05)

    headers = {"Content-Disposition": 'attachment; filename="slow.txt"'}
    return await client.post("/attachments", content=slowly(), headers=headers)


async def test_a_stop_lets_streams_and_running_requests_end(server: Server, admin: str) -> None:
    opened = [asyncio.Event() for _ in range(STREAMS + 2)]
    enough = asyncio.Event()
    async with httpx.AsyncClient(base_url=server.url, headers=bearer(admin), timeout=30) as client:
        streams = [asyncio.create_task(_stream(client, opened[number])) for number in range(STREAMS)]
        socket = asyncio.create_task(_socket(server, admin, opened[-2]))
        upload = asyncio.create_task(_upload(client, opened[-1], enough))
        await asyncio.gather(*(one.wait() for one in opened))
        server.terminate()
        lines = await asyncio.gather(*streams)
        enough.set()
        assert await socket == 1012
        assert all([line for line in told if line][-1].startswith("retry: ") for told in lines)
        assert not server.is_ready()
        assert (await upload).status_code == 201
    assert await asyncio.to_thread(server.ended, 30) == 0
    assert "Traceback" not in server.log.read_text()


async def test_a_request_that_a_stop_cannot_wait_for_is_told_to_come_again(server: Server, admin: str) -> None:
    where = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    lines = [f"POST {where.path}/attachments HTTP/1.1", f"Host: {where.netloc}", "Expect: 100-continue"]
    lines += ["Content-Length: 1000", *(f"{name}: {value}" for name, value in bearer(admin).items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    assert b"100 Continue" in await reader.readuntil(b"\r\n\r\n")
    server.terminate()
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 503 ")
    assert "retry-after: " in answer
    assert '"code":"unavailable"' in answer
    assert await asyncio.to_thread(server.ended, 30) == 0
    told = server.log.read_text()
    assert '"status": 503' in told
    assert "Traceback" not in told


async def test_a_download_that_a_stop_cannot_wait_for_is_cut_without_a_traceback(server: Server, admin: str) -> None:
    async with httpx.AsyncClient(base_url=server.url, headers=bearer(admin), timeout=30) as client:
        headers = {"Content-Disposition": 'attachment; filename="long.txt"'}
        sent = await client.post("/attachments", content=b"a line of a long file\n" * 1_000_000, headers=headers)
        async with client.stream("GET", f"/attachments/{sent.json()[0]['id']}/content") as untaken:
            assert untaken.status_code == 200
            server.terminate()
            assert await asyncio.to_thread(server.ended, 30) == 0
    assert "Traceback" not in server.log.read_text()


async def test_a_stop_in_the_middle_of_a_job_gives_it_back_untried(server: Server, admin: str) -> None:
    async with httpx.AsyncClient(base_url=server.url, headers=bearer(admin), timeout=30) as client:
        headers = {"Content-Disposition": 'attachment; filename="t.txt"'}
        content = b"2026-01-02 03:04:05 ERROR it broke\n" * 100_000  # takes a moment
        stored = (await client.post("/attachments", content=content, headers=headers)).json()[0]
        address = f"/attachments/{stored['id']}"

        async def is_running() -> bool:
            return bool((await client.get(address)).json()["extraction"]["status"] == "running")

        await until(is_running, pause=0)
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)

    async with httpx.AsyncClient(base_url=server.url, headers=bearer(admin), timeout=30) as client:

        async def is_read() -> bool:
            return (await client.get(address)).json()["extraction"]["status"] in {"done", "none"}

        async with asyncio.timeout(30):
            await until(is_read)
