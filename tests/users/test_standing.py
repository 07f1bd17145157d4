"""What administrators do to accounts, and what it does at once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from sightline.core import clock
from sightline.core.actor import Role
from sightline.events.log import history, replay
from sightline.events.models import Event
from sightline.users.models import User
from tests.users.signing import SECRET, by_password
from tests.world import Person, World, ids


@pytest.mark.parametrize("wish", [{"role": "admin"}, {"is_active": False}, {"name": "Eve"}])
async def test_only_administrators_change_accounts(
    reporter: Person, maintainer: Person, stranger: Person, wish: dict[str, Any]
) -> None:
    for person in (stranger, maintainer):
        assert (await person.patch(f"/users/{reporter.id}", json=wish)).status_code == 403
        assert (await person.patch(f"/users/{person.id}", json=wish)).status_code == 403
    assert {**(await reporter.get("/me")).json(), "id": 0} == {
        "id": 0,
        "name": "Rae",
        "email": "rae@example.org",
        "role": "reporter",
        "is_active": True,
    }


async def test_an_administrator_makes_accounts_of_any_role(world: World, admin: Person) -> None:
    wish = {"email": "grace@example.org", "name": " Grace ", "role": "MAINTAINER", "password": SECRET}
    made = await admin.post("/users", json=wish)
    assert (made.status_code, made.json()["role"], made.json()["name"]) == (201, "maintainer", "Grace")
    assert (await by_password(await world.client(), "grace@example.org")).status_code == 200
    assert (await admin.post("/users", json=wish | {"name": "Other"})).status_code == 409
    idle = await admin.post("/users", json={"email": "li@example.org", "name": "Li", "is_active": False})
    assert (idle.status_code, idle.json()["is_active"]) == (201, False)


async def test_administration_asks_for_a_fresh_sign_in(admin: Person, reporter: Person) -> None:
    clock.turn(timedelta(minutes=9))
    assert (await admin.patch(f"/users/{reporter.id}", json={"name": "Rae R."})).status_code == 200
    clock.turn(timedelta(seconds=65))
    for answer in (
        await admin.patch(f"/users/{reporter.id}", json={"role": "admin"}),
        await admin.post("/users", json={"email": "li@example.org", "name": "Li"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


async def test_a_disabled_person_is_out_at_the_next_request_and_back_when_enabled(
    world: World, admin: Person, reporter: Person
) -> None:
    other = await world.sign_in(reporter.user)
    assert (await admin.patch(f"/users/{reporter.id}", json={"is_active": False})).status_code == 200
    for client in (reporter.client, other):
        assert (await client.get("/issues")).status_code == 401
    assert (await admin.patch(f"/users/{reporter.id}", json={"is_active": True})).status_code == 200
    assert (await reporter.get("/issues")).status_code == 401, "a session that was ended stays ended"
    assert (await (await world.sign_in(reporter.user)).get("/issues")).status_code == 200


async def test_a_demoted_person_has_the_lesser_role_at_the_next_request(
    admin: Person, maintainer: Person, reporter: Person
) -> None:
    issue = await reporter.file()
    assert (await maintainer.get(f"/issues/{issue['id']}")).status_code == 200
    assert (await admin.patch(f"/users/{maintainer.id}", json={"role": "reporter"})).status_code == 200
    assert (await maintainer.get(f"/issues/{issue['id']}")).status_code == 404
    assert (await maintainer.get("/issues")).json()["items"] == []


async def test_the_last_administrator_stays_one(world: World, admin: Person) -> None:
    for answer in (
        await admin.patch(f"/users/{admin.id}", json={"role": "maintainer"}),
        await admin.patch(f"/users/{admin.id}", json={"is_active": False}),
        await admin.delete(f"/users/{admin.id}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    second = await world.person("Bo", Role.admin)
    assert (await admin.patch(f"/users/{second.id}", json={"is_active": False})).status_code == 200
    assert (await admin.patch(f"/users/{admin.id}", json={"role": "reporter"})).status_code == 409


async def test_of_two_administrators_who_demote_each_other_at_once_one_stays(world: World, admin: Person) -> None:
    for n in range(3):
        other = await world.person(f"Bo{n}", Role.admin)
        answers = await asyncio.gather(
            admin.patch(f"/users/{other.id}", json={"role": "reporter"}),
            other.patch(f"/users/{admin.id}", json={"role": "reporter"}),
        )
        assert min(answer.status_code for answer in answers) == 200
        async with world.house.database.reading() as session:
            left = (await session.execute(text("SELECT id FROM users WHERE role = 'admin' AND is_active"))).all()
        assert len(left) == 1
        admin = admin if left[0][0] == admin.id else other


async def test_a_deleted_person_loses_every_trace_of_a_name_and_the_issues_stay(
    world: World, admin: Person, maintainer: Person, reporter: Person
) -> None:
    issue = await reporter.file(title="The lamp is broken")
    await admin.patch(f"/users/{reporter.id}", json={"name": "Rae Of Before"})
    assert (await admin.delete(f"/users/{reporter.id}")).status_code == 204
    assert (await reporter.get("/me")).status_code == 401
    shown = (await maintainer.get(f"/issues/{issue['id']}")).json()
    assert (shown["title"], shown["reporter"]) == (
        "The lamp is broken",
        {"id": reporter.id, "name": "Deleted user"},
    )
    assert reporter.id not in ids((await admin.get("/users")).json()["items"])
    assert (await admin.get(f"/users/{reporter.id}")).status_code == 404
    assert (await maintainer.get(f"/issues/{issue['id']}/events")).json()["items"][0]["actor"]["name"] == "Deleted user"
    async with world.house.database.reading() as session:
        everything = [
            (await session.execute(text(f"SELECT * FROM {table}"))).all()
            for table in ("users", "events", "sessions", "api_tokens", "devices", "revisions")
        ]
    for trace in ("rae@example.org", "'Rae'", '"Rae"', "Rae Of Before"):
        assert trace not in str(everything)


async def test_the_address_of_a_deleted_person_is_free_again(admin: Person, reporter: Person) -> None:
    await admin.delete(f"/users/{reporter.id}")
    again = await admin.post("/users", json={"email": "rae@example.org", "name": "Rae"})
    assert (again.status_code, again.json()["id"] != reporter.id) == (201, True)


async def test_replaying_the_log_gives_the_erased_account(world: World, admin: Person, reporter: Person) -> None:
    await admin.patch(f"/users/{reporter.id}", json={"name": "Rae R.", "role": "maintainer"})
    await admin.delete(f"/users/{reporter.id}")
    async with world.house.database.reading() as session:
        row = await session.get_one(User, reporter.id)
        own = await history(session, Event.subject_type == "user", Event.subject_id == reporter.id)
        again = replay(User(), own)
    for column in ("email", "email_key", "name", "role", "is_active", "created_at", "deleted_at", "version"):
        assert getattr(again, column) == getattr(row, column), column


async def test_people_see_of_others_what_their_role_lets_them(
    admin: Person, maintainer: Person, reporter: Person, stranger: Person
) -> None:
    issue = await reporter.file()
    await maintainer.edit(issue, assignee_id=maintainer.id)
    by_admin = (await admin.get("/users")).json()["items"]
    assert {one["email"] for one in by_admin} == {f"{name}@example.org" for name in ("ada", "mia", "rae", "rob")}
    by_maintainer = (await maintainer.get("/users")).json()["items"]
    assert len(by_maintainer) == 4
    assert [set(one) for one in by_maintainer if one["id"] != maintainer.id] == [{"id", "name"}] * 3
    assert ids((await reporter.get("/users")).json()["items"]) == sorted([maintainer.id, reporter.id])
    assert ids((await stranger.get("/users")).json()["items"]) == [stranger.id]
    assert (await stranger.get(f"/users/{reporter.id}")).status_code == 404
    found = await maintainer.get("/users", params={"q": "rae@example"})
    assert found.json()["items"] == [], "an address cannot be guessed by searching"
