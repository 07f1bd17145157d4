"""Files in: as forms and as raw bodies, hostile ones too."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote

import httpx2 as httpx
import pytest
from obstore.store import LocalStore

from sightline.attachments import names
from sightline.attachments.storage import Storage
from tests.extractors.effort import effort
from tests.world import SAMPLES, Person, World, ids, listening

Stored = Callable[[], list[Path]]
OVER = b"x" * (2**20 + 1)


async def parts(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_nobody_uploads_without_a_credential(world: World, stored: Stored) -> None:
    anyone = await world.client()
    assert (await anyone.post("/attachments", files={"file": ("a.txt", b"a")})).status_code == 401
    assert (await anyone.post("/issues/1/attachments", content=b"a")).status_code == 401
    assert stored() == []


async def test_several_files_of_one_form_are_stored_byte_for_byte(reporter: Person, stored: Stored) -> None:
    contents = [b"first\r\n--boundary\r\n", b"", bytes(range(256)) * 500]
    sent = [("file", (f"part {n}.bin", content)) for n, content in enumerate(contents)]
    answer = await reporter.post("/attachments", files=sent)
    assert answer.status_code == 201
    for one, content in zip(answer.json(), contents, strict=True):
        assert (one["size"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert one["issue_id"] is None
        assert (await reporter.get(f"/attachments/{one['id']}/content")).content == content
    assert len(stored()) == 3


async def test_a_raw_body_takes_its_name_from_the_disposition(reporter: Person) -> None:
    for disposition, name in (
        ('attachment; filename="crash log.txt"', "crash log.txt"),
        ("attachment; filename=\"a.txt\"; filename*=UTF-8''%e2%82%ac%20rates.txt", "€ rates.txt"),
        ("attachment; filename*=no-such-charset''x.txt", "x.txt"),
        ("attachment; filename*=UTF-8''a; filename*0=b", "file"),
        ("", "file"),
    ):
        headers = {"Content-Disposition": disposition, "Content-Type": "text/plain"}
        answer = await reporter.post("/attachments", content=b"Traceback", headers=headers)
        assert (answer.status_code, answer.json()[0]["name"]) == (201, name), disposition


@pytest.mark.parametrize(
    "header", ['attachment; filename="a.txt"' + ";" * 60_000, 'attachment; filename="' + ";" * 60_000]
)
def test_a_long_header_keeps_nobody_waiting(header: str) -> None:
    assert effort(lambda: names.from_header(header)) < 5


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\x\\crash.log": "crash.log",
    "nul\x00byte.txt": "nulbyte.txt",
    "line\r\nSet-Cookie: a=b": "lineSet-Cookie: a=b",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "x" * 300 + ".pdf": "x" * 180 + ".pdf",
    '";filename=evil.html': '";filename=evil.html',
    "...": "file",
    "": "file",
    "Café\u0301 ☕.txt": "Café\u0301 ☕.txt",
}


async def test_no_name_leaves_the_store_or_breaks_a_header(reporter: Person, stored: Stored, tmp_path: Path) -> None:
    for hostile, harmless in NAMES.items():
        quoted = hostile.replace("\\", "\\\\").replace('"', '\\"')
        body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + quoted.encode()
        if "\r\n" in hostile or "\x00" in hostile or not hostile:
            headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(hostile)}"}
            answer = await reporter.post("/attachments", content=b"x", headers=headers)
        else:
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
            answer = await reporter.post("/attachments", content=body + b'"\r\n\r\nx\r\n--b--\r\n', headers=headers)
        assert answer.status_code == 201, hostile
        [one] = answer.json()
        assert one["name"] == harmless
        served = (await reporter.get(f"/attachments/{one['id']}/content")).headers
        assert served["content-disposition"].startswith("attachment; filename=")
        assert "set-cookie" not in served
        assert served["content-disposition"].isascii()
    folder = stored()[0].parents[1]
    assert len(stored()) == len(NAMES)
    assert not list(tmp_path.rglob("passwd"))
    assert all(path.parents[1] == folder and len(path.name) == 32 for path in stored())


async def test_what_is_over_the_limit_is_refused_and_leaves_nothing(reporter: Person, stored: Stored) -> None:
    small = [("file", ("a.bin", b"x" * 600_000)), ("file", ("b.bin", b"x" * 600_000))]
    answers = [
        await reporter.post("/attachments", content=OVER),
        await reporter.post("/attachments", content=parts(*[b"x" * 65_536] * 17)),
        await reporter.post("/attachments", files={"file": ("a.bin", OVER)}),
        await reporter.post("/attachments", files=small),
        await reporter.post("/attachments", content=b"x", headers={"Content-Length": "9" * 30}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(413, "too_large")] * 5
    assert stored() == []
    fits = await reporter.post("/attachments", content=OVER[1:])
    assert (fits.status_code, fits.json()[0]["size"]) == (201, 2**20)


@pytest.mark.parametrize(("token", "status"), [("", 401), ("own", 413)])
async def test_a_gibibyte_is_refused_before_any_of_it_is_read(
    world: World, reporter: Person, stored: Stored, token: str, status: int
) -> None:
    async with listening(world.app) as address:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        credential = f"Authorization: {reporter.client.headers['authorization']}\r\n" if token else ""
        head = f"POST /api/v1/attachments HTTP/1.1\r\nHost: {host}\r\n{credential}Content-Length: {2**30}\r\n\r\n"
        writer.write(head.encode())
        async with asyncio.timeout(30):
            answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
        writer.close()
    assert stored() == []


FORM = "multipart/form-data; boundary=b"
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx'
BROKEN = {
    "no boundary": ("multipart/form-data", b"--b\r\n"),
    "no end": (FORM, FILE),
    "nothing in it": (FORM, b"--b--\r\n"),
    "no form at all": (FORM, b"hello"),
    "empty": (FORM, b""),
    "another field": (FORM, FILE.replace(b"file", b"file2", 1) + b"\r\n--b--\r\n"),
    "a field and no file": (FORM, FILE.replace(b'; filename="a"', b"") + b"\r\n--b--\r\n"),
    "no disposition": (FORM, b"--b\r\n\r\nx\r\n--b--\r\n"),
    "an endless header": (FORM, b"--b\r\nX: " + b"y" * 200_000 + b"\r\n\r\nx\r\n--b--\r\n"),
    "a long boundary": (FORM + "b" * 5000, b"--b\r\n"),
}


async def test_a_form_that_is_not_what_it_says_is_refused_and_leaves_nothing(reporter: Person, stored: Stored) -> None:
    for name, (kind, body) in BROKEN.items():
        refused = await reporter.post("/attachments", content=body, headers={"Content-Type": kind})
        assert refused.status_code in {400, 413, 422}, name
        assert refused.headers["content-type"] == "application/problem+json"
    too_many = [("file", (f"{n}.txt", b"x")) for n in range(21)]
    assert (await reporter.post("/attachments", files=too_many)).status_code == 422
    assert stored() == []


async def test_a_type_that_disagrees_is_stored_as_what_was_found_and_served_as_bytes(reporter: Person) -> None:
    pdf = (SAMPLES / "zugferd_en16931_1_teilrechnung.pdf").read_bytes()
    sent = {"file": ("holiday.png", pdf, "image/png")}
    [one] = (await reporter.post("/attachments", files=sent)).json()
    assert (one["name"], one["media_type"]) == ("holiday.png", "application/pdf")
    page = {"file": ("page.pdf", b"<!doctype html><script>alert(1)</script>", "application/pdf")}
    [other] = (await reporter.post("/attachments", files=page)).json()
    for attachment in (one, other):
        headers = (await reporter.get(f"/attachments/{attachment['id']}/content")).headers
        assert headers["content-type"] == "application/octet-stream"
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_file_goes_straight_to_an_issue_that_its_sender_sees(
    reporter: Person, stranger: Person, stored: Stored
) -> None:
    issue = await reporter.file()
    path = f"/issues/{issue['key']}/attachments"
    refused = await stranger.post(path, files={"file": ("a.txt", b"a")})
    missing = await stranger.post("/issues/INBOX-4711/attachments", files={"file": ("a.txt", b"a")})
    assert {**refused.json(), "request_id": 0} == {**missing.json(), "request_id": 0}
    assert stored() == []
    [one] = (await reporter.post(path, files={"file": ("a.txt", b"a")})).json()
    assert one["issue_id"] == issue["id"]
    assert ids((await reporter.get(path)).json()["items"]) == [one["id"]]
    after = (await reporter.get(f"/issues/{issue['id']}")).json()
    assert (after["attachments_count"], after["version"]) == (1, issue["version"] + 1)


async def test_a_store_that_is_away_is_said_and_nothing_is_recorded(world: World, reporter: Person) -> None:
    folder = world.files
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("a file in the way")
    refused = await reporter.post("/attachments", files={"file": ("a.txt", b"a")})
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert int(refused.headers["retry-after"]) > 0
    folder.unlink()
    folder.with_name("elsewhere").rename(folder)
    assert (await reporter.post("/attachments", files={"file": ("a.txt", b"a")})).json()[0]["id"] == 1


async def test_a_sender_who_goes_away_leaves_nothing(world: World, reporter: Person, stored: Stored) -> None:
    async with listening(world.app) as address:
        headers = {"Authorization": reporter.client.headers["authorization"]}
        begun = asyncio.Event()

        async def half() -> AsyncIterator[bytes]:
            yield b"x" * 400_000
            begun.set()
            await asyncio.Event().wait()

        async with httpx.AsyncClient(base_url=address) as client:
            sending = asyncio.create_task(client.post("/api/v1/attachments", content=half(), headers=headers))
            await begun.wait()
            sending.cancel()
            await asyncio.wait([sending])
    assert stored() == []
    assert (await reporter.get("/attachments/1")).status_code == 404


async def test_a_stored_stream_that_is_stopped_leaves_nothing_waiting(tmp_path: Path) -> None:
    before, waits = asyncio.all_tasks(), asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield b"x" * 400_000
        waits.set()
        await asyncio.Event().wait()

    storing = asyncio.create_task(Storage(LocalStore(tmp_path)).put(half(), 2**20))
    await waits.wait()
    storing.cancel()
    await asyncio.wait([storing])
    assert storing.cancelled()
    assert asyncio.all_tasks() == before
