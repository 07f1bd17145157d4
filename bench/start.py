"""From the command to the first answer, with the database there, and from the signal to the end."""

import argparse
import time
from statistics import median

from bench.arena import DATABASES, SPREAD, server, spread, table


def measure(database: str, starts: int) -> list[object]:
    """Return one row of the table."""
    with server(database) as running:
        running.stop()
        starting, stopping = [], []
        for _ in range(starts):
            starting.append(running.start())
            begun = time.monotonic()
            running.stop()
            stopping.append(time.monotonic() - begun)
        return [database, starts, *spread(starting), median(stopping), max(stopping)]


def main() -> None:
    """Start and stop, on both databases."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--starts", type=int, default=5)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    rows = [measure(one, given.starts) for one in given.database or DATABASES]
    table(["database", "starts", *SPREAD, "stop median s", "stop max s"], rows)


if __name__ == "__main__":
    main()
