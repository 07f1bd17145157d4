"""The database goes away or is held by somebody else: told as 503, never as a failure of ours, and nothing is lost."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from sightline.core import database_url as spelling
from tests.reliability.postgres_cluster import Cluster, cluster
from tests.reliability.server import Server, bearer, set_up
from tests.reliability.storm import writing, written, wrong_after

SEED = 8


@pytest.fixture
def own_postgres() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


async def test_a_restarted_postgres_loses_nothing_and_is_never_our_fault(own_postgres: Cluster, tmp_path: Path) -> None:
    with Server(spelling.normalise(own_postgres.url), tmp_path, workers=2) as server:
        admin = set_up(server)
        async with writing(server, admin, SEED) as journal:
            for _ in range(3):
                await written(journal, journal.acknowledged + random.Random(SEED).randint(5, 20))
                await asyncio.to_thread(own_postgres.crash)
                await asyncio.sleep(0.3)
                await asyncio.to_thread(own_postgres.start)
                await written(journal, journal.acknowledged + 1)
        assert await wrong_after(server, admin, journal) == []
        assert journal.interrupted > 0


async def _write(client: httpx.AsyncClient, number: int) -> tuple[int, str | None]:
    answer = await client.post("/issues", json={"title": f"Written {number}"})
    return answer.status_code, answer.headers.get("retry-after")


async def test_a_file_locked_by_somebody_else_is_read_but_not_written(tmp_path: Path) -> None:
    file = tmp_path / "sightline.db"
    with Server(spelling.of_file(file), tmp_path) as server:
        admin = set_up(server)
        foreign = sqlite3.connect(file, isolation_level=None)
        async with httpx.AsyncClient(base_url=server.url, headers=bearer(admin), timeout=30) as client:
            assert (await _write(client, 0))[0] == 201
            foreign.execute("BEGIN EXCLUSIVE")
            waiting = [asyncio.create_task(_write(client, number)) for number in range(12)]
            await asyncio.sleep(0.5)
            listed = await client.get("/issues", params={"count": True})
            assert (listed.status_code, listed.json()["count"]["exact"]) == (200, 1)
            assert not any(one.done() for one in waiting)
            refused = await asyncio.gather(*waiting)
            foreign.execute("ROLLBACK")
            foreign.close()
            assert set(refused) == {(503, "2")}
            assert (await _write(client, 1))[0] == 201
            assert (await client.get("/issues", params={"count": True})).json()["count"]["exact"] == 2
        server.stop()
