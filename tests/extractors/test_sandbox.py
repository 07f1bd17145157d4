"""The limited process, with real signals: a named pipe that nobody writes to keeps the reader waiting."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from sightline.extractors import ExtractionFailed, read, read_limited
from sightline.extractors.sandbox import part_limited
from tests.extractors.packed import zipped


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Refuse children that still run, or that nobody waited for, after a test."""
    before = set(psutil.Process().children(recursive=True))
    yield
    assert set(psutil.Process().children(recursive=True)) - before == set()


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Path]:
    """Give a file whose reading never ends."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    kept_open = os.open(path, os.O_RDWR)
    yield path
    os.close(kept_open)


def readers() -> list[psutil.Process]:
    return [
        process for process in psutil.Process().children(recursive=True) if "extractors.child" in str(cmdline(process))
    ]


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


async def started_reader() -> psutil.Process:
    for _ in range(500):
        if found := readers():
            return found[0]
        await asyncio.sleep(0.01)
    raise AssertionError("no reader was started")


async def test_the_limited_reading_equals_the_direct_one(samples: Path) -> None:
    path = samples / "zugferd_en16931_1_teilrechnung.pdf"
    assert await read_limited(path, path.name) == read(path, path.name)


async def test_a_reader_killed_from_outside_names_the_signal(endless: Path) -> None:
    reading = asyncio.create_task(read_limited(endless, "x"))
    (await started_reader()).send_signal(signal.SIGKILL)
    with pytest.raises(ExtractionFailed, match=r"^stopped by SIGKILL$"):
        await reading


async def test_a_reader_that_crashes_in_native_code_names_the_signal(endless: Path) -> None:
    reading = asyncio.create_task(read_limited(endless, "x"))
    (await started_reader()).send_signal(signal.SIGSEGV)
    with pytest.raises(ExtractionFailed, match=r"^stopped by SIGSEGV$"):
        await reading


async def test_a_reader_in_native_code_that_is_given_no_more_memory_is_not_asked_again(endless: Path) -> None:
    reading = asyncio.create_task(read_limited(endless, "x"))
    (await started_reader()).send_signal(signal.SIGABRT)
    with pytest.raises(ExtractionFailed, match="may use no more than 512 MB") as failed:
        await reading
    assert failed.value.is_final


async def test_reading_that_takes_too_long_is_stopped(endless: Path) -> None:
    with pytest.raises(ExtractionFailed, match=r"^took longer than 0.5 s$"):
        await read_limited(endless, "x", seconds=0.5)


async def test_cancelling_leaves_no_process(endless: Path) -> None:
    reading = asyncio.create_task(read_limited(endless, "x"))
    process = await started_reader()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not process.is_running()


async def test_cancelling_while_the_file_is_opened_leaves_it_closed(samples: Path) -> None:
    before = psutil.Process().num_fds()
    for turns in range(6):
        reading = asyncio.create_task(read_limited(samples / "plain_QualityHosting.pdf", "x"))
        for _ in range(turns):
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert psutil.Process().num_fds() <= before + 1  # the thread pool may have woken up


async def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_bytes(b"<?xml version='1.0'?><r>" + b"<a/>" * 3_000_000 + b"</r>")
    with pytest.raises(ExtractionFailed, match=r"^used more than 256 MB$"):
        await read_limited(path, "bomb.xml", memory_mb=256)


async def test_a_reader_that_fails_says_so_without_stack_or_path() -> None:
    unreadable = Path("/proc/self/mem")
    with pytest.raises(ExtractionFailed, match=r"^the reader crashed: \w+$") as failure:
        await read_limited(unreadable, "x")
    assert "Traceback" in failure.value.detail


async def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await read_limited(tmp_path / "gone", "x")


async def test_the_name_may_be_anything(samples: Path) -> None:
    reading = await read_limited(samples / "xrechnung_einfach.cii.xml", "a\0b\ud800\n../../x --help")
    assert reading.kind == "invoice"


async def test_the_reader_sees_nothing_of_the_servers_environment(
    endless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    reading = asyncio.create_task(read_limited(endless, "some name"))
    process = await started_reader()
    assert {name for name in process.environ() if name != "LC_CTYPE"} <= {"SIGHTLINE_FILE_NAME", "LD_LIBRARY_PATH"}
    assert process.cwd() == "/"
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_the_reader_is_bound_before_it_reads(endless: Path) -> None:
    reading = asyncio.create_task(read_limited(endless, "x", seconds=7, memory_mb=300))
    process = await started_reader()
    await until_bound(process)
    bounds = {name: process.rlimit(getattr(psutil, f"RLIMIT_{name}"))[0] for name in ("AS", "CPU", "FSIZE", "CORE")}
    assert bounds == {"AS": 300 * 1024 * 1024, "CPU": 7, "FSIZE": 0, "CORE": 0}
    assert os.getsid(process.pid) == process.pid
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def until_bound(process: psutil.Process) -> None:
    for _ in range(500):
        if process.rlimit(psutil.RLIMIT_AS)[0] != psutil.RLIM_INFINITY:
            return
        await asyncio.sleep(0.01)


async def test_many_readings_at_once_do_not_mix(samples: Path) -> None:
    names = ["facturx_fr_basicwl.pdf", "xrechnung_einfach.cii.xml", "plain_QualityHosting.pdf"] * 2
    readings = await asyncio.gather(*(read_limited(samples / name, name) for name in names))
    assert [reading.media_type for reading in readings] == ["application/pdf", "application/xml", "application/pdf"] * 2


def test_importing_the_package_loads_no_parser() -> None:
    program = (
        "import sys, sightline.extractors; print(*sorted({'lxml', 'pypdfium2', 'pypdf', 'asyncio'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""


async def test_a_part_that_nobody_reads_to_its_end_keeps_nobody_waiting(tmp_path: Path) -> None:
    packed = tmp_path / "all.zip"
    packed.write_bytes(zipped({"large.txt": "words\n" * 2_000_000}))
    async with asyncio.timeout(30):
        async with aclosing(part_limited(packed, "entry:1", limit_bytes=20_000_000)) as chunks:
            assert await anext(chunks)
            await asyncio.sleep(0.5)  # until nothing more of it fits anywhere
        with pytest.raises(ExtractionFailed, match="larger than a file may be"):
            await _read_slowly(packed)


async def _read_slowly(packed: Path) -> None:
    async for _ in part_limited(packed, "entry:1", limit_bytes=1_000_000):
        await asyncio.sleep(0.1)
