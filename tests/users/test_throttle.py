"""Guessing is slowed down, without locking the owner out."""

from datetime import timedelta

import httpx2 as httpx
import pytest

from sightline.core import clock
from tests.users.signing import SECRET, by_password, in_browser, register
from tests.world import World

RAE = "rae@example.org"


@pytest.fixture
async def guesser(world: World) -> httpx.AsyncClient:
    """Register Rae and Rob, and return a client that guessed Rae's password ten times."""
    await register(world, "Rae")
    await register(world, "Rob")
    client = await world.client()
    tries = [(await by_password(client, RAE, f"guess number {n:03}")).status_code for n in range(10)]
    assert tries == [401] * 10
    return client


async def test_after_ten_failures_even_the_right_password_waits(guesser: httpx.AsyncClient) -> None:
    for answer in (
        await by_password(guesser, RAE),
        await by_password(guesser, "RAE@example.org"),
        await guesser.post("/auth/session", json={"email": RAE, "password": SECRET}),
        await guesser.post(
            "/auth/token",
            data={"grant_type": "password", "username": RAE, "password": SECRET},
            headers={"X-Forwarded-For": "198.51.100.4"},
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
        assert 1 <= int(answer.headers["retry-after"]) <= 15 * 60 + 1


async def test_other_accounts_stay_usable(guesser: httpx.AsyncClient) -> None:
    assert (await by_password(guesser, "rob@example.org")).status_code == 200


async def test_the_wait_passes_by_itself(guesser: httpx.AsyncClient) -> None:
    clock.turn(timedelta(minutes=15, seconds=1))
    assert (await by_password(guesser, RAE)).status_code == 200


async def test_an_address_that_nobody_has_is_throttled_the_same(world: World) -> None:
    client = await world.client()
    tries = [(await by_password(client, "nobody@example.org")).status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]


async def test_a_browser_that_signed_in_before_stays_usable_while_strangers_guess(world: World) -> None:
    await register(world, "Rae")
    before = await in_browser(world, RAE)
    device = next(one.split(";")[0] for one in before.cookies if one.startswith("sightline-device="))
    stranger = await world.client()
    assert {(await by_password(stranger, RAE, "a wrong guess")).status_code for _ in range(11)} == {401, 429}
    assert (await in_browser(world, RAE, device=device)).session["user"]["email"] == RAE
    assert (await by_password(stranger, RAE)).status_code == 429


async def test_a_success_empties_the_count(world: World) -> None:
    await register(world, "Rae")
    client = await world.client()
    for _ in range(2):
        for _ in range(9):
            await by_password(client, RAE, "a wrong guess")
        assert (await by_password(client, RAE)).status_code == 200
