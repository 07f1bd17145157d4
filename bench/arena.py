"""Real servers to measure, one on SQLite and one on PostgreSQL, and tables to print."""

import contextlib
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sightline.core import database_url as spelling
from tests import postgres
from tests.reliability.server import Server


@contextlib.contextmanager
def server(database: str) -> Iterator[Server]:
    """Give a running server with an empty database: `sqlite` with one process, `postgres` with two."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sightline-bench-")))
        if database == "sqlite":
            made = Server(spelling.of_file(folder / "sightline.db"), folder)
        else:
            url = stack.enter_context(postgres.server())
            made = Server(spelling.normalise(url), folder, workers=2)
        yield stack.enter_context(made)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a head, in columns."""
    lines = [list(map(_shown, row)) for row in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def spread(seconds: Sequence[float]) -> list[float]:
    """Return median, 95th percentile and maximum."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 99
    return [statistics.median(seconds), cuts[94], max(seconds)]


SPREAD = ("median s", "p95 s", "max s")
DATABASES = ("sqlite", "postgres")
