"""From the moment an edit is sent until a second person's stream shows it."""

import argparse
import asyncio
import contextlib
import time

import httpx2 as httpx

from bench.arena import DATABASES, SPREAD, server, spread, table
from tests.reliability.feed import messages
from tests.reliability.server import Server, bearer, set_up


async def _note(server: Server, token: str, seen: dict[int, float], opened: asyncio.Event) -> None:
    async with (
        httpx.AsyncClient(headers=bearer(token), timeout=30) as client,
        client.stream("GET", f"{server.url}/events") as answer,
    ):
        opened.set()
        async for message in messages(answer):
            seen[message.body["version"]] = time.monotonic()


async def measure(database: str, edits: int) -> list[object]:
    """Return one row of the table."""
    with server(database) as running:
        admin = await asyncio.to_thread(set_up, running)
        sent: dict[int, float] = {}
        seen: dict[int, float] = {}
        async with httpx.AsyncClient(base_url=running.url, headers=bearer(admin), timeout=30) as client:
            issue = (await client.post("/issues", json={"title": "0"})).json()
            opened = asyncio.Event()
            listening = asyncio.create_task(_note(running, admin, seen, opened))
            await opened.wait()
            for version in range(1, edits + 1):
                sent[version + 1] = time.monotonic()
                wish = {"title": str(version), "version": version}
                (await client.patch(f"/issues/{issue['id']}", json=wish)).raise_for_status()
                await asyncio.sleep(0.05)
            await asyncio.sleep(3)
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
    waits = [seen[version] - begun for version, begun in sent.items() if version in seen]
    return [database, edits, edits - len(waits), *spread(waits)]


def main() -> None:
    """Measure on both databases; on PostgreSQL the two people may be on different server processes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--edits", type=int, default=200)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    rows = [asyncio.run(measure(one, given.edits)) for one in given.database or DATABASES]
    table(["database", "edits", "not seen", *SPREAD], rows)


if __name__ == "__main__":
    main()
