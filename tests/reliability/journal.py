"""People who write while the server is being killed, each keeping a journal of what it was told is stored."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx

from tests.reliability.server import PATIENCE, Server, bearer

TRACEBACK = b"""Traceback (most recent call last):
  File "/srv/app/main.py", line 7, in <module>
    start()
ValueError: out of reach
"""
NEXT = {"low": "medium", "medium": "high", "high": "critical", "critical": "low"}


@dataclass
class Entry:
    """What one issue must look like, by the answers its writer got."""

    marker: str
    severity: str = "medium"
    version: int = 1
    files: int = 0


@dataclass
class Journal:
    """The answers of all writers; `surprises` are answers that nobody should get."""

    issues: dict[int, Entry] = field(default_factory=dict)
    acknowledged: int = 0
    interrupted: int = 0
    surprises: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Writer:
    """Files issues, edits three fields of them at once and attaches files; each issue has one writer."""

    def __init__(self, server: Server, token: str, journal: Journal, name: str, seed: int) -> None:
        self._server, self._journal, self._name = server, journal, name
        self._random = random.Random(f"{seed} {name}")
        self._own: list[int] = []
        self._count = 0
        self._client = httpx.AsyncClient(headers=bearer(token), timeout=10)

    async def run(self, enough: asyncio.Event) -> None:
        """Write until told that it is enough, and see the last write through."""
        async with self._client:
            while not enough.is_set():
                self._count += 1
                if not self._own or self._random.random() < 0.2:
                    await self._file()
                elif self._random.random() < 0.1:
                    await self._attach(self._random.choice(self._own))
                else:
                    await self._edit(self._random.choice(self._own))

    @property
    def _marker(self) -> str:
        return f"{self._name}-{self._count}"

    async def _file(self) -> None:
        wish = {"title": self._marker, "description": self._marker}
        answer = await self._insist("POST", "/issues", json=wish, headers={"Idempotency-Key": self._marker})
        if self._expected(answer, 201):
            issue = answer.json()
            self._journal.issues[issue["id"]] = Entry(self._marker)
            self._own.append(issue["id"])

    async def _attach(self, issue_id: int) -> None:
        headers = {"Idempotency-Key": self._marker, "Content-Disposition": f'attachment; filename="{self._marker}.txt"'}
        address = f"/issues/{issue_id}/attachments"
        answer = await self._insist("POST", address, content=TRACEBACK, headers=headers)
        if self._expected(answer, 201):
            entry = self._journal.issues[issue_id]
            entry.version, entry.files = entry.version + 1, entry.files + 1

    async def _edit(self, issue_id: int) -> None:
        """Edit, and after an interruption look whether it happened: whole, or not at all."""
        entry = self._journal.issues[issue_id]
        after = Entry(self._marker, NEXT[entry.severity], entry.version + 3, entry.files)
        wish = {"title": after.marker, "description": after.marker, "severity": after.severity}
        while True:
            answer = await self._try("PATCH", f"/issues/{issue_id}", json=wish | {"version": entry.version})
            if answer is None:
                answer = await self._insist("GET", f"/issues/{issue_id}")
                if answer.status_code == 200 and answer.json()["version"] == entry.version:
                    continue
            break
        if self._expected(answer, 200):
            self._journal.issues[issue_id] = after
            self._journal.surprises += difference(answer.json(), after)

    def _expected(self, answer: httpx.Response, status: int) -> bool:
        self._journal.acknowledged += answer.status_code == status
        if answer.status_code != status:
            self._journal.surprises.append(f"{answer.request.method} {answer.request.url.path}: {answer.text[:300]}")
        return answer.status_code == status

    async def _insist(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await insist(lambda: self._try(method, path, **more))

    async def _try(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """Return the answer, or None when the server was not there to the end (or says that it cannot now)."""
        begun = time.monotonic()
        try:
            answer = await self._client.request(method, self._server.url + path, **more)
        except httpx.TransportError:
            answer = None
        self._journal.waits.append(time.monotonic() - begun)
        if answer is None or answer.status_code == 503:
            self._journal.interrupted += 1
            await asyncio.sleep(0.2)
            return None
        return answer


def difference(shown: dict[str, Any], entry: Entry) -> list[str]:
    """Return what is wrong with an issue as it is shown."""
    fields = ("title", "severity", "version", "attachments_count")
    found = Entry(*(shown.get(name) for name in fields))  # type: ignore[arg-type]
    if found == entry and shown["description"] == entry.marker:
        return []
    return [f"{shown} is not {entry}"]


async def insist(attempt: Callable[[], Awaitable[httpx.Response | None]]) -> httpx.Response:
    """Repeat until there is an answer."""
    async with asyncio.timeout(PATIENCE):
        while (answer := await attempt()) is None:
            pass
    return answer


async def compare(server: Server, token: str, journal: Journal) -> list[str]:
    """Return what the server shows otherwise than the journal says, and every surprise on the way."""
    wrong = list(journal.surprises)
    async with httpx.AsyncClient(base_url=server.url, headers=bearer(token), timeout=30) as client:
        listed = (await client.get("/issues", params={"count": True, "limit": 1})).json()
        if listed["count"].get("exact") != len(journal.issues):
            wrong.append(f"{len(journal.issues)} issues in the journal, the server counts {listed['count']}")
        for issue_id, entry in journal.issues.items():
            shown = (await client.get(f"/issues/{issue_id}")).json()
            wrong += difference(shown, entry)
    return wrong


async def settled(server: Server) -> None:
    """Wait until every reader has read every event and no job waits or runs."""
    async with httpx.AsyncClient(timeout=10) as client:
        await until(lambda: _is_settled(client, server.address))


async def until(is_so: Callable[[], Awaitable[bool]], pause: float = 0.05) -> None:
    """Ask again and again until it is so, for some minutes at most."""
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(pause)


async def _is_settled(client: httpx.AsyncClient, address: str) -> bool:
    lines = (await client.get(f"{address}/metrics")).text.splitlines()
    waiting = ("sightline_reader_lag_events{", 'sightline_jobs{state="queued"}', 'sightline_jobs{state="running"}')
    return not any(float(line.split()[-1]) for line in lines if line.startswith(waiting))
