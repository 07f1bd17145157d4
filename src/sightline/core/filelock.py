"""One process at a time on a SQLite file, and a sentence that names the one that has it."""

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sightline.core.refusal import Refusal

STARTED_BY: Final = "SIGHTLINE_STARTED_BY"


class Held(Refusal):
    """Another process holds the database file; the message is a sentence for the person who started this one."""


@contextlib.contextmanager
def holding(database: Path) -> Iterator[None]:
    """Hold the SQLite file `database` for the length of the block; the system lets go when the process dies.

    Raises:
        Held: another process has it.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Path(f"{database}.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Held(_sentence(database, file.read())) from None
        file.truncate(0)
        file.write(os.environ.get(STARTED_BY) or introduction())
        file.flush()
        yield


def introduction() -> str:
    """Return the id and command of this process, as a parent hands them to its children in `STARTED_BY`."""
    return " ".join([str(os.getpid()), Path(sys.argv[0]).name, *sys.argv[1:]])


def _sentence(database: Path, holder: str) -> str:
    pid, _, command = holder.partition(" ")
    return (
        f"The database {database} is in use by process {pid or '(unknown)'} ({command or 'unknown command'}); "
        "a SQLite file is for one process at a time. Stop that one first, or use PostgreSQL."
    )
