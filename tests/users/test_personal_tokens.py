"""Personal tokens for programs."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from sightline.core import clock
from tests.world import Person, World


async def made(person: Person, **wish: Any) -> dict[str, Any]:
    answer = await person.post("/me/tokens", json={"name": "nightly"} | wish)
    assert answer.status_code == 201, answer.text
    token: dict[str, Any] = answer.json()
    return token


async def test_a_personal_token_acts_as_its_owner_and_its_secret_is_shown_once(world: World, reporter: Person) -> None:
    token = await made(reporter)
    assert token["token"].startswith("slt_")
    assert len(token["token"]) >= 43
    listed = await reporter.get("/me/tokens")
    assert token["token"] not in listed.text
    assert [one["id"] for one in listed.json()["items"]] == [token["id"]]
    async with world.house.database.reading() as session:
        kept = [(await session.execute(text(f"SELECT * FROM {name}"))).all() for name in ("api_tokens", "events")]
    assert token["token"][4:] not in str(kept)
    client = await world.client(token["token"])
    assert (await client.get("/me")).json()["id"] == reporter.id
    assert (await client.post("/issues", json={"title": "From a program"})).json()["reporter"]["id"] == reporter.id


async def test_a_token_that_may_read_reads_and_writes_nothing(world: World, reporter: Person) -> None:
    issue = await reporter.file()
    token = await made(reporter, scopes=["read"])
    client = await world.client(token["token"])
    assert (await client.get(f"/issues/{issue['id']}")).status_code == 200
    for method, path in (
        ("POST", "/issues"),
        ("PATCH", f"/issues/{issue['id']}"),
        ("POST", "/attachments"),
        ("POST", "/me/tokens"),
        ("PATCH", "/me"),
    ):
        refused = await client.request(method, path, json={"title": "x"})
        assert (refused.status_code, refused.json()["code"]) == (403, "read_only_token"), path


async def test_a_token_ends_when_it_says(world: World, reporter: Person) -> None:
    token = await made(reporter, expires_at=(clock.now() + timedelta(hours=1)).isoformat())
    client = await world.client(token["token"])
    assert (await client.get("/me")).status_code == 200
    clock.turn(timedelta(hours=1, seconds=1))
    assert (await client.get("/me")).status_code == 401


async def test_a_revoked_token_ends_at_once_and_only_its_owner_revokes_it(
    world: World, reporter: Person, stranger: Person
) -> None:
    token = await made(reporter)
    client = await world.client(token["token"])
    assert (await stranger.delete(f"/me/tokens/{token['id']}")).status_code == 404
    assert (await client.get("/me")).status_code == 200
    assert (await reporter.delete(f"/me/tokens/{token['id']}")).status_code == 204
    assert (await client.get("/me")).status_code == 401
    assert (await reporter.get("/me/tokens")).json()["items"] == []


async def test_a_token_of_a_disabled_owner_is_worth_nothing(world: World, admin: Person, reporter: Person) -> None:
    client = await world.client((await made(reporter))["token"])
    assert (await admin.patch(f"/users/{reporter.id}", json={"is_active": False})).status_code == 200
    assert (await client.get("/me")).status_code == 401


async def test_a_token_never_administers_people(world: World, admin: Person, reporter: Person) -> None:
    client = await world.client((await made(admin))["token"])
    refused = await client.patch(f"/users/{reporter.id}", json={"role": "admin"})
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")


async def test_what_is_no_token_wish_is_refused(reporter: Person) -> None:
    for wish in (
        {"name": ""},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "expires_at": "2030-01-01T00:00:00"},
        {"name": "x", "token": "slt_mine"},
        {"name": "x\x00"},
    ):
        assert (await reporter.post("/me/tokens", json=wish)).status_code == 422, wish
