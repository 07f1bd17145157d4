"""A worker that dies in the middle of a job: the job is done again, and has happened once."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import httpx2 as httpx
from sqlalchemy import ColumnElement, select, update

from sightline.attachments import service
from sightline.attachments.upload import Arrived
from sightline.core.actor import Actor, Role
from sightline.jobs.models import Job, JobState
from tests.reliability.journal import TRACEBACK
from tests.reliability.server import Server, bearer
from tests.reliability.storm import expire_leases
from tests.reliability.truth import AT_ANY_MOMENT, broken
from tests.world import Person, World

LONG = b"nothing of note\n" * 250_000 + TRACEBACK  # reading it takes long enough to be met at it


def _facts(client: httpx.Client, attachment_id: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 30
    while client.get(f"/attachments/{attachment_id}").json()["extraction"]["status"] != "done":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    found = client.get(f"/attachments/{attachment_id}/facts").json()["items"]
    return [{k: v for k, v in fact.items() if k not in {"id", "attachment_id"}} for fact in found]


def _upload(client: httpx.Client) -> int:
    answer = client.post("/attachments", content=LONG, headers={"Content-Disposition": 'attachment; filename="t.txt"'})
    assert answer.status_code == 201, answer.text
    attachment_id: int = answer.json()[0]["id"]
    return attachment_id


def _kill_while_running(server: Server, client: httpx.Client, attachment_id: int) -> None:
    deadline = time.monotonic() + 30
    while client.get(f"/attachments/{attachment_id}").json()["extraction"]["status"] != "running":
        assert time.monotonic() < deadline
    server.kill_everything()


async def test_a_file_whose_worker_died_is_read_once_after_the_lease(server: Server, admin: str) -> None:
    with httpx.Client(base_url=server.url, headers=bearer(admin), timeout=30) as client:
        undisturbed = _facts(client, _upload(client))
        attachment_id = _upload(client)
        _kill_while_running(server, client, attachment_id)
    assert await broken(server.database_url, AT_ANY_MOMENT) == {}
    server.start()
    with httpx.Client(base_url=server.url, headers=bearer(admin), timeout=30) as client:
        time.sleep(0.5)
        held = client.get(f"/attachments/{attachment_id}").json()["extraction"]["status"]
    server.stop()
    assert held == "running", "the lease of the dead worker was not respected"
    await expire_leases(server.database_url)
    server.start()
    with httpx.Client(base_url=server.url, headers=bearer(admin), timeout=30) as client:
        assert _facts(client, attachment_id) == undisturbed
    server.stop()
    assert await broken(server.database_url, AT_ANY_MOMENT) == {}


async def test_a_file_that_kills_every_worker_is_told_as_failed(world: World, reporter: Person) -> None:
    actor = Actor(reporter.id, "Rae", Role.reporter)

    async def content() -> Any:
        yield TRACEBACK

    stored = await world.house.storage.put(content(), 1 << 20)
    async with world.house.database.writing() as session:
        (attachment,) = await service.store(session, actor, [Arrived("t.txt", stored)])
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        last_run = {"state": JobState.running, "lease": "of the dead", "leased_until": long_ago}
        await session.execute(update(Job).values(attempts=Job.max_attempts, **last_run))
    told = await world.extracted(reporter.client, attachment.id)
    assert told["extraction"]["status"] == "failed"
    named = Job.payload["attachment_id"].as_integer() == attachment.id
    await _buried(world, named)


async def _buried(world: World, which: ColumnElement[bool]) -> None:
    """Wait until a job is dead: those who wait for its outcome are told before."""
    async with asyncio.timeout(30):
        while True:
            async with world.house.database.reading() as session:
                if (await session.scalars(select(Job.state).where(which))).all() == [JobState.dead]:
                    return
            await asyncio.sleep(0.05)
