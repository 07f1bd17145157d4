"""A creating POST sent again under the same key."""

import asyncio
from datetime import timedelta

from sightline.core import clock
from sightline.core.config import Settings
from sightline.core.idempotency import forget_old
from sightline.main import create_app
from tests.world import Person, World, ids

ONCE = {"Idempotency-Key": "3f1c-once"}
WISH = {"title": "Only once"}


async def test_the_same_key_and_body_give_the_same_answer_and_one_object(reporter: Person) -> None:
    first, second = [await reporter.post("/issues", json=WISH, headers=ONCE) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert ids((await reporter.get("/issues")).json()["items"]) == [first.json()["id"]]


async def test_the_same_key_with_another_body_is_refused(reporter: Person) -> None:
    await reporter.post("/issues", json=WISH, headers=ONCE)
    other = await reporter.post("/issues", json={"title": "Another"}, headers=ONCE)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_a_key_belongs_to_one_person_and_one_address(reporter: Person, maintainer: Person) -> None:
    made = [
        await reporter.post("/issues", json=WISH, headers=ONCE),
        await maintainer.post("/issues", json=WISH, headers=ONCE),
        await maintainer.post("/labels", json={"name": "once"}, headers=ONCE),
        await maintainer.post("/projects", json={"key": "APP", "name": "App"}, headers=ONCE),
    ]
    assert [answer.status_code for answer in made] == [201] * 4
    assert made[0].json()["id"] != made[1].json()["id"]


async def test_many_at_once_under_one_key_make_one_object(reporter: Person) -> None:
    answers = await asyncio.gather(*(reporter.post("/issues", json=WISH, headers=ONCE) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await reporter.get("/issues")).json()["items"]) == 1


async def test_a_refused_request_does_not_use_up_its_key(reporter: Person) -> None:
    refused = await reporter.post("/issues", json=WISH | {"project": "NONE"}, headers=ONCE)
    assert refused.status_code == 422
    assert (await reporter.post("/issues", json=WISH, headers=ONCE)).status_code == 201


async def test_what_the_caller_lost_sight_of_is_not_shown_again(reporter: Person, admin: Person) -> None:
    issue = (await reporter.post("/issues", json=WISH, headers=ONCE)).json()
    await admin.delete(f"/issues/{issue['id']}")
    again = await reporter.post("/issues", json=WISH, headers=ONCE)
    assert (again.status_code, "Only once" in again.text) == (404, False)


async def test_an_upload_sent_again_is_stored_once(world: World, reporter: Person) -> None:
    sent = {"file": ("a.txt", b"0123456789")}
    first, second = [await reporter.post("/attachments", files=sent, headers=ONCE) for _ in range(2)]
    assert first.json() == second.json()
    assert len([path for path in world.files.rglob("*") if path.is_file()]) == 1
    other = await reporter.post("/attachments", files={"file": ("a.txt", b"else")}, headers=ONCE)
    assert other.status_code == 422
    assert len([path for path in world.files.rglob("*") if path.is_file()]) == 1


async def test_a_key_outlives_the_server_and_holds_for_a_day(settings: Settings) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        world = World(app)
        async with world.stack:
            rae = await world.person("Rae")
            first = await rae.post("/issues", json=WISH, headers=ONCE)
            header = rae.client.headers["authorization"]
    again_app = create_app(settings)
    async with again_app.router.lifespan_context(again_app):
        again = World(again_app)
        async with again.stack:
            client = await again.client(header.removeprefix("Bearer "))
            replayed = await client.post("/issues", json=WISH, headers=ONCE)
            assert replayed.json() == first.json()
            clock.turn(timedelta(hours=24, minutes=20))
            later = await again.sign_in(rae.user)
            async with again.house.database.writing() as session:
                await forget_old(session)
            new = await later.post("/issues", json=WISH, headers=ONCE)
            assert new.json()["key"] == "INBOX-2"
    clock.reset()


async def test_what_is_no_key_is_refused(reporter: Person) -> None:
    for key in ("", "x" * 256, "with space", "é"):
        refused = await reporter.post("/issues", json=WISH, headers={"Idempotency-Key": key.encode()})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "Idempotency-Key"), key
