"""kill -9 of server processes at random moments loses nothing that was acknowledged."""

import random

from tests.reliability.server import Server
from tests.reliability.storm import kill_at_random, writing, wrong_after

SEED = 20


async def test_what_was_acknowledged_outlives_any_kill(server: Server, admin: str) -> None:
    async with writing(server, admin, SEED) as journal:
        await kill_at_random(server, journal, 3, random.Random(SEED))
    assert await wrong_after(server, admin, journal) == []
    assert journal.interrupted > 0
