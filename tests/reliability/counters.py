"""People who count up one number in the title of one issue, each from what they last saw."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx

from tests.reliability.server import Server, bearer


@dataclass
class Tally:
    """What the counting people were told."""

    acknowledged: int = 0
    conflicts: int = 0


async def count_up(server: Server, token: str, clients: int, edits: int) -> tuple[dict[str, Any], Tally]:
    """Let `clients` people each raise the number `edits` times; return the issue at the end and what they were told."""
    tally = Tally()
    async with httpx.AsyncClient(base_url=server.url, headers=bearer(token), timeout=60) as client:
        issue = (await client.post("/issues", json={"title": "0"})).json()
        await asyncio.gather(*(_count(client, issue, edits, tally) for _ in range(clients)))
        shown: dict[str, Any] = (await client.get(f"/issues/{issue['id']}")).json()
    return shown, tally


async def _count(client: httpx.AsyncClient, seen: dict[str, Any], edits: int, tally: Tally) -> None:
    for _ in range(edits):
        while True:
            wish = {"title": str(int(seen["title"]) + 1), "version": seen["version"]}
            answer = await client.patch(f"/issues/{seen['id']}", json=wish)
            assert answer.status_code in {200, 409}, answer.text
            seen = answer.json() if answer.status_code == 200 else answer.json()["current"]
            if answer.status_code == 200:
                tally.acknowledged += 1
                break
            tally.conflicts += 1
