"""Making an account, and what a password has to be."""

import asyncio

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from sqlalchemy import func, select, text, update

from sightline.core.config import Settings
from sightline.main import create_app
from sightline.users.models import User
from tests.users.signing import SECRET, by_password, in_browser, register
from tests.world import Person, World


def wish(**other: object) -> dict[str, object]:
    return {"email": "rae@example.org", "name": "Rae", "password": SECRET} | other


async def test_whoever_registers_is_a_reporter_whatever_they_ask_for(world: World) -> None:
    anyone = await world.client()
    for stolen in ("role", "is_active", "id", "version", "password_hash"):
        refused = await anyone.post("/auth/register", json=wish(**{stolen: "admin"}))
        assert refused.json()["errors"] == [{"field": stolen, "message": "is not a field of this request"}]
    made = await anyone.post("/auth/register", json=wish())
    assert (made.status_code, made.json()["role"], made.json()["is_active"]) == (201, "reporter", True)


async def test_twenty_registrations_of_one_address_at_once_leave_one_account(world: World) -> None:
    anyone = await world.client()
    spellings = [wish(email=("rae@example.org", "RAE@Example.ORG")[n % 2], name=f"Rae {n}") for n in range(20)]
    answers = await asyncio.gather(*(anyone.post("/auth/register", json=one) for one in spellings))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    async with world.house.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 1


async def test_a_taken_address_is_said_without_repeating_it(world: World) -> None:
    await register(world, "Rae")
    again = await (await world.client()).post("/auth/register", json=wish(email="Rae@example.org"))
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")
    assert "example.org" not in again.text.casefold()


async def test_closed_registration_refuses_everybody_but_administrators(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"registration": "closed"}))
    async with app.router.lifespan_context(app):
        world = World(app)
        async with world.stack:
            refused = await (await world.client()).post("/auth/register", json=wish())
            assert (refused.status_code, refused.json()["code"]) == (403, "registration_closed")


async def test_a_weak_password_is_refused_with_the_reason_and_never_repeated(world: World) -> None:
    length, known = "must have 12 to 128 characters", "is one of the passwords everybody tries first"
    expected = {
        "eleven char": length,
        "x" * 129: length,
        "123456789012": known,
        "1Q2W3E4R5T6Y": known,
        "aaaaaaaaaaaaa": known,
        "SightlineSightline": known,
    }
    anyone = await world.client()
    for password, reason in expected.items():
        refused = await anyone.post("/auth/register", json=wish(password=password))
        assert refused.status_code == 422
        assert refused.json()["errors"] == [{"field": "password", "message": reason}]
        assert password not in refused.text


async def test_any_other_password_works_whole(world: World) -> None:
    anyone = await world.client()
    for n, password in enumerate(["twelve chars", "x" * 127 + "y", "пароль из леса 🌲"]):
        email = f"rae{n}@example.org"
        assert (await anyone.post("/auth/register", json=wish(password=password, email=email))).status_code == 201
        assert (await by_password(anyone, email, password)).status_code == 200
        last_differs = password[:-1] + "Z"
        assert (await by_password(anyone, email, last_differs)).status_code == 401


@pytest.mark.usefixtures("real_hashing")
async def test_what_is_kept_of_a_password_is_argon2id_of_the_required_strength(world: World) -> None:
    await register(world, "Rae")
    async with world.house.database.reading() as session:
        kept = await session.scalar(select(User.password_hash))
    assert kept
    assert SECRET not in kept
    strength = extract_parameters(kept)
    assert strength.type is Type.ID
    assert strength.memory_cost >= 19456
    assert strength.time_cost >= 2
    assert strength.parallelism == 1


@pytest.mark.usefixtures("real_hashing")
async def test_a_weaker_hash_is_replaced_at_the_next_sign_in(world: World) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415

    await register(world, "Rae")
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(SECRET)
    async with world.house.database.writing() as session:
        await session.execute(update(User).values(password_hash=weak))
    assert (await by_password(await world.client(), "rae@example.org")).status_code == 200
    async with world.house.database.reading() as session:
        kept = await session.scalar(select(User.password_hash))
    assert extract_parameters(kept or "").memory_cost >= 19456


async def test_what_is_no_address_is_refused(world: World) -> None:
    anyone = await world.client()
    for email in ("", "rae", "rae@", "@example.org", "rae@example.org\nbcc: x@y.z", "a" * 250 + "@b.org", None, 7):
        refused = await anyone.post("/auth/register", json=wish(email=email))
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "email"), email


async def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions(world: World) -> None:
    await register(world, "Rae")
    here, there = await in_browser(world, "rae@example.org"), await in_browser(world, "rae@example.org")
    token = await here.client.post("/me/tokens", json={"name": "cron"}, headers=here.csrf)
    change = {"password": "four grey herons at dusk", "current_password": "a wrong one, really"}
    refused = await here.client.patch("/me", json=change, headers=here.csrf)
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_password")
    changed = await here.client.patch("/me", json=change | {"current_password": SECRET}, headers=here.csrf)
    assert changed.status_code == 200
    assert (await here.client.get("/me")).status_code == 200
    assert (await there.client.get("/me")).status_code == 401
    assert (await (await world.client(token.json()["token"])).get("/me")).status_code == 401
    anyone = await world.client()
    assert (await by_password(anyone, "rae@example.org")).status_code == 401
    assert (await by_password(anyone, "rae@example.org", "four grey herons at dusk")).status_code == 200


async def test_nothing_of_a_password_is_in_the_log(world: World, admin: Person) -> None:
    made = await admin.post("/users", json={"email": "li@example.org", "name": "Li", "password": SECRET})
    again = await admin.patch(f"/users/{made.json()['id']}", json={"password": "four grey herons at dusk"})
    assert again.status_code == 200
    async with world.house.database.reading() as session:
        logged = str((await session.execute(text("SELECT * FROM events"))).all())
    assert "li@example.org" in logged
    for secret in (SECRET, "four grey herons", "argon2"):
        assert secret not in logged
