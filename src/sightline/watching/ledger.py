"""What became of each file: a small database that says so before and after every step that cannot be taken twice."""

import hashlib
import json
import os
import secrets
import sqlite3
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from sightline.core.refusal import Refusal
from sightline.watching.folder import Dropped

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS about (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    path BLOB NOT NULL, sha256 TEXT NOT NULL, mark TEXT NOT NULL, round INTEGER NOT NULL DEFAULT 1,
    attachment_id INTEGER, wish TEXT, issue TEXT, refused TEXT, PRIMARY KEY (path, sha256)
);
"""
_STARTING_OVER: Final = {"attachment_id": None, "wish": None, "refused": None}


class Wish(NamedTuple):
    """A request that files something: where, and its body."""

    at: str
    body: dict[str, Any]


class Entry(NamedTuple):
    """How far one content under one path has come; `round` counts how often it was begun anew."""

    path: bytes
    sha256: str
    round: int
    attachment_id: int | None
    wish: Wish | None
    issue: str | None
    refused: str | None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.issue or self.refused)


class Ledger:
    """The entries of one folder and one server; each step is on the disk when its method returns."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        self._db = sqlite3.connect(file, isolation_level=None, timeout=0)
        self._db.row_factory = sqlite3.Row
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_TABLES)
        self.id = self._identity()

    @classmethod
    def open(cls, folder: Path, root: Path, server: str) -> Self:
        """Open the ledger of a watched folder and a server; raises `Refusal`."""
        named = hashlib.sha256(os.fsencode(root) + b"\0" + server.encode()).hexdigest()[:16]
        file = folder / f"watch-{named}.db"
        try:
            return cls(file)
        except (OSError, sqlite3.Error) as error:
            raise Refusal(f"The ledger {file} cannot be opened ({error}).") from None

    def _identity(self) -> str:
        """Return a random name, so that a new ledger never repeats the keys of a lost one."""
        self._db.execute("INSERT INTO about SELECT ? WHERE NOT EXISTS (SELECT 1 FROM about)", [secrets.token_hex(8)])
        return str(self._db.execute("SELECT id FROM about").fetchone()["id"])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def over(self) -> dict[str, str]:
        """Return {path: mark} of the files with which nothing is left to do, as they are now."""
        rows = self._db.execute("SELECT path, mark FROM files WHERE coalesce(issue, refused) IS NOT NULL")
        return {os.fsdecode(row["path"]): row["mark"] for row in rows}

    def begin(self, dropped: Dropped, sha256: str) -> Entry:
        """Return the entry of a content, a new one for what was never seen; what was refused and touched starts over."""
        path = os.fsencode(dropped.path)
        self._db.execute(
            "INSERT INTO files (path, sha256, mark) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [path, sha256, dropped.mark],
        )
        row = self._row(path, sha256)
        entry = _entry(row)
        if row["mark"] == dropped.mark:
            return entry
        self._set(entry, mark=dropped.mark)
        return self.over_again(entry) if entry.refused else entry

    def over_again(self, entry: Entry) -> Entry:
        """Begin anew, with another key: what was uploaded is gone."""
        return self._set(entry, round=entry.round + 1, **_STARTING_OVER)

    def uploaded(self, entry: Entry, attachment_id: int) -> Entry:
        """Note that the bytes are at the server."""
        return self._set(entry, attachment_id=attachment_id)

    def decided(self, entry: Entry, wish: Wish | None) -> Entry:
        """Note what will be asked for, before it is; None: it is to be decided anew."""
        return self._set(entry, wish=wish and json.dumps(wish))

    def filed(self, entry: Entry, issue: str) -> Entry:
        """Note the issue that has the file."""
        return self._set(entry, issue=issue)

    def refused(self, entry: Entry, reason: str) -> Entry:
        """Note why the server will never take the file."""
        return self._set(entry, refused=reason)

    def key(self, entry: Entry) -> str:
        """Return the Idempotency-Key of an entry's requests."""
        named = b"\0".join((self.id.encode(), entry.path, entry.sha256.encode(), str(entry.round).encode()))
        return f"watch-{hashlib.sha256(named).hexdigest()}"

    def _row(self, path: bytes, sha256: str) -> sqlite3.Row:
        found = self._db.execute("SELECT * FROM files WHERE path = ? AND sha256 = ?", [path, sha256])
        row: sqlite3.Row = found.fetchone()
        return row

    def _set(self, entry: Entry, **values: Any) -> Entry:
        assigned = ", ".join(f"{name} = ?" for name in values)  # names of our own columns
        where = "WHERE path = ? AND sha256 = ?"
        self._db.execute(f"UPDATE files SET {assigned} {where}", [*values.values(), entry.path, entry.sha256])  # noqa: S608
        return _entry(self._row(entry.path, entry.sha256))


def _entry(row: sqlite3.Row) -> Entry:
    told = {name: row[name] for name in Entry._fields}
    return Entry(**told | {"wish": row["wish"] and Wish(*json.loads(row["wish"]))})
