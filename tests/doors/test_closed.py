"""What is closed, missing, ended or somebody else's cannot be told apart."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import select

from sightline.attachments import queries as attachments
from sightline.core.actor import OUTSIDER
from sightline.doors.models import Receipt
from sightline.issues import queries as issues
from tests.doors.conftest import Outsider, at
from tests.world import Person, World, listening

Stored = Callable[[], list[Path]]
DISCREET = {
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}


def bare(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return an answer without what differs from request to request."""
    body = json.loads(answer.content)
    del body["request_id"]
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k != "x-request-id"}


async def test_a_closed_door_is_like_a_project_that_never_was(world: World, admin: Person, stored: Stored) -> None:
    anyone = await at(world, "198.51.100.7")
    await admin.post("/projects", json={"key": "GONE", "name": "Gone"})
    await admin.patch("/projects/GONE", json={"submissions": True})
    assert (await anyone.client.get("/submit/GONE")).status_code == 200
    await admin.delete("/projects/GONE")
    asked = [await anyone.client.get(f"/submit/{key}") for key in ("INBOX", "NOPE", "GONE", "not a key", "1")]
    sent = [await anyone.try_to_submit(("a.txt", b"a"), project=key) for key in ("INBOX", "NOPE", "GONE", "not a key")]
    assert [one.status_code for one in asked + sent] == [404] * 9
    assert len({json.dumps(bare(one)) for one in asked + sent}) == 1
    assert stored() == []


async def test_a_door_is_closed_at_first_and_opened_by_maintainers(
    world: World, maintainer: Person, reporter: Person
) -> None:
    assert (await reporter.get("/projects/INBOX")).json()["submissions"] is False
    assert (await reporter.patch("/projects/INBOX", json={"submissions": True})).status_code == 403
    anyone = await at(world, "198.51.100.7")
    assert (await anyone.try_to_submit(text="Hello")).status_code == 404
    await maintainer.patch("/projects/INBOX", json={"submissions": True})
    told = (await anyone.client.get("/submit/inbox")).json()
    assert told["project"] == {"key": "INBOX", "name": "Inbox", "description": "Where everything arrives"}
    assert (told["max_upload_bytes"], told["max_files"]) == (2**20, 20)
    submitted = await anyone.submit(text="Hello")
    await maintainer.patch("/projects/INBOX", json={"submissions": False})
    assert (await anyone.try_to_submit(text="Hello")).status_code == 404
    assert (await anyone.reply(submitted["token"], "Still there?")).status_code == 201


async def test_tokens_that_lead_nowhere_are_answered_alike(outsider: Outsider, maintainer: Person) -> None:
    ended = await outsider.submit(text="It stops")
    await maintainer.delete(f"/issues/{ended['key']}/receipt")
    answers = []
    for token in (
        ended["token"],
        "slk_" + "a" * 43,
        ended["token"][:-1],
        "x",
        "%00",
        "é",
        "a" * 2000,
        ended["key"],
    ):
        answers.append(await outsider.client.get(f"/receipts/{token}"))
        answers.append(await outsider.client.post(f"/receipts/{token}/replies", json={"body": "Hello"}))
        answers.append(await outsider.add(token, ("a.txt", b"a")))
    assert len({json.dumps(bare(one)) for one in answers}) == 1
    assert {one.status_code for one in answers} == {404}


async def test_every_answer_is_discreet(world: World, outsider: Outsider) -> None:
    submitted = await outsider.submit(text="It stops")
    token = submitted["token"]
    pages = await at(world, "198.51.100.7")
    pages.client.base_url = httpx.URL(world.base_url)
    answers = [
        await outsider.client.get("/submit/INBOX"),
        await outsider.client.get("/submit/NOPE"),
        await outsider.try_to_submit(text=" "),
        await outsider.client.get(f"/receipts/{token}"),
        await outsider.client.get("/receipts/x"),
        await outsider.client.put(f"/receipts/{token}"),
        await outsider.reply(token, "Hello"),
        await outsider.reply(token, " "),
        await pages.client.get(f"/r/{token}"),
        await pages.client.get("/submit/INBOX"),
        await pages.client.get(f"{world.base_url}//r/x"),
    ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in DISCREET} == DISCREET, answer.request.url
        assert "etag" not in answer.headers
    assert (await outsider.client.get("/setup")).headers["referrer-policy"] == "same-origin"


async def test_the_database_knows_no_token(world: World, outsider: Outsider) -> None:
    submitted = await outsider.submit(("a.txt", b"a"), text="It stops")
    await outsider.reply(submitted["token"], "More")
    await outsider.client.get("/receipts/slk_wrong-but-typed")
    found = await _everything(world)
    assert submitted["key"].split("-")[0] in found
    assert submitted["token"] not in found
    assert submitted["token"].removeprefix("slk_") not in found
    assert "wrong-but-typed" not in found
    assert "198.51.100.7" not in found


async def _everything(world: World) -> str:
    async with world.house.database.reading() as session:
        tables = Receipt.metadata.sorted_tables
        return repr([tuple(row) for table in tables for row in await session.execute(select(table))])


@pytest.mark.parametrize("path", ["/submit/INBOX", "/receipts/slk_x/attachments"])
async def test_a_gibibyte_is_refused_before_any_of_it_is_read(world: World, stored: Stored, path: str) -> None:
    async with listening(world.app) as address:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        writer.write(f"{head}Content-Length: 1000000\r\n\r\n".encode())
        async with asyncio.timeout(30):
            answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 404 ")
        writer.close()
    assert stored() == []


async def test_a_reporter_sees_nothing_of_what_came_through_the_door(
    world: World, outsider: Outsider, maintainer: Person, reporter: Person
) -> None:
    await reporter.file(title="Own words")
    before = await _seen(world, reporter)
    submitted = await outsider.submit(("a.txt", b"words"), text="It stops")
    await outsider.reply(submitted["token"], "More")
    await maintainer.post(f"/issues/{submitted['key']}/comments", json={"body": "Thanks"})
    assert await _seen(world, reporter) == before
    number = (await maintainer.get(f"/issues/{submitted['key']}")).json()["id"]
    for path in ("", "/comments", "/events", "/attachments", "/facts", "/similar"):
        assert (await reporter.get(f"/issues/{number}{path}")).status_code == 404, path
    for act in (reporter.post, reporter.delete):
        assert (await act(f"/issues/{number}/receipt")).status_code == 404
    assert (await reporter.get("/attachments/1")).status_code == 404


async def _seen(world: World, person: Person) -> list[tuple[str, str | None, str | None]]:
    await world.settle()
    found = []
    for path in ("/issues?count=true", "/issues?reporter=none", "/users", "/labels", "/projects", "/insights/summary"):
        answer = await person.get(path)
        assert answer.status_code == 200
        found.append((answer.text, answer.headers.get("etag"), answer.headers.get("x-sightline-position")))
    return found


async def test_signing_in_gives_no_more_at_the_door(outsider: Outsider, maintainer: Person) -> None:
    submitted = await outsider.submit(text="It stops")
    answer = await maintainer.post(f"/receipts/{submitted['token']}/replies", json={"body": "From inside"})
    assert (answer.status_code, answer.json()["mine"], answer.json()["author"]) == (201, True, None)


async def test_an_actor_without_an_id_sees_no_issue_through_the_rule_of_sight(world: World, outsider: Outsider) -> None:
    await outsider.submit(("a.txt", b"words"))
    async with world.house.database.reading() as session:
        assert (await session.scalars(issues.visible_to(OUTSIDER))).all() == []
        assert (await session.scalars(attachments.visible_to(OUTSIDER))).all() == []
        assert await issues.position(session, OUTSIDER) == 0
