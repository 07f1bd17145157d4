"""The folder that is watched: which files lie in it, and reading them without leaving it."""

import asyncio
import contextlib
import hashlib
import os
import stat
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

SETTLED_SECONDS: Final = 2.0
CHUNK: Final = 1 << 20
_UNFINISHED: Final = ("~", ".part", ".crdownload", ".tmp")
_SAFELY: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Changed(Exception):
    """The file is not what it was when it was found; it will be found again."""


class Dropped(NamedTuple):
    """A file: its path from the folder, and what changes when somebody writes to it."""

    path: str
    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, path: str, found: os.stat_result) -> "Dropped":
        """Describe a file that was just looked at."""
        return cls(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    @property
    def mark(self) -> str:
        """What tells this state of the file from another."""
        return ":".join(map(str, self[1:]))

    @property
    def name(self) -> str:
        """The last part of its path, with a mark for what is no text."""
        return os.fsencode(self.path.rpartition("/")[2]).decode("utf-8", "replace")


def is_left_alone(name: str) -> bool:
    """Tell whether a name is hidden, or that of a file which is still being made."""
    return name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED)


def scan(root: Path) -> list[Dropped]:
    """Return the regular files in a folder and those below it, oldest first; links are not followed.

    Raises `OSError` when the folder itself cannot be read.
    """
    found: list[Dropped] = []
    folders = [""]
    while folders:
        above = folders.pop()
        with contextlib.suppress(OSError) if above else contextlib.nullcontext(), os.scandir(root / above) as entries:
            for entry in entries:
                _sort(entry, f"{above}{entry.name}", found, folders)
    return sorted(found, key=lambda one: (one.modified, one.path))


def _sort(entry: os.DirEntry[str], path: str, found: list[Dropped], folders: list[str]) -> None:
    with contextlib.suppress(OSError):  # gone again
        if is_left_alone(entry.name):
            return
        if entry.is_dir(follow_symlinks=False):
            folders.append(f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            found.append(Dropped.of(path, entry.stat(follow_symlinks=False)))


class Settling:
    """Remembers since when each file has been as it is."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[str, float]] = {}

    def settled(self, found: Iterable[Dropped], now: float) -> list[Dropped]:
        """Return the files that nobody has written to for a while, and forget those that are gone."""
        before, self._since = self._since, {}
        quiet = []
        for one in found:
            mark, since = before.get(one.path, ("", now))
            self._since[one.path] = (one.mark, since if mark == one.mark else now)
            if now - self._since[one.path][1] >= SETTLED_SECONDS:
                quiet.append(one)
        return quiet


@contextlib.contextmanager
def opened(root: Path, dropped: Dropped) -> Iterator[int]:
    """Open a file for reading, part by part of its path, so that no link put there meanwhile leads elsewhere.

    Raises `Changed` when it is gone, or another one, or no longer a regular file.
    """
    with contextlib.ExitStack() as stack:
        try:
            fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, fd)
            for part in dropped.path.split("/"):
                fd = os.open(part, _SAFELY, dir_fd=fd)
                stack.callback(os.close, fd)
        except OSError as error:
            raise Changed(error.strerror) from error
        must_be(fd, dropped)
        yield fd


def must_be(fd: int, dropped: Dropped) -> None:
    """Raise `Changed` unless the open file is the one that was found, unwritten since."""
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode) or Dropped.of(dropped.path, found) != dropped:
        raise Changed("it is being written to")


async def chunks(fd: int, dropped: Dropped) -> AsyncIterator[bytes]:
    """Yield exactly the bytes of a file that stays as it was found; raises `Changed` for another."""
    place = 0
    while place < dropped.size:
        chunk = await asyncio.to_thread(os.pread, fd, min(CHUNK, dropped.size - place), place)
        if not chunk:
            raise Changed("it became shorter")
        place += len(chunk)
        yield chunk
    must_be(fd, dropped)


async def checksum(root: Path, dropped: Dropped) -> str:
    """Return the SHA-256 of a file; raises `Changed`."""
    digest = hashlib.sha256()
    with opened(root, dropped) as fd:
        async for chunk in chunks(fd, dropped):
            digest.update(chunk)
    return digest.hexdigest()
