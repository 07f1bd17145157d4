"""How much a person may send and an issue may hold."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sightline.core import clock
from sightline.core.config import Settings
from tests.extractors.packed import zipped
from tests.world import Person, World

Stored = Callable[[], list[Path]]
HALF = b"x" * 600_000


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Let an issue hold one megabyte, and a person send two in a day."""
    return Settings(database_url=database_url, sightline_data=tmp_path, max_issue_mb=1, max_user_mb_per_day=2)


async def test_a_person_sends_no_more_than_their_quota_in_a_day(
    reporter: Person, stranger: Person, stored: Stored
) -> None:
    sent = [await reporter.upload(f"{n}.bin", HALF) for n in range(3)]
    refused = await reporter.post("/attachments", files=[("file", ("4.bin", HALF))])
    assert (refused.status_code, refused.json()["code"]) == (413, "user_quota")
    assert len(stored()) == 3
    await stranger.upload("theirs.bin", HALF)
    assert (await reporter.delete(f"/attachments/{sent[0]['id']}")).status_code == 204
    await reporter.upload("4.bin", HALF)


async def test_no_more_comes_out_of_files_than_may_be_sent(world: World, reporter: Person) -> None:
    sizes, told = [], []
    for number in range(2):
        words = f"words {number}\n" * 80_000
        archive = await reporter.upload(f"{number}.zip", zipped({"a.txt": words, "b.txt": words}))
        told += (await world.extracted(reporter.client, archive["id"]))["extraction"]["problems"]
        parts = (await reporter.get(f"/attachments/{archive['id']}/parts")).json()["items"]
        sizes += [part["size"] for part in parts]
    assert (sizes, len(told)) == ([640_000, 640_000, 640_000], 1)


async def test_the_day_goes_by(world: World, reporter: Person) -> None:
    for number in range(3):
        await reporter.upload(f"{number}.bin", HALF)
    clock.turn(timedelta(hours=23))
    reporter.client = await world.sign_in(reporter.user)
    assert (await reporter.post("/attachments", files=[("file", ("a", HALF))])).status_code == 413
    clock.turn(timedelta(hours=2))
    reporter.client = await world.sign_in(reporter.user)
    await reporter.upload("a", HALF)


async def test_of_uploads_at_the_same_moment_none_slips_through(reporter: Person, stored: Stored) -> None:
    bodies = [[("file", (f"{number}.bin", HALF))] for number in range(6)]
    answers = await asyncio.gather(*(reporter.post("/attachments", files=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 413, 413, 413]
    assert len(stored()) == 3


async def test_an_issue_holds_no_more_than_its_quota(reporter: Person, stored: Stored) -> None:
    issue = await reporter.file()
    path = f"/issues/{issue['id']}/attachments"
    assert (await reporter.post(path, files=[("file", ("1.bin", HALF))])).status_code == 201
    refused = await reporter.post(path, files=[("file", ("2.bin", HALF))])
    assert (refused.status_code, refused.json()["code"]) == (413, "issue_quota")
    assert len(stored()) == 1
    assert (await reporter.get(f"/issues/{issue['id']}")).json()["attachments_count"] == 1


async def test_files_beyond_the_quota_stay_staged(reporter: Person) -> None:
    staged = [(await reporter.upload(f"{number}.bin", HALF))["id"] for number in range(2)]
    refused = await reporter.post("/issues", json={"title": "Too much", "attachment_ids": staged})
    assert (refused.status_code, refused.json()["code"]) == (413, "issue_quota")
    issue = await reporter.file(attachment_ids=staged[:1])
    again = await reporter.post(f"/issues/{issue['id']}/occurrences", json={"attachment_ids": staged[1:]})
    assert (again.status_code, again.json()["code"]) == (413, "issue_quota")
    assert (await reporter.get(f"/attachments/{staged[1]}")).json()["issue_id"] is None


async def test_a_body_that_announces_too_much_is_refused_unread(reporter: Person, stored: Stored) -> None:
    read = []

    async def body() -> AsyncIterator[bytes]:
        for _ in range(5):
            read.append(HALF)
            yield HALF

    refused = await reporter.post("/attachments", content=body(), headers={"Content-Length": str(5 * len(HALF))})
    assert (refused.status_code, refused.json()["code"]) == (413, "user_quota")
    assert (read, stored()) == ([], [])
