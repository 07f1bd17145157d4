"""The first administrator."""

import asyncio
from datetime import timedelta

import httpx2 as httpx
import pytest

from sightline.core import clock
from sightline.users.auth_routes import setup_token
from tests.world import World

WISH = {"email": "ada@example.org", "name": "Ada", "password": "nine lamps over the long quay"}
PROXIED = {"X-Forwarded-For": "203.0.113.9"}


async def by_way_of(world: World, *, host: str = "127.0.0.1", peer: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=world.app, client=(peer, 50_000))
    client = httpx.AsyncClient(transport=transport, base_url=f"http://{host}/api/v1", timeout=30)
    return await world.stack.enter_async_context(client)


async def test_a_new_server_has_nobody_and_its_own_machine_makes_the_first_administrator(world: World) -> None:
    anyone = await world.client()
    assert (await anyone.get("/setup")).json() == {"open": True, "token_needed": False}
    made = await anyone.post("/setup", json=WISH)
    assert made.status_code == 201
    assert {**made.json(), "id": 0} == {
        "id": 0,
        "name": "Ada",
        "email": "ada@example.org",
        "role": "admin",
        "is_active": True,
    }
    assert (await anyone.get("/setup")).json()["open"] is False


@pytest.mark.parametrize(
    ("host", "peer", "headers"),
    [
        ("127.0.0.1", "127.0.0.1", PROXIED),
        ("127.0.0.1", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", "127.0.0.1", {"X-Real-IP": "127.0.0.1"}),
        ("tracker.office.local", "127.0.0.1", {}),
        ("127.0.0.1", "192.0.2.7", {}),
    ],
)
async def test_from_elsewhere_set_up_asks_for_the_token_on_the_console(
    world: World, host: str, peer: str, headers: dict[str, str]
) -> None:
    outside = await by_way_of(world, host=host, peer=peer)
    assert (await outside.get("/setup", headers=headers)).json()["token_needed"] is True
    for wish in (WISH, WISH | {"setup_token": "0" * 32}):
        refused = await outside.post("/setup", json=wish, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "setup_token_required")
    assert (await outside.get("/setup")).json()["open"] is True


async def test_the_token_on_the_console_opens_set_up_from_elsewhere(world: World) -> None:
    outside = await by_way_of(world, host="tracker.office.local", peer="192.0.2.7")
    wish = WISH | {"setup_token": setup_token(world.app.state.lifetimes)}
    assert (await outside.post("/setup", json=wish)).status_code == 201


async def test_the_token_on_the_console_runs_out(world: World) -> None:
    outside = await by_way_of(world, peer="192.0.2.7")
    wish = WISH | {"setup_token": setup_token(world.app.state.lifetimes)}
    clock.turn(timedelta(minutes=31))
    assert (await outside.post("/setup", json=wish)).status_code == 403


@pytest.mark.usefixtures("real_hashing")
async def test_of_two_set_ups_at_once_one_wins(world: World) -> None:
    anyone = await world.client()
    others = WISH | {"email": "eve@example.org"}
    answers = await asyncio.gather(*(anyone.post("/setup", json=wish) for wish in (WISH, others)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    winner = next(answer for answer in answers if answer.status_code == 201)
    assert winner.json()["role"] == "admin"


async def test_after_set_up_the_address_is_a_page_that_does_not_exist(world: World) -> None:
    anyone = await world.client()
    await anyone.post("/setup", json=WISH)
    missing = (await anyone.post("/nowhere", json=WISH)).json()
    for headers in ({}, PROXIED):
        again = await anyone.post("/setup", json=WISH, headers=headers)
        assert again.status_code == 404
        assert {**again.json(), "request_id": ""} == {**missing, "request_id": ""}


async def test_an_administrators_password_is_longer_than_others(world: World) -> None:
    refused = await (await world.client()).post("/setup", json=WISH | {"password": "fourteen chars"})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"field": "password", "message": "must have 15 to 128 characters"}]
