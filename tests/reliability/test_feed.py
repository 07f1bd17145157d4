"""The feed, cut at random moments, with a transaction held open: nothing is missing and nothing comes twice."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2 as httpx
from sqlalchemy import text

from sightline import models
from sightline.core.actor import Actor, Role
from sightline.core.db import Database
from sightline.issues import service
from sightline.issues.schemas import IssueWish
from tests.reliability.feed import Listener
from tests.reliability.journal import settled, until
from tests.reliability.server import Server, add_person, bearer, set_up
from tests.reliability.storm import writing

SEED = 18
CUTS, OWN_EVENTS = 20, 5
ALL = "SELECT position, kind, issue_id, version FROM events WHERE position IS NOT NULL ORDER BY position"
OWN = """
    SELECT e.position, e.kind, e.issue_id, e.version FROM events e JOIN issues i ON i.id = e.issue_id
    JOIN users u ON u.id = i.reporter_id WHERE u.email = 'rae@example.org' ORDER BY e.position"""


@asynccontextmanager
async def _held_open(database_url: str) -> AsyncIterator[None]:
    """Keep transactions open that took their numbers in the log before others and commit after them.

    On SQLite nobody can: writers queue there.
    """
    if database_url.startswith("sqlite"):
        yield
        return
    assert models.metadata.tables
    database = Database(database_url)
    actor = Actor(1, "Ada", Role.admin)

    async def hold() -> None:
        while True:
            async with database.writing() as session:
                await service.file(session, actor, IssueWish(title="Held open", project="HELD"))
                await asyncio.sleep(0.4)

    holding = asyncio.create_task(hold())
    try:
        yield
    finally:
        holding.cancel()
        await asyncio.wait([holding])
        await database.close()


async def _log(database_url: str, query: str) -> list[tuple[object, ...]]:
    database = Database(database_url)
    async with database.reading() as session:
        rows = [tuple(row) for row in await session.execute(text(query))]
    await database.close()
    return rows


async def _add_project(server: Server, admin: str) -> None:
    async with httpx.AsyncClient(headers=bearer(admin)) as client:
        made = await client.post(f"{server.url}/projects", json={"key": "HELD", "name": "Held"})
        assert made.status_code == 201, made.text


def _told(listener: Listener) -> list[tuple[object, ...]]:
    return [(one.position, one.kind, one.body["issue"], one.body["version"]) for one in listener.heard]


async def listen_through(server: Server, admin: str, seconds: float, seed: int) -> dict[str, int]:
    """Write, cut and hold open for some seconds, longer on a slow machine.

    Assert that all were told all, and return what was counted.
    """
    reporter = await asyncio.to_thread(add_person, server, "Rae", "reporter")
    await _add_project(server, admin)
    listeners = [Listener(server, token, random.Random(seed + n)) for n, token in enumerate([admin, admin, reporter])]
    tasks = [asyncio.create_task(one.run()) for one in listeners]

    async def listened() -> bool:
        return sum(one.cuts for one in listeners) > CUTS and len(listeners[-1].heard) > OWN_EVENTS

    async with _held_open(server.database_url), writing(server, admin, seed), writing(server, reporter, seed + 1):
        await asyncio.sleep(seconds)
        await until(listened)
    await settled(server)
    everything, own = await _log(server.database_url, ALL), await _log(server.database_url, OWN)

    async def all_have_heard() -> bool:
        return [len(one.heard) for one in listeners] >= [len(everything), len(everything), len(own)]

    await until(all_have_heard)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert _told(listeners[0]) == everything
    assert _told(listeners[1]) == everything
    assert _told(listeners[2]) == own
    return {"events": len(everything), "own": len(own), "cuts": sum(one.cuts for one in listeners)}


async def test_every_event_is_told_once_and_in_order_through_any_cut(server: Server) -> None:
    counted = await listen_through(server, set_up(server), 4, SEED)
    assert counted["cuts"] > CUTS
    assert counted["own"] > OWN_EVENTS
