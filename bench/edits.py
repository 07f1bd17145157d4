"""8 people raise one number in one issue 200 times each: none may be lost."""

import argparse
import asyncio
import time

from bench.arena import DATABASES, server, table
from tests.reliability.counters import count_up
from tests.reliability.server import set_up


async def measure(database: str, clients: int, edits: int) -> list[object]:
    """Return one row of the table."""
    with server(database) as running:
        admin = await asyncio.to_thread(set_up, running)
        begun = time.monotonic()
        issue, tally = await count_up(running, admin, clients, edits)
        seconds = time.monotonic() - begun
    lost = tally.acknowledged - int(issue["title"])
    grown = issue["version"] - 1
    return [database, tally.acknowledged, grown, lost, tally.conflicts, seconds, tally.acknowledged / seconds]


def main() -> None:
    """Count up, on both databases."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--edits", type=int, default=200)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    rows = [asyncio.run(measure(one, given.clients, given.edits)) for one in given.database or DATABASES]
    table(["database", "acknowledged", "versions", "lost", "conflicts", "seconds", "edits/s"], rows)
    if len(rows) == len(DATABASES):
        print(f"postgres / sqlite, edits a second: {float(str(rows[1][-1])) / float(str(rows[0][-1])):.2f}")


if __name__ == "__main__":
    main()
