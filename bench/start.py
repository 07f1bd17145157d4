"""From the command to the first answer, with the database there."""

import argparse

from bench.arena import DATABASES, SPREAD, server, spread, table


def measure(database: str, starts: int) -> list[object]:
    """Return one row of the table."""
    with server(database) as running:
        running.stop()
        warm = []
        for _ in range(starts):
            warm.append(running.start())
            running.stop()
        return [database, starts, *spread(warm)]


def main() -> None:
    """Start and stop, on both databases."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--starts", type=int, default=5)
    asked.add_argument("--database", choices=DATABASES, action="append")
    given = asked.parse_args()
    rows = [measure(one, given.starts) for one in given.database or DATABASES]
    table(["database", "starts", *SPREAD], rows)


if __name__ == "__main__":
    main()
