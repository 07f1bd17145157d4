"""From dropping a file until its facts can be read, with one process on SQLite, and what the others notice of it."""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import httpx2 as httpx
import psutil

from bench.arena import server, spread, table
from sightline.facts.recognising import ENGINE
from tests.reliability.server import Server, bearer, set_up

HERE = Path(__file__).parents[1] / "tests" / "extractors"
LOG_BYTES = 10_000_000
LINE = "2026-01-02 03:04:{:02}.{:03} {} [worker-{}] shop.orders: order {} of customer {} was {}\n"
ENTRIES = (("INFO", "taken"), ("INFO", "paid"), ("WARN", "late"), ("ERROR", "refused by the bank"))
POLL_SECONDS = 0.02
LOOK_SECONDS = 0.1  # looking at processes takes time itself
REQUEST_SECONDS = 0.05
HEAD = ("file", "drops", "median s", "p95 s", "max s", "held to s", "", "child MB")
_numbers = count()


def log_of(size: int) -> bytes:
    """Make a log of about this many bytes."""
    lines: list[str] = []
    room = size
    for number in count():
        level, end = ENTRIES[number % len(ENTRIES)]
        lines.append(LINE.format(number // 1000 % 60, number % 1000, level, number % 8, number, number * 7 % 1000, end))
        room -= len(lines[-1])
        if room <= 0:
            return "".join(lines).encode()
    raise AssertionError


def traces_of(size: int) -> bytes:
    """Make a log of about this many bytes that is one stack trace after the other."""
    trace = (HERE / "traces" / "java_cause-17.txt").read_bytes()
    return trace * (size // len(trace))


def sample(name: str, mark: str) -> Callable[[], bytes]:
    """Give a file of the tests, each time with another mark behind it, so that none was seen before."""
    content = (HERE / name).read_bytes()
    return lambda: content + mark.format(next(_numbers)).encode()


def kinds() -> Iterator[tuple[str, str, float, Callable[[], bytes]]]:
    """Name what is dropped: a name, what it is called, the seconds its 95th percentile is held to, the content."""
    yield "e-invoice PDF", "a.pdf", 0.5, sample("samples/facturx_fr_basicwl.pdf", "\n%{}\n")
    yield "e-invoice XML", "a.xml", 0.5, sample("samples/xrechnung_einfach.cii.xml", "<!-- {} -->")
    yield "text PDF", "b.pdf", 0.5, sample("samples/plain_QualityHosting.pdf", "\n%{}\n")
    yield "stack trace", "a.txt", 0.5, sample("traces/java_cause-17.txt", "\n{}\n")
    log, traces = log_of(LOG_BYTES), traces_of(LOG_BYTES)
    yield "10 MB log", "a.log", 1.5, lambda: log + b"%d\n" % next(_numbers)
    yield "10 MB of traces", "b.log", 5.0, lambda: traces + b"%d\n" % next(_numbers)
    if find_spec(ENGINE):
        yield "page by OCR", "a.png", 2.5, sample("samples/scan_AmazonWebServices.png", "{}")


class Children:
    """The most memory that a process below the server took while a file was read."""

    def __init__(self, parent: psutil.Process) -> None:
        self._parent = parent
        self.most = 0

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            self.most = max([self.most, *await asyncio.to_thread(self._sizes)])
            await asyncio.sleep(LOOK_SECONDS)

    def _sizes(self) -> list[int]:
        sizes = []
        for process in self._parent.children(recursive=True):
            try:
                if "sightline.extractors.child" in process.cmdline():
                    sizes.append(process.memory_info().rss)
            except psutil.Error:
                continue
        return sizes


async def drop(client: httpx.AsyncClient, issue: int, name: str, content: bytes) -> float:
    """Attach a file and wait until it was read; return the seconds."""
    begun = time.monotonic()
    sent = await client.post(f"/issues/{issue}/attachments", files={"file": (name, content)})
    sent.raise_for_status()
    attachment = sent.json()[0]
    while attachment["extraction"]["status"] in {"queued", "running"}:
        await asyncio.sleep(POLL_SECONDS)
        attachment = (await client.get(f"/attachments/{attachment['id']}")).raise_for_status().json()
    if attachment["extraction"]["status"] != "done":
        raise SystemExit(f"{name} was not read: {attachment}")
    return time.monotonic() - begun


async def others(client: httpx.AsyncClient, seen: list[float], until: Callable[[], bool]) -> None:
    """Ask for the list of issues again and again, as someone at work would; note the seconds of each answer."""
    while not until():
        begun = time.monotonic()
        (await client.get("/issues")).raise_for_status()
        seen.append(time.monotonic() - begun)
        await asyncio.sleep(REQUEST_SECONDS)


async def idle(client: httpx.AsyncClient, seconds: float) -> list[float]:
    """Give the answers' seconds while nothing else happens."""
    seen: list[float] = []
    end = time.monotonic() + seconds
    await others(client, seen, lambda: time.monotonic() > end)
    return seen


def p99(seconds: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[98]


async def measure(
    running: Server, drops: int, pause: float, only: list[str] | None
) -> tuple[list[list[object]], float, float]:
    """Return the rows of the table and the 99th percentile of other requests, idle and while files are read."""
    token = await asyncio.to_thread(set_up, running)
    options = {"base_url": running.url, "headers": bearer(token), "timeout": 120}
    async with httpx.AsyncClient(**options) as client, httpx.AsyncClient(**options) as other:
        issue = (await client.post("/issues", json={"title": "files"})).raise_for_status().json()["id"]
        await idle(other, pause / 2)
        quiet, busy = await idle(other, pause), list[float]()
        is_over = asyncio.Event()
        asking = asyncio.create_task(others(other, busy, is_over.is_set))
        rows = [
            await _row(client, issue, running.parent, drops, kind) for kind in kinds() if not only or kind[0] in only
        ]
        is_over.set()
        await asking
    return rows, p99(quiet), p99(busy)


async def _row(
    client: httpx.AsyncClient,
    issue: int,
    parent: psutil.Process,
    drops: int,
    kind: tuple[str, str, float, Callable[[], bytes]],
) -> list[object]:
    told, name, most, content = kind
    children = Children(parent)
    watching = asyncio.create_task(children.watch())
    seconds = [await drop(client, issue, name, content()) for _ in range(drops)]
    watching.cancel()
    taken = spread(seconds)
    return [told, drops, *taken, most, "ok" if taken[1] <= most else "missed", round(children.most / 1024 / 1024)]


def main() -> None:
    """Drop files of every kind, one after the other, while someone else works."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--drops", type=int, default=20)
    asked.add_argument("--idle", type=float, default=10, help="seconds to measure before files are dropped")
    asked.add_argument("--only", action="append", help="drop this kind only, such as `text PDF`")
    given = asked.parse_args()
    with server("sqlite") as running:
        rows, quiet, busy = asyncio.run(measure(running, given.drops, given.idle, given.only))
    table(HEAD, rows)
    print(f"other requests, p99: {quiet:.3f} s idle, {busy:.3f} s meanwhile, {busy / quiet:.1f} times (held to 3)")


if __name__ == "__main__":
    main()
