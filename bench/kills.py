"""20 kills at random moments during writes: what was acknowledged, what was found wrong, how soon it was ready again."""

import argparse
import asyncio
import random

from bench.arena import DATABASES, SPREAD, server, spread, table
from tests.reliability.server import set_up
from tests.reliability.storm import kill_at_random, writing, wrong_after


async def measure(database: str, kills: int, seed: int) -> list[object]:
    """Return one row of the table, and print every mistake."""
    with server(database) as running:
        admin = await asyncio.to_thread(set_up, running)
        async with writing(running, admin, seed) as journal:
            seconds = await kill_at_random(running, journal, kills, random.Random(seed))  # noqa: S311 - chance, not a secret
        wrong = await wrong_after(running, admin, journal)
    for one in wrong:
        print(one)
    return [database, kills, journal.acknowledged, journal.interrupted, len(wrong), *spread(seconds)]


def main() -> None:
    """Kill and count, on both databases."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=4)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    rows = [asyncio.run(measure(one, given.kills, given.seed)) for one in given.database or DATABASES]
    table(["database", "kills", "acknowledged", "interrupted", "wrong", *SPREAD], rows)


if __name__ == "__main__":
    main()
