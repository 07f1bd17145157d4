"""The live feed cut at random for a while, with transactions held open: events told, and whether all were told once."""

import argparse
import asyncio

from bench.arena import DATABASES, server, table
from tests.reliability.server import set_up
from tests.reliability.test_feed import listen_through


def measure(database: str, seconds: float, seed: int) -> list[object]:
    """Return one row of the table; raises `AssertionError` for a gap or a repeat."""
    with server(database) as running:
        counted = asyncio.run(listen_through(running, set_up(running), seconds, seed))
    return [database, counted["events"], counted["cuts"], "none"]


def main() -> None:
    """Listen on both databases."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--seed", type=int, default=18)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    rows = [measure(one, given.seconds, given.seed) for one in given.database or DATABASES]
    table(["database", "events", "cuts", "gaps or repeats"], rows)


if __name__ == "__main__":
    main()
