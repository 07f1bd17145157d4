"""Files inside files, and copies that say less than what was sent."""

import asyncio
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from sightline.attachments import service as attachments
from sightline.attachments.changes import Extracted
from sightline.attachments.models import Attachment, Extraction
from sightline.core.actor import SYSTEM
from sightline.core.config import Settings
from sightline.events.log import record
from sightline.facts import extraction
from tests.facts.quiet import quiet, work
from tests.world import Person, World

TRACE = b"""Traceback (most recent call last):
  File "/srv/shop/app.py", line 3, in pay
    total = basket["total"]
KeyError: 'total'
"""
SECRET = "made-up-secret-value"
HAR = {
    "log": {
        "version": "1.2",
        "creator": {"name": "tests", "version": "1"},
        "entries": [
            {
                "startedDateTime": "2026-03-01T12:00:00Z",
                "time": 12,
                "request": {
                    "method": "GET",
                    "url": f"https://shop.example.org/pay?token={SECRET}",
                    "headers": [{"name": "Authorization", "value": f"Bearer {SECRET}"}],
                    "queryString": [{"name": "token", "value": SECRET}],
                    "cookies": [{"name": "sid", "value": SECRET}],
                },
                "response": {"status": 500, "headers": [], "cookies": [], "content": {"size": 0}},
            }
        ],
    }
}


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def photo() -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Made-up Cameras"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (40, 20), "teal").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


async def insides(person: Person, issue: dict[str, Any]) -> dict[str, Any]:
    files = (await person.get(f"/issues/{issue['id']}/attachments")).json()["items"]
    return {one["name"]: one for one in files}


async def all_read(world: World, person: Person, attachment_id: int) -> dict[str, Any]:
    return await world.extracted(person.client, attachment_id)


async def test_files_in_an_archive_are_read_like_files_of_their_own(
    world: World, reporter: Person, stranger: Person
) -> None:
    inner = packed(**{"../crash.txt": TRACE})
    outer = await reporter.upload("all.zip", packed(**{"logs/inner.zip": inner, "notes.txt": b"just words"}))
    assert (await all_read(world, reporter, outer["id"]))["extraction"] == {
        "status": "done",
        "kind": "archive",
        "problems": [],
    }
    issue = await reporter.file(attachment_ids=[outer["id"]])
    found = await insides(reporter, issue)
    await all_read(world, reporter, found["inner.zip"]["id"])
    found = await insides(reporter, issue)
    assert set(found) == {"all.zip", "inner.zip", "notes.txt", "crash.txt"}
    assert found["inner.zip"]["parent_id"] == outer["id"]
    assert found["crash.txt"]["parent_id"] == found["inner.zip"]["id"]
    crash = await all_read(world, reporter, found["crash.txt"]["id"])
    assert crash["extraction"]["kind"] == "crash"
    facts = (await reporter.get(f"/issues/{issue['id']}/facts")).json()["items"]
    assert {fact["value"] for fact in facts if fact["name"] == "crash.type"} == {"KeyError"}
    assert (await reporter.get(f"/attachments/{crash['id']}/content")).content == TRACE
    assert (await reporter.get(f"/issues/{issue['id']}")).json()["attachments_count"] == 1
    assert (await stranger.get(f"/attachments/{crash['id']}")).status_code == 404


async def test_archives_in_an_archive_share_one_budget(
    world: World, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "MOST_IN_ALL", 8)
    inner = packed(**{f"{n}.txt": b"just words" for n in range(4)})
    outer = await reporter.upload("all.zip", packed(**{f"{n}.zip": inner for n in range(3)}))
    await all_read(world, reporter, outer["id"])
    listed = (await reporter.get(f"/attachments/{outer['id']}/parts")).json()["items"]
    archives = [await all_read(world, reporter, one["id"]) for one in listed if one["name"].endswith(".zip")]
    assert [one["extraction"]["problems"] for one in archives] == [
        [],
        ["Taken out: 1 of 4 files inside."],
        ["Taken out: 0 of 4 files inside."],
    ]
    parts = (await reporter.get(f"/attachments/{outer['id']}/parts")).json()["items"]
    assert len(parts) == 8
    async with world.house.database.writing() as session:
        await attachments.extract_again(session, outer["id"])
    await world.settle()
    assert (await all_read(world, reporter, outer["id"]))["extraction"]["problems"] == []


async def test_what_is_inside_a_staged_file_is_listed_for_its_owner_alone(
    world: World, reporter: Person, stranger: Person
) -> None:
    outer = await reporter.upload("all.zip", packed(**{"inner.zip": packed(**{"crash.txt": TRACE})}))
    await all_read(world, reporter, outer["id"])
    await all_read(world, reporter, outer["id"] + 1)
    listed = (await reporter.get(f"/attachments/{outer['id']}/parts")).json()["items"]
    assert [(one["name"], one["parent_id"]) for one in listed] == [
        ("inner.zip", outer["id"]),
        ("crash.txt", listed[0]["id"]),
    ]
    assert (await reporter.get(f"/attachments/{listed[1]['id']}/parts")).json() == {"items": []}
    assert (await stranger.get(f"/attachments/{outer['id']}/parts")).status_code == 404


async def test_what_came_inside_a_file_goes_with_it(world: World, reporter: Person) -> None:
    outer = await reporter.upload("all.zip", packed(**{"notes.txt": b"just words"}))
    await all_read(world, reporter, outer["id"])
    alone = await reporter.post("/issues", json={"title": "x", "attachment_ids": [outer["id"] + 1]})
    assert alone.status_code == 422
    assert (await reporter.delete(f"/attachments/{outer['id'] + 1}")).json()["code"] == "part_of_file"
    assert (await reporter.delete(f"/attachments/{outer['id']}")).status_code == 204
    assert (await reporter.get(f"/attachments/{outer['id'] + 1}")).status_code == 404


@pytest.mark.parametrize("what", ["take it away", "file it"])
async def test_a_file_may_be_moved_while_what_is_inside_is_being_read(
    world: World, reporter: Person, what: str
) -> None:
    outer = await reporter.upload("all.zip", packed(**{"notes.txt": b"just words"}))
    await all_read(world, reporter, outer["id"])
    async with world.house.database.reading() as session:
        inner_id = (await session.scalars(select(Attachment.id).where(Attachment.parent_id == outer["id"]))).one()
    await all_read(world, reporter, inner_id)
    async with world.house.database.writing() as session:
        inner = await session.get_one(Attachment, inner_id)
        await record(session, SYSTEM, inner, Extracted(status=Extraction.done, found=None, problems=[]))
        if what == "file it":
            moving = reporter.post("/issues", json={"title": "x", "attachment_ids": [outer["id"]]})
        else:
            moving = reporter.delete(f"/attachments/{outer['id']}")
        moved = asyncio.create_task(moving)
        await asyncio.sleep(0.5)
    assert (await moved).is_success


async def test_what_comes_out_of_a_file_that_was_taken_away_meanwhile_is_not_kept(settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")
        outer = await rae.upload("all.zip", packed(**{f"{n}.txt": b"just words" for n in range(6)}))
        reading = asyncio.create_task(world.house.worker.run_one())
        async with asyncio.timeout(30):
            while len(_stored(world)) == 1:  # noqa: ASYNC110 - a store tells nobody
                await asyncio.sleep(0.01)
        assert (await rae.delete(f"/attachments/{outer['id']}")).status_code == 204
        assert await reading
        async with world.house.database.reading() as session:
            assert (await session.scalars(select(Attachment.id).where(Attachment.parent_id.is_not(None)))).all() == []
        assert len(_stored(world)) == 1
        assert await work(world) == 1, "only the sweep that taking away asked for"
        assert _stored(world) == []


def _stored(world: World) -> list[Path]:
    return [path for path in world.files.rglob("*") if path.is_file()]


async def test_a_har_is_served_without_its_secrets_to_all_but_administrators(
    world: World, reporter: Person, admin: Person
) -> None:
    sent = json.dumps(HAR).encode()
    stored = await reporter.upload("session.har", sent)
    assert (stored["withheld"], stored["is_copy"]) == (True, False)
    read = await all_read(world, reporter, stored["id"])
    assert (read["withheld"], read["is_copy"], read["extraction"]["kind"]) == (False, True, "network")
    issue = await reporter.file(attachment_ids=[stored["id"]])
    served = await reporter.get(f"/attachments/{stored['id']}/content")
    assert SECRET not in served.text
    assert json.loads(served.text)["log"]["entries"][0]["response"]["status"] == 500
    part = await reporter.get(f"/attachments/{stored['id']}/content", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, served.content[:10])
    for address in (f"/attachments/{stored['id']}/text", f"/issues/{issue['id']}/facts"):
        assert SECRET not in (await reporter.get(address)).text
    assert (await admin.get(f"/attachments/{stored['id']}/content")).content == sent


async def test_a_har_that_cannot_be_masked_stays_with_administrators(
    world: World, reporter: Person, admin: Person
) -> None:
    broken = json.dumps(HAR).encode()[:-20]
    stored = await reporter.upload("session.har", broken)
    read = await all_read(world, reporter, stored["id"])
    assert read["withheld"] is True
    await reporter.file(attachment_ids=[stored["id"]])
    refused = await reporter.get(f"/attachments/{stored['id']}/content")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert SECRET not in (await reporter.get(f"/attachments/{stored['id']}/text")).text
    assert (await admin.get(f"/attachments/{stored['id']}/content")).content == broken


async def test_a_photo_is_served_without_place_and_camera(world: World, reporter: Person) -> None:
    content = photo()
    stored = await reporter.upload("photo.jpg", content)
    await all_read(world, reporter, stored["id"])
    served = (await reporter.get(f"/attachments/{stored['id']}/content")).content
    assert b"Made-up Cameras" in content
    assert b"Made-up Cameras" not in served
    assert Image.open(io.BytesIO(served)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


async def test_a_picture_with_nothing_to_hide_is_served_as_it_came(world: World, reporter: Person) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(buffer, "PNG")
    stored = await reporter.upload("plain.png", buffer.getvalue())
    read = await all_read(world, reporter, stored["id"])
    assert (read["withheld"], read["is_copy"]) == (False, False)
    assert (await reporter.get(f"/attachments/{stored['id']}/content")).content == buffer.getvalue()
