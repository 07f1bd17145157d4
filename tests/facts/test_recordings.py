"""Recordings of requests show their secrets to administrators alone, however they are packed or written."""

import base64
import gzip
import html
import json
from collections.abc import Callable

import pytest

from sightline.facts.rebuilding import rebuild
from tests.facts.test_insides import HAR, SECRET, all_read, insides, packed, photo
from tests.world import Person, World

SENT = json.dumps(HAR).encode()
BROKEN = SENT[:-20]
MAIL = b"From: a@example.org\nTo: b@example.org\nSubject: slow shop\nMIME-Version: 1.0\n"


def mailed(content: bytes) -> bytes:
    """Give a mail with an attached file."""
    return (
        MAIL
        + b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nSee there.\n'
        + b'--x\nContent-Type: application/json\nContent-Disposition: attachment; filename="s.har"\n'
        + b"Content-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(content)
        + b"--x--\n"
    )


def said(content: bytes) -> bytes:
    """Give a mail whose words are this."""
    return MAIL + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(content)


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "zip": lambda har: packed(**{"s.har": har, "notes.txt": b"just words"}),
    "mail": mailed,
    "gzip": gzip.compress,
}
TEXTS: dict[str, bytes] = {
    "page": b"<html><body><pre>" + SENT + b"</pre></body></html>",
    "page, escaped": f"<html><body><pre>{html.escape(SENT.decode())}</pre></body></html>".encode(),
    "words before": b"just words\n" * 10_000 + SENT,
    "escaped key": SENT.replace(b'"log"', b'"l\\u006fg"'),
    "UTF-16, little end first": SENT.decode().encode("utf-16-le"),
    "UTF-16, big end first": SENT.decode().encode("utf-16-be"),
    "mail": said(SENT),
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><text>' + SENT + b"</text></svg>",
}


async def all_inside_read(world: World, person: Person, attachment_id: int) -> None:
    """Wait until a file is read, and those that came out of it, and out of those."""
    await all_read(world, person, attachment_id)
    read: set[int] = set()
    while waiting := await _ids_inside(person, attachment_id) - read:
        for one in waiting:
            await all_read(world, person, one)
        read |= waiting


async def _ids_inside(person: Person, attachment_id: int) -> set[int]:
    return {one["id"] for one in (await person.get(f"/attachments/{attachment_id}/parts")).json()["items"]}


@pytest.mark.parametrize("har", [SENT, BROKEN], ids=["whole", "broken"])
@pytest.mark.parametrize("pack", CONTAINERS.values(), ids=CONTAINERS.keys())
async def test_what_a_recording_is_packed_in_goes_to_administrators_alone(
    world: World, maintainer: Person, admin: Person, pack: Callable[[bytes], bytes], har: bytes
) -> None:
    sent = pack(har)
    stored = await maintainer.upload("session", sent)
    await all_inside_read(world, maintainer, stored["id"])
    await maintainer.file(attachment_ids=[stored["id"]])
    told = (await maintainer.get(f"/attachments/{stored['id']}")).json()
    assert (told["withheld"], told["is_copy"]) == (True, False)
    assert (await maintainer.get(f"/attachments/{stored['id']}/content")).status_code == 403
    assert (await admin.get(f"/attachments/{stored['id']}/content")).content == sent


async def test_a_recording_shuts_everything_around_it_and_nothing_beside_it(world: World, maintainer: Person) -> None:
    outer = await maintainer.upload("all.zip", packed(**{"in.eml": mailed(SENT), "other.zip": packed(a=b"words")}))
    await all_inside_read(world, maintainer, outer["id"])
    issue = await maintainer.file(attachment_ids=[outer["id"]])
    found = await insides(maintainer, issue)
    assert set(found) == {"all.zip", "in.eml", "s.har", "other.zip", "a"}
    assert {name for name, one in found.items() if one["withheld"]} == {"all.zip", "in.eml"}


async def test_what_holds_a_recording_stays_shut_when_it_is_read_again(world: World, maintainer: Person) -> None:
    stored = await maintainer.upload("all.zip", packed(**{"s.har": SENT}))
    await all_inside_read(world, maintainer, stored["id"])
    await rebuild(world.house.database, None)
    await world.settle()
    await all_inside_read(world, maintainer, stored["id"])
    assert (await maintainer.get(f"/attachments/{stored['id']}/content")).status_code == 403


async def test_photos_and_other_json_shut_no_archive(world: World, maintainer: Person) -> None:
    sent = packed(**{"photo.jpg": photo(), "package.json": b'{"log": "x", "entries": [1]}', "a.txt": b"words"})
    stored = await maintainer.upload("all.zip", sent)
    await all_inside_read(world, maintainer, stored["id"])
    assert (await maintainer.get(f"/attachments/{stored['id']}/content")).content == sent


@pytest.mark.parametrize("sent", TEXTS.values(), ids=TEXTS.keys())
async def test_a_recording_in_a_text_tells_no_secret(
    world: World, maintainer: Person, admin: Person, sent: bytes
) -> None:
    stored = await maintainer.upload("session", sent)
    issue = await maintainer.file(attachment_ids=[stored["id"]])
    await all_inside_read(world, maintainer, stored["id"])
    served = await maintainer.get(f"/attachments/{stored['id']}/content")
    assert served.status_code == 403 or json.loads(served.content)["log"]["version"] == "1.2"
    assert SECRET.encode() not in served.content.replace(b"\0", b"")
    for address in (f"/attachments/{stored['id']}/text", f"/issues/{issue['id']}/facts", f"/issues/{issue['id']}"):
        assert SECRET not in (await maintainer.get(address)).text
    assert (await admin.get(f"/attachments/{stored['id']}/content")).content == sent


async def test_a_long_text_that_holds_a_recording_is_shut_before_it_is_read(maintainer: Person) -> None:
    stored = await maintainer.upload("words.txt", TEXTS["words before"])
    assert stored["withheld"]


async def test_a_long_text_without_one_is_open_at_once(maintainer: Person) -> None:
    stored = await maintainer.upload("words.txt", b'INFO {"log": 1} "entries" "request": {}\n' * 3000)
    assert not stored["withheld"]
