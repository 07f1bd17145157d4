"""`sightline watch`: looks at a folder for ever, and files what has settled there."""

import asyncio
import contextlib
import errno
import fcntl
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog

from sightline.core.refusal import Refusal
from sightline.watching.filing import Filing
from sightline.watching.folder import SETTLED_SECONDS, Changed, Dropped, Settling, scan
from sightline.watching.ledger import Ledger
from sightline.watching.server import Away, Denied, Missing, Refused, Server, Stumbled

SCAN_SECONDS: Final = 10.0
AHEAD: Final = 8
_AT_MOST: Final = 60.0
T = TypeVar("T")
_log: Final = structlog.get_logger("sightline.watch")


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the folder for the length of the block; raises `Refusal` when another process watches it."""
    fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise Refusal(f"{root} is watched already, by another `sightline watch`.") from None
    except OSError as error:  # some network file systems lock no folders: there the ledger's lock is the only one
        if error.errno not in {errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP}:
            raise
    try:
        yield
    finally:
        os.close(fd)


async def watch(root: Path, project: str, address: str, token: str, ledger: Ledger) -> None:
    """File what is dropped until a signal comes; raises `Refusal` when token, project or address will not do."""
    work = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, lambda: work and work.cancel())
    with contextlib.suppress(asyncio.CancelledError):
        async with Server(address, token) as server:
            await _Watch(root, Filing(root, project, server, ledger), address).run()


class _Watch:
    def __init__(self, root: Path, filing: Filing, address: str) -> None:
        self.root, self.filing, self.address = root, filing, address
        self.over = filing.ledger.over()
        self.told: dict[str, str] = {}
        self.settling = Settling()
        self.bell = asyncio.Event()
        self.is_readable = True

    async def run(self) -> None:
        """Greet the server, then look, file and wait."""
        await self._patiently("", lambda: self.filing.server.greet(self.filing.project))
        _log.info("watching", folder=str(self.root), project=self.filing.project, server=self.address)
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                is_quiet = await self._round()
                await self._wait(SCAN_SECONDS if is_quiet else SETTLED_SECONDS / 4)
        finally:
            listening.cancel()

    async def _round(self) -> bool:
        """File what has settled; tell whether nothing is left that may settle soon."""
        fresh = [one for one in await self._found() if self.over.get(one.path) != one.mark]
        settled = self.settling.settled(fresh, time.monotonic())
        for first in range(0, len(settled), AHEAD):
            await self._file(settled[first : first + AHEAD])
        return len(fresh) == len(settled)

    async def _file(self, some: list[Dropped]) -> None:
        """Send a few files, so that the server reads them side by side, then file one after the other."""
        sent = [(dropped, await self._now_or_later(dropped, self.filing.send)) for dropped in some]
        for dropped, sha256 in sent:
            if sha256 and await self._now_or_later(dropped, partial(self._filed, sha256)):
                self.over[dropped.path] = dropped.mark

    async def _filed(self, sha256: str, dropped: Dropped) -> str:
        await self.filing.file(dropped, sha256)
        return sha256

    async def _now_or_later(self, dropped: Dropped, step: Callable[[Dropped], Awaitable[str]]) -> str | None:
        """Return what a step gives; nothing while the file is still changing, which is said once."""
        try:
            return await self._patiently(dropped.path, partial(step, dropped))
        except Changed as error:
            self._put_off(dropped, str(error))
            return None

    def _put_off(self, dropped: Dropped, reason: str) -> None:
        if self.told.get(dropped.path) != dropped.mark:
            _log.info("not yet", file=dropped.path, reason=reason)
        self.told[dropped.path] = dropped.mark

    async def _found(self) -> list[Dropped]:
        try:
            found = await asyncio.to_thread(scan, self.root)
        except OSError as error:
            if self.is_readable:
                _log.warning("the folder cannot be read", folder=str(self.root), reason=error.strerror)
            self.is_readable = False
            return []
        self.is_readable = True
        return found

    async def _patiently(self, file: str, step: Callable[[], Awaitable[T]]) -> T:
        """Take a step, again and again while the server is away; raises `Refusal` for what no time will mend."""
        misses = 0
        while True:
            try:
                done = await step()
            except (Away, Stumbled) as error:
                if not misses:
                    _log.warning("waiting for the server", server=self.address, file=file, reason=str(error))
                misses += 1
                await asyncio.sleep(_pause(misses, getattr(error, "wait", None)))
            except (Denied, Missing, Refused) as error:
                raise Refusal(self._sentence(file, error)) from None
            else:
                if misses:
                    _log.info("the server is back", server=self.address)
                return done

    def _sentence(self, file: str, error: Exception) -> str:
        if isinstance(error, Missing):
            return f"There is no project {self.filing.project} at {self.address}, or no Sightline."
        at = f" for {file}" if file else ""
        if isinstance(error, Denied):
            return f"{self.address} refuses the token in SIGHTLINE_TOKEN{at}: {error}"
        return f"{self.address} refuses to file into {self.filing.project}{at}: {error}"

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.bell.wait(), seconds)
            await asyncio.sleep(SETTLED_SECONDS / 8)  # a file that is written rings all the time
        self.bell.clear()

    async def _listen(self) -> None:
        """Ring when something happens in the folder; without it the regular look is enough, only later."""
        from watchfiles import awatch  # noqa: PLC0415 - the rest is useful without it

        try:
            async for _ in awatch(self.root, watch_filter=None, step=50, debounce=200):
                self.bell.set()
        except Exception as error:  # noqa: BLE001 - whatever the system says, such as too many watched folders
            _log.warning("changes are not announced, looking regularly", reason=str(error))


def _pause(misses: int, asked: float | None) -> float:
    """Return the seconds to wait: what the server asked for and a little, or ever longer, never in step with others."""
    if asked is not None:
        return asked + random.uniform(0, 1)  # noqa: S311 - no secret
    return random.uniform(0.5, 1) * min(_AT_MOST, 2.0 ** (misses - 1))  # noqa: S311 - no secret
