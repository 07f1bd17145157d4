"""What a file may hide: a recording that nobody took out, a place that nobody knows how to leave out."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from sightline.facts import extraction
from tests.extractors.packed import zipped
from tests.facts.test_insides import HAR, SECRET, all_read, packed
from tests.world import Person, World

SENT = json.dumps(HAR).encode()
LARGE = SENT[:-3] + b', {"comment": "' + b" " * 2_000_000 + b'"}]}}'
# The first boxes of a photo in HEIF (ISO/IEC 23008-12), and some more bytes.
HEIF = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x24meta" + SECRET.encode() + bytes(range(256))
DOCUMENT = b"{\\rtf1\\ansi " + SENT.replace(b"{", b"\\{").replace(b"}", b"\\}") + b"}"


SHUT: dict[str, bytes] = {
    "too large to come out": zipped({"a.txt": "words", "large.json": LARGE}),
    "more than come out": packed(**{"a.txt": b"words", "b.txt": b"words", "late.har": SENT}),
    "in a document that is not read": DOCUMENT,
    "a photo of another kind": HEIF,
}


@pytest.fixture
def _two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "MOST_PARTS", 2)


@pytest.mark.usefixtures("_two_parts")
@pytest.mark.parametrize("sent", SHUT.values(), ids=SHUT.keys())
async def test_what_cannot_be_looked_through_goes_to_administrators_alone(
    world: World, reporter: Person, admin: Person, sent: bytes
) -> None:
    stored = await reporter.upload("all", sent)
    assert (await all_read(world, reporter, stored["id"]))["withheld"]
    assert (await reporter.get(f"/attachments/{stored['id']}/content")).status_code == 403
    await reporter.file(attachment_ids=[stored["id"]])
    assert (await admin.get(f"/attachments/{stored['id']}/content")).content == sent


async def test_what_stays_inside_and_is_no_recording_shuts_nothing(world: World, reporter: Person) -> None:
    sent = zipped({"large.json": b'{"words": "' + b" " * 2_000_000 + b'"}'})
    stored = await reporter.upload("all.zip", sent)
    read = await all_read(world, reporter, stored["id"])
    assert (read["withheld"], len(read["extraction"]["problems"])) == (False, 1)
    assert (await reporter.get(f"/attachments/{stored['id']}/content")).content == sent


@pytest.mark.parametrize("path", ["/attachments", "/issues/{}/attachments"])
async def test_a_body_that_never_ends_is_not_gathered_whatever_it_says_it_is(
    reporter: Person, stored: Callable[[], list[Path]], path: str
) -> None:
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1_000):
            taken += 1
            yield b" " * 65_536

    issue = await reporter.file()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "never-ends"}
    refused = await reporter.post(path.format(issue["id"]), content=body(), headers=headers)
    assert (refused.status_code, stored()) == (413, [])
    assert taken < 40
