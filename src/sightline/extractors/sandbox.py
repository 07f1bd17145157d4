"""Read a file in a process of its own, with limits on time and memory."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sightline.extractors import child
from sightline.extractors.picture import Picture
from sightline.extractors.reading import Reading

MOST_ANSWER_BYTES = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_LETS_OTHERS_GO_FIRST = 10

T = TypeVar("T")


class ExtractionFailed(Exception):
    """The file could not be read; the text is one plain sentence for people, `detail` is for the log.

    `is_final` says that reading it again would end the same way, however much time there is.
    """

    def __init__(self, reason: str, detail: str = "", *, is_final: bool = False) -> None:
        """Keep the reason as the text."""
        super().__init__(reason)
        self.detail, self.is_final = detail, is_final


async def read_limited(path: Path, name: str, *, seconds: float = 30, memory_mb: int = 512) -> Reading:
    """Read the file in a process that may take this long and use this much memory.

    The process is gone when this returns, raises or is cancelled. Raises ExtractionFailed with the reason, OSError when
    the file cannot be opened.
    """
    return await asyncio.to_thread(Reading.from_json, await _limited(path, name, (), seconds, memory_mb))


async def draw_limited(path: Path, page: int, *, seconds: float = 10, memory_mb: int = 512) -> Picture:
    """Draw a page of a PDF, or a picture anew, in a limited process; raises like `read_limited`."""
    return Picture.from_bytes(await _limited(path, "", ("draw", str(page)), seconds, memory_mb))


async def recognise_limited(
    path: Path, pages: Sequence[int], *, seconds: float | None = None, memory_mb: int = 3072
) -> Reading:
    """Recognise the text in a picture, or on these pages of a PDF, like `read_limited`.

    `seconds` are of the processor (60, and 20 more for each page); since this process lets all others go first, the
    clock gives it ten times as many.
    """
    seconds = 60 + 20 * len(pages) if seconds is None else seconds
    words = ("recognise", ",".join(map(str, pages)))
    process = await _start(path, "", words, seconds, memory_mb)
    code, written = await _ended(process, _LETS_OTHERS_GO_FIRST * seconds)
    _check(code, written, seconds, memory_mb)
    return await asyncio.to_thread(Reading.from_json, written)


def part_limited(
    path: Path, part: str, *, limit_bytes: int, seconds: float = 30, memory_mb: int = 512
) -> AsyncGenerator[bytes, None]:
    """Unpack one file inside the file, named by `Part.path`, in chunks of at most 256 KB.

    What was given is the whole only if the iteration ends by itself: it raises like `read_limited`, also when more than
    `limit_bytes` come out. `seconds` bound the waiting for the process, not what is done with the chunks. The process
    is gone when the generator ends, is closed (`contextlib.aclosing`) or cancelled.
    """
    return _streamed(path, ("part", part), limit_bytes, seconds, memory_mb)


def served_copy_limited(
    path: Path, *, limit_bytes: int, seconds: float = 30, memory_mb: int = 512
) -> AsyncGenerator[bytes, None]:
    """Give the copy that people may see in place of a file that says more than they may know, like `part_limited`.

    Gives nothing when the file itself may be served. When it raises, the file is to be withheld.
    """
    return _streamed(path, ("served_copy",), limit_bytes, seconds, memory_mb)


async def _limited(path: Path, name: str, words: tuple[str, ...], seconds: float, memory_mb: int) -> bytes:
    code, written = await _ended(await _start(path, name, words, seconds, memory_mb), seconds)
    _check(code, written, seconds, memory_mb)
    return written


async def _ended(process: Process, seconds: float) -> tuple[int, bytes]:
    """Return the exit code and what was written, or raise ExtractionFailed after so long by the clock."""
    try:
        async with asyncio.timeout(seconds):
            written = await _answer(process)
            return await process.wait(), written
    except TimeoutError:
        raise ExtractionFailed(f"took longer than {seconds:g} s") from None
    finally:
        await _end(process)


async def _streamed(
    path: Path, words: tuple[str, ...], limit_bytes: int, seconds: float, memory_mb: int
) -> AsyncGenerator[bytes, None]:
    process = await _start(path, "", words, seconds, memory_mb)
    patience = _Patience(seconds)
    try:
        while chunk := await patience.wait_for(_chunk(process)):
            limit_bytes -= len(chunk)
            if limit_bytes < 0:
                raise ExtractionFailed("is larger than a file may be")
            yield chunk
        outcome = await patience.wait_for(_answer(process))
        code = await patience.wait_for(process.wait())
    finally:
        await _end(process)
    _check(code, outcome, seconds, memory_mb)


class _Patience:
    """Waits for the process no longer than this in all, however long others take in between."""

    def __init__(self, seconds: float) -> None:
        self._whole = self._left = seconds

    async def wait_for(self, awaited: Awaitable[T]) -> T:
        begun = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._left):
                return await awaited
        except TimeoutError:
            raise ExtractionFailed(f"took longer than {self._whole:g} s") from None
        finally:
            self._left -= asyncio.get_running_loop().time() - begun


async def _chunk(process: Process) -> bytes:
    """Give the next chunk; nothing at the end, and when the process is gone without saying so."""
    assert process.stdout  # noqa: S101 - it is a pipe, see `_start`
    try:
        length = int.from_bytes(await process.stdout.readexactly(4), "big")
        return await process.stdout.readexactly(min(length, child.LONGEST_CHUNK))
    except asyncio.IncompleteReadError:
        return b""


async def _start(path: Path, name: str, words: tuple[str, ...], seconds: float, memory_mb: int) -> Process:
    # Not in a thread: cancelled while it opens, nobody would close the file.
    with path.open("rb") as file:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", child.__name__, str(seconds), str(memory_mb), *words),
            stdin=file,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_environment(name),
            cwd="/",
            start_new_session=True,
        )


def _environment(name: str) -> dict[str, str]:
    spoken = {child.NAME_VARIABLE: name.replace("\0", "").encode("utf-8", "replace").decode()}
    return spoken | {key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ}


async def _answer(process: Process) -> bytes:
    assert process.stdout  # noqa: S101 - it is a pipe, see `_start`
    written = bytearray()
    while chunk := await process.stdout.read(_CHUNK):
        written += chunk
        if len(written) > MOST_ANSWER_BYTES:
            raise ExtractionFailed(f"found more than {MOST_ANSWER_BYTES // _CHUNK} MB of text")
    return bytes(written)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(_gone(process))


async def _gone(process: Process) -> None:
    """Wait until the process has ended, which shows only once all that it wrote has been read."""
    assert process.stdout  # noqa: S101 - it is a pipe, see `_start`
    while await process.stdout.read(_CHUNK):
        pass
    await process.wait()


def _check(code: int, written: bytes, seconds: float, memory_mb: int) -> None:
    if code == -signal.SIGXCPU:
        raise ExtractionFailed(f"took longer than {seconds:g} s", is_final=True)
    if code == child.OUT_OF_MEMORY:
        raise ExtractionFailed(f"used more than {memory_mb} MB", is_final=True)
    if code == -signal.SIGABRT:  # what parsers in native code do when they are given no more memory
        raise ExtractionFailed(
            f"its reader gave up, likely because it may use no more than {memory_mb} MB", is_final=True
        )
    if code < 0:
        raise ExtractionFailed(f"stopped by {signal.Signals(-code).name}")
    if code:
        _raise_crash(code, written)


def _raise_crash(code: int, written: bytes) -> None:
    try:
        told = json.loads(written)
    except ValueError:
        raise ExtractionFailed(f"the reader crashed: exit code {code}") from None
    if code == child.REFUSED:
        raise ExtractionFailed(told["refused"])
    raise ExtractionFailed(f"the reader crashed: {told['failed']}", told["detail"])
