"""Files that are there: who sees them, how they are handed out, when they go."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

from obstore.store import LocalStore

from sightline.attachments import keys, service
from sightline.attachments.storage import Storage
from sightline.core import clock
from tests.world import Person, World, ids

Stored = Callable[[], list[Path]]
TEN = b"0123456789"


async def test_a_staged_file_is_seen_by_who_sent_it_alone(
    reporter: Person, stranger: Person, maintainer: Person, admin: Person
) -> None:
    one = await reporter.upload("a.txt", TEN)
    for person in (stranger, maintainer, admin):
        for path in ("", "/content", "/facts", "/text"):
            hidden = await person.get(f"/attachments/{one['id']}{path}")
            missing = await person.get(f"/attachments/4711{path}")
            assert hidden.status_code == 404
            assert {**hidden.json(), "request_id": 0} == {**missing.json(), "request_id": 0}
        assert (await person.delete(f"/attachments/{one['id']}")).status_code == 404
    assert (await reporter.get(f"/attachments/{one['id']}/content")).content == TEN


async def test_nobody_files_an_issue_with_the_file_of_another(reporter: Person, maintainer: Person) -> None:
    one = await reporter.upload("a.txt", TEN)
    for attachment in (one["id"], 4711):
        refused = await maintainer.post("/issues", json={"title": "Mine", "attachment_ids": [attachment]})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "attachment_ids")
    assert (await maintainer.get("/issues")).json()["items"] == []
    assert (await reporter.get(f"/attachments/{one['id']}")).json()["issue_id"] is None


async def test_a_file_belongs_to_one_issue(reporter: Person) -> None:
    one = await reporter.upload("a.txt", TEN)
    issue = await reporter.file(attachment_ids=[one["id"], one["id"]])
    assert issue["attachments_count"] == 1
    assert (await reporter.get(f"/attachments/{one['id']}")).json()["issue_id"] == issue["id"]
    again = await reporter.post("/issues", json={"title": "Second", "attachment_ids": [one["id"]]})
    assert again.status_code == 422


async def test_a_file_is_as_visible_as_its_issue(
    reporter: Person, stranger: Person, maintainer: Person, admin: Person
) -> None:
    one = await reporter.upload("a.txt", TEN)
    issue = await reporter.file(attachment_ids=[one["id"]])
    path = f"/attachments/{one['id']}/content"
    assert (await maintainer.get(path)).content == TEN
    assert (await stranger.get(path)).status_code == 404
    await admin.delete(f"/issues/{issue['id']}")
    for person in (reporter, maintainer, admin):
        assert (await person.get(path)).status_code == 404
    await admin.post(f"/issues/{issue['id']}/restore")
    assert (await reporter.get(path)).content == TEN


async def test_ranges_give_exactly_their_bytes(reporter: Person) -> None:
    one = await reporter.upload("a.txt", TEN)
    path = f"/attachments/{one['id']}/content"
    expected: dict[str, tuple[int, bytes, str | None]] = {
        "bytes=0-3": (206, b"0123", "bytes 0-3/10"),
        "bytes=4-": (206, b"456789", "bytes 4-9/10"),
        "bytes=-3": (206, b"789", "bytes 7-9/10"),
        "bytes=5-99": (206, b"56789", "bytes 5-9/10"),
        "bytes=9-9": (206, b"9", "bytes 9-9/10"),
        "bytes=0-9": (206, TEN, "bytes 0-9/10"),
        "bytes=-99": (206, TEN, "bytes 0-9/10"),
        "bytes=5-2": (200, TEN, None),
        "bytes=0-1,3-4": (200, TEN, None),
        "bytes=a-b": (200, TEN, None),
        "lines=0-1": (200, TEN, None),
        "bytes=-": (200, TEN, None),
    }
    for asked, (status, body, said) in expected.items():
        answer = await reporter.get(path, headers={"Range": asked})
        found = (answer.content, answer.headers.get("content-range"), answer.headers["content-length"])
        assert found == (body, said, str(len(body))), asked
        assert answer.status_code == status, asked
    for beyond in ("bytes=10-", "bytes=99-100", "bytes=-0"):
        refused = await reporter.get(path, headers={"Range": beyond})
        assert (refused.status_code, refused.headers["content-range"]) == (416, "bytes */10"), beyond


async def test_an_empty_file_is_handed_out(reporter: Person) -> None:
    one = await reporter.upload("empty.txt", b"")
    answer = await reporter.get(f"/attachments/{one['id']}/content")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_files_are_handed_out_so_that_no_browser_runs_them(reporter: Person) -> None:
    one = await reporter.upload("page.html", b"<script>alert(1)</script>")
    headers = (await reporter.get(f"/attachments/{one['id']}/content")).headers
    expected = {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment; filename=\"page.html\"; filename*=UTF-8''page.html",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "private, no-store",
    }
    assert {name: headers[name] for name in expected} == expected


async def test_a_file_is_taken_away_by_its_sender_or_the_team(
    reporter: Person, maintainer: Person, stranger: Person
) -> None:
    mine, theirs = [await reporter.upload(name, TEN) for name in ("a.txt", "b.txt")]
    issue = await reporter.file(attachment_ids=[mine["id"], theirs["id"]])
    added = (await maintainer.post(f"/issues/{issue['id']}/attachments", files={"file": ("c", TEN)})).json()[0]
    assert (await stranger.delete(f"/attachments/{mine['id']}")).status_code == 404
    assert (await reporter.delete(f"/attachments/{added['id']}")).status_code == 403
    assert (await reporter.delete(f"/attachments/{mine['id']}")).status_code == 204
    assert (await maintainer.delete(f"/attachments/{theirs['id']}")).status_code == 204
    assert (await reporter.get(f"/attachments/{mine['id']}")).status_code == 404
    left = (await reporter.get(f"/issues/{issue['id']}/attachments")).json()["items"]
    assert ids(left) == [added["id"]]
    assert (await reporter.get(f"/issues/{issue['id']}")).json()["attachments_count"] == 1


async def test_bytes_go_after_a_day_unclaimed_and_at_once_when_discarded(
    world: World, reporter: Person, stored: Stored
) -> None:
    old, kept, thrown = [await reporter.upload(name, TEN) for name in ("old", "kept", "thrown")]
    for one in (old, kept, thrown):
        await world.extracted(reporter.client, one["id"])
    await reporter.file(attachment_ids=[kept["id"]])
    await reporter.delete(f"/attachments/{thrown['id']}")
    async with asyncio.timeout(30):
        while len(stored()) != 2:  # noqa: ASYNC110 - the disk is what is waited for
            await asyncio.sleep(0.02)
    clock.turn(timedelta(hours=24, minutes=1))
    await service.sweep(world.house.database, world.house.storage)
    assert len(stored()) == 1
    later = await world.sign_in(reporter.user)
    assert (await later.get(f"/attachments/{kept['id']}/content")).content == TEN
    assert (await later.get(f"/attachments/{old['id']}")).status_code == 404


async def test_what_a_kill_left_of_an_upload_is_removed_a_day_later(world: World, tmp_path: Path) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield bytes(12 << 20)
        await asyncio.Event().wait()

    sending = asyncio.create_task(world.house.storage.put(stuck(), 1 << 30))
    async with asyncio.timeout(30):
        while not any(world.files.rglob("*#*")):  # noqa: ASYNC110 - the disk is what is waited for
            await asyncio.sleep(0.01)
    as_killed = tmp_path / "as-killed"
    shutil.copytree(world.files, as_killed)
    sending.cancel()
    clock.turn(timedelta(hours=24, minutes=1))
    assert await keys.sweep(world.house.database, Storage(LocalStore(as_killed))) == 1
    assert not [path for path in as_killed.rglob("*") if path.is_file()]


async def test_nothing_says_where_the_bytes_lie(world: World, reporter: Person, stored: Stored) -> None:
    one = await reporter.upload("a.txt", TEN)
    issue = await reporter.file(attachment_ids=[one["id"]])
    await world.extracted(reporter.client, one["id"])
    key = stored()[0].name
    for path in (f"/attachments/{one['id']}", f"/issues/{issue['id']}/attachments", f"/issues/{issue['id']}/events"):
        assert key not in (await reporter.get(path)).text
