"""What an upload costs in memory, measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

MEASURED = """
import asyncio, os, resource, sys
from pathlib import Path
from obstore.store import LocalStore
from starlette.requests import Request
from sightline.attachments.storage import Storage
from sightline.attachments.upload import receive

MB = 1 << 20
HEADER = b'--edge\\r\\nContent-Disposition: form-data; name="file"; filename="a.bin"\\r\\n\\r\\n'


def a_request(megabytes, is_form):
    blocks = (os.urandom(MB // 4) for _ in range(4 * megabytes))  # each its own: equal ones would share their memory
    pieces = iter([HEADER, *[None] * (4 * megabytes), b"\\r\\n--edge--\\r\\n"] if is_form else [None] * (4 * megabytes))

    async def listen():
        piece = next(pieces, b"")
        body = next(blocks) if piece is None else piece
        return {"type": "http.request", "body": body, "more_body": body != b""}

    kind = b"multipart/form-data; boundary=edge" if is_form else b"application/octet-stream"
    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}, listen)


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def main(folder, is_form):
    storage = Storage(LocalStore(folder, mkdir=True))
    await receive(a_request(20, is_form), storage, 200 * MB)
    before = peak_mb()
    [arrived] = await receive(a_request(150, is_form), storage, 200 * MB)
    assert arrived.stored.size == 150 * MB
    print(peak_mb() - before, flush=True)
    os._exit(0)  # threads of the store may outlive the interpreter, which then aborts


asyncio.run(main(sys.argv[1], sys.argv[2] == "form"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss differs elsewhere")
@pytest.mark.parametrize("body", ["raw", "form"])
def test_memory_does_not_grow_with_the_size_of_an_upload(tmp_path: Path, body: str) -> None:
    words = [sys.executable, "-c", MEASURED, str(tmp_path), body]
    grown = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert grown.returncode == 0, grown.stderr
    assert int(grown.stdout) <= 32
