"""Floods end at a limit, a busy day does not; limits are in the database and count by the real network address."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx
import pytest

from sightline.comments import service as comments
from sightline.core import clock
from sightline.doors import limits, queries
from sightline.house import House
from sightline.main import furnish
from sightline.users.models import Try
from tests.doors.conftest import Outsider, at
from tests.world import Person, World

Stored = Callable[[], list[Path]]
HALF = b"x" * 600_000
FORGED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


async def knocks(outsider: Outsider, number: int, headers: dict[str, str] | None = None) -> list[int]:
    """Hand in nothing so many times: it is refused, and counted."""
    nothing = {"text": (None, b" ")}
    answers = [await outsider.client.post("/submit/INBOX", files=nothing, headers=headers) for _ in range(number)]
    return [answer.status_code for answer in answers]


async def filled(world: World, bucket: str, number: int) -> None:
    """Count tries of others against a bucket."""
    async with world.house.database.writing() as session:
        session.add_all([Try(bucket=bucket, at=clock.now()) for _ in range(number)])


def is_told(answer: httpx.Response) -> bool:
    """Tell whether an answer says that there were too many tries, and when to come back."""
    seconds = int(answer.headers.get("retry-after", "0"))
    return (answer.status_code, answer.json()["code"]) == (429, "too_many") and 0 < seconds <= 3601


async def test_an_address_hands_in_so_often_in_an_hour(world: World, outsider: Outsider, stored: Stored) -> None:
    assert await knocks(outsider, limits.SUBMISSIONS.tries) == [422] * limits.SUBMISSIONS.tries
    refused = await outsider.try_to_submit(("a.txt", b"a"))
    assert is_told(refused)
    assert stored() == []
    for name in FORGED:
        assert await knocks(outsider, 1, {name: "203.0.113.9"}) == [429]
    elsewhere = await at(world, "198.51.100.8")
    await elsewhere.submit(text="It stops")
    clock.turn(timedelta(minutes=61))
    await outsider.submit(text="It stops")


async def test_limits_survive_a_restart(world: World, outsider: Outsider) -> None:
    await knocks(outsider, limits.SUBMISSIONS.tries)
    again = House(world.house.settings)
    furnish(world.app, again)
    try:
        assert await knocks(outsider, 1) == [429]
    finally:
        furnish(world.app, world.house)
        await again.database.close()


async def test_of_tries_at_the_same_moment_none_slips_through(world: World, outsider: Outsider) -> None:
    await filled(world, f"submit:{limits.hashed('198.51.100.7')}", limits.SUBMISSIONS.tries - 3)
    answers = await asyncio.gather(*(outsider.try_to_submit(text=" ") for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [422] * 3 + [429] * 5


@pytest.mark.usefixtures("outsider")
async def test_one_household_is_one_address(world: World) -> None:
    mine, other = await at(world, "2001:db8:1:2::7"), await at(world, "2001:db8:1:3::7")
    await filled(world, f"submit:{limits.hashed('2001:db8:1:2:ffff::1')}", limits.SUBMISSIONS.tries)
    assert (await knocks(mine, 1), await knocks(other, 1)) == ([429], [422])
    mapped = await at(world, "::ffff:198.51.100.9")
    assert await knocks(mapped, 1) == [422]


async def test_a_project_takes_so_much_in_an_hour(world: World, outsider: Outsider, maintainer: Person) -> None:
    await maintainer.post("/projects", json={"key": "APP", "name": "The app"})
    await maintainer.patch("/projects/APP", json={"submissions": True})
    await filled(world, "submit:project:1", limits.SUBMISSIONS_OF_PROJECT.tries)
    assert is_told(await outsider.try_to_submit(text="It stops"))
    await outsider.submit(project="APP", text="It stops")


async def test_replies_and_files_are_counted_together(world: World, outsider: Outsider) -> None:
    token = (await outsider.submit(text="It stops"))["token"]
    await filled(world, f"receipt:{limits.hashed('198.51.100.7')}", limits.ADDITIONS.tries - 1)
    assert (await outsider.reply(token, "More")).status_code == 201
    assert is_told(await outsider.reply(token, "More"))
    assert is_told(await outsider.add(token, ("a.txt", b"a")))
    assert (await outsider.receipt(token))["replies"][0]["body"] == "More"
    elsewhere = await at(world, "198.51.100.8")
    assert (await elsewhere.reply(token, "From home")).status_code == 201
    await filled(world, "receipt:project:1", limits.ADDITIONS_OF_PROJECT.tries)
    assert is_told(await elsewhere.reply(token, "More"))


async def test_who_goes_through_tokens_is_stopped_and_who_has_one_is_not(outsider: Outsider) -> None:
    token = (await outsider.submit(text="It stops"))["token"]
    tries = [(await outsider.client.get(f"/receipts/slk_{n}")).status_code for n in range(limits.WRONG_TOKENS.tries)]
    assert tries == [404] * limits.WRONG_TOKENS.tries
    assert is_told(await outsider.client.get("/receipts/slk_x"))
    assert is_told(await outsider.reply("slk_x", "Hello"))
    assert (await outsider.receipt(token))["status"] == "open"


async def test_a_receipt_takes_so_many_files_and_replies_in_all(
    world: World, outsider: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILES", 40)
    monkeypatch.setattr(limits, "REPLIES", 20)
    token = (await outsider.submit(*[(f"{n}.txt", b"a") for n in range(20)]))["token"]
    for _ in range(limits.FILES // 20 - 1):
        assert (await outsider.add(token, *[(f"{n}.txt", b"a") for n in range(20)])).status_code == 201
    refused = await outsider.add(token, ("a.txt", b"a"))
    assert (refused.status_code, refused.json()["code"]) == (409, "receipt_full")
    async with world.house.database.writing() as session:
        issue = await queries.issue_of(session, token, locked=True)
        for number in range(limits.REPLIES):
            await comments.receive(session, issue, f"Reply {number}")
    refused = await outsider.reply(token, "One more")
    assert (refused.status_code, refused.json()["code"]) == (409, "receipt_full")


async def test_an_issue_and_a_day_hold_so_many_bytes(
    world: World, outsider: Outsider, stored: Stored, reporter: Person
) -> None:
    token = (await outsider.submit(("1.bin", HALF)))["token"]
    for name in ("2.bin", "3.bin"):
        assert (await outsider.add(token, (name, HALF))).status_code == 201
    full = await outsider.add(token, ("4.bin", HALF))
    assert (full.status_code, full.json()["code"]) == (413, "issue_quota")
    other = await at(world, "198.51.100.8")
    await other.submit(("4.bin", HALF))
    await other.submit(("5.bin", HALF))
    for refused in (await other.try_to_submit(("6.bin", HALF)), await outsider.add(token, ("6.bin", HALF))):
        assert (refused.status_code, refused.json()["code"]) == (413, "user_quota")
    assert len(stored()) == 5
    await other.submit(text="Words go through")
    await reporter.upload("theirs.bin", HALF)
    clock.turn(timedelta(hours=25))
    await other.submit(("6.bin", HALF))


async def test_what_is_over_the_limit_is_refused_and_leaves_nothing(outsider: Outsider, stored: Stored) -> None:
    token = (await outsider.submit(text="It stops"))["token"]
    over = b"x" * (2**20 + 1)
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

    async def endless() -> AsyncIterator[bytes]:
        yield head
        for _ in range(20):
            yield b"x" * 65_536

    for path in ("/submit/INBOX", f"/receipts/{token}/attachments"):
        for answer in (
            await outsider.client.post(path, files={"file": ("a.bin", over)}),
            await outsider.client.post(path, content=endless(), headers=form),
            await outsider.client.post(path, content=b"", headers=form | {"Content-Length": "9" * 30}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert stored() == []
