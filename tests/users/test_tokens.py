"""Access and refresh tokens, as programs use them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sightline.core import clock
from tests.users.signing import SECRET, by_password, by_refresh, register, whoami
from tests.world import World

RAE = "rae@example.org"


@pytest.fixture
async def granted(world: World) -> dict[str, Any]:
    """Register Rae and return the tokens of her password."""
    await register(world, "Rae")
    answer = await by_password(await world.client(), RAE)
    assert answer.status_code == 200
    tokens: dict[str, Any] = answer.json()
    return tokens


async def test_a_password_gives_a_short_access_token_and_a_refresh_token(world: World, granted: dict[str, Any]) -> None:
    assert (granted["token_type"], granted["expires_in"]) == ("bearer", 600)
    assert (await whoami(world, granted["access_token"])).json()["email"] == RAE


async def test_answers_with_credentials_are_not_kept_anywhere(world: World, granted: dict[str, Any]) -> None:
    again = await by_refresh(await world.client(), granted["refresh_token"])
    assert (again.headers["cache-control"], "etag" in again.headers) == ("no-store", False)


async def test_a_wrong_grant_is_refused(world: World, granted: dict[str, Any]) -> None:
    assert granted
    expected: list[tuple[dict[str, str], int]] = [
        ({"grant_type": "password", "username": RAE, "password": "a wrong one, really"}, 401),
        ({"grant_type": "password", "username": RAE}, 422),
        ({"grant_type": "refresh_token", "refresh_token": "slr_made_up"}, 401),
        ({"grant_type": "refresh_token"}, 422),
        ({"grant_type": "client_credentials"}, 422),
        ({"username": RAE, "password": SECRET}, 422),
    ]
    anyone = await world.client()
    found = [(form, (await anyone.post("/auth/token", data=form)).status_code) for form, _ in expected]
    assert found == expected


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(world: World) -> None:
    await register(world, "Rae")
    anyone = await world.client()
    answers = [await by_password(anyone, email, "a wrong one, really") for email in (RAE, "nobody@example.org")]
    told = [{**answer.json(), "request_id": ""} for answer in answers]
    assert told[0] == told[1]
    assert {*answers[0].headers} == {*answers[1].headers}


async def test_an_address_signs_in_in_any_case_of_letters(world: World) -> None:
    await register(world, "Rae")
    assert (await by_password(await world.client(), "RAE@Example.ORG")).status_code == 200


async def test_a_refresh_token_is_spent_for_the_next(world: World, granted: dict[str, Any]) -> None:
    second = (await by_refresh(await world.client(), granted["refresh_token"])).json()
    assert second["refresh_token"] != granted["refresh_token"]
    assert (await whoami(world, second["access_token"])).status_code == 200
    assert (await by_refresh(await world.client(), second["refresh_token"])).status_code == 200


async def test_two_tabs_that_send_the_same_refresh_token_get_the_same_successor(
    world: World, granted: dict[str, Any]
) -> None:
    anyone = await world.client()
    first, second = [(await by_refresh(anyone, granted["refresh_token"])).json() for _ in range(2)]
    assert first["refresh_token"] == second["refresh_token"]


async def test_a_refresh_token_that_comes_back_later_ends_the_whole_family(
    world: World, granted: dict[str, Any]
) -> None:
    anyone = await world.client()
    second = (await by_refresh(anyone, granted["refresh_token"])).json()
    clock.turn(timedelta(seconds=11))
    assert (await by_refresh(anyone, granted["refresh_token"])).status_code == 401
    assert (await by_refresh(anyone, second["refresh_token"])).status_code == 401
    for token in (granted["access_token"], second["access_token"]):
        assert (await whoami(world, token)).status_code == 401


async def test_a_family_has_an_end_however_often_it_is_refreshed(world: World, granted: dict[str, Any]) -> None:
    anyone = await world.client()
    clock.turn(timedelta(days=29))
    second = await by_refresh(anyone, granted["refresh_token"])
    assert second.status_code == 200
    clock.turn(timedelta(days=1, minutes=1))
    assert (await by_refresh(anyone, second.json()["refresh_token"])).status_code == 401


async def test_signing_out_ends_access_and_refresh_at_once(world: World, granted: dict[str, Any]) -> None:
    other = (await by_password(await world.client(), RAE)).json()
    client = await world.client(granted["access_token"])
    assert (await client.post("/auth/logout")).status_code == 204
    assert (await client.get("/me")).status_code == 401
    assert (await by_refresh(client, granted["refresh_token"])).status_code == 401
    assert (await whoami(world, other["access_token"])).status_code == 200


async def test_an_access_token_runs_out(world: World, granted: dict[str, Any]) -> None:
    clock.turn(timedelta(minutes=10, seconds=31))
    assert (await whoami(world, granted["access_token"])).status_code == 401


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def decoded(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def signed(header: dict[str, Any], claims: dict[str, Any], key: str) -> str:
    body = f"{encoded(header)}.{encoded(claims)}"
    mac = hmac.new(key.encode(), body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


Forge = Callable[[dict[str, Any], dict[str, Any], str], str]
FORGERIES: dict[str, Forge] = {
    "no algorithm": lambda h, c, _k: f"{encoded(h | {'alg': 'none'})}.{encoded(c)}.",
    "no algorithm, spelled oddly": lambda h, c, k: signed(h | {"alg": "nOnE"}, c, k),
    "another algorithm of the same family": lambda h, c, k: signed(h | {"alg": "HS512"}, c, k),
    "an empty signature": lambda h, c, _k: f"{encoded(h)}.{encoded(c)}.",
    "a key of their own": lambda h, c, _k: signed(h, c, "k" * 64),
    "a key named in the header": lambda h, c, _k: signed(h | {"jwk": {"kty": "oct", "k": "a2s"}}, c, "kk"),
    "a critical extension": lambda h, c, k: signed(h | {"crit": ["exp2"], "exp2": 1}, c, k),
    "another type": lambda h, c, k: signed(h | {"typ": "JWT"}, c, k),
    "no type": lambda h, c, k: signed({"alg": h["alg"]}, c, k),
    "another issuer": lambda h, c, k: signed(h, c | {"iss": "elsewhere"}, k),
    "another audience": lambda h, c, k: signed(h, c | {"aud": "elsewhere"}, k),
    "an end in the past": lambda h, c, k: signed(h, c | {"exp": c["nbf"] - 60}, k),
    "a beginning in the future": lambda h, c, k: signed(h, c | {"nbf": c["exp"]}, k),
    "an end that is no number": lambda h, c, k: signed(h, c | {"exp": "never"}, k),
    "another session": lambda h, c, k: signed(h, c | {"sid": c["sid"] + 1000}, k),
    "16 KiB": lambda h, c, k: signed(h, c | {"more": "x" * 16_384}, k),
    "two parts": lambda h, c, _k: f"{encoded(h)}.{encoded(c)}",
    "five parts": lambda h, c, k: signed(h, c, k) + ".e30.e30",
    "text that is no JSON": lambda h, _c, _k: f"{encoded(h)}.bm8.bm8",
}


def lacking(name: str) -> Forge:
    return lambda h, c, k: signed(h, {key: value for key, value in c.items() if key != name}, k)


FORGERIES |= {f"no {name}": lacking(name) for name in ("iss", "aud", "sub", "sid", "exp", "nbf")}


async def test_no_forged_access_token_is_taken_and_all_are_refused_alike(world: World, granted: dict[str, Any]) -> None:
    header, claims = [decoded(part) for part in granted["access_token"].split(".")[:2]]
    key = world.app.state.lifetimes.secret
    assert (await whoami(world, signed(header, claims, key))).status_code == 200, "the forger knows the form"
    answers = {name: await whoami(world, forge(header, claims, key)) for name, forge in FORGERIES.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(FORGERIES, 401)
    assert len({json.dumps({**answer.json(), "request_id": ""}) for answer in answers.values()}) == 1


async def test_no_other_kind_of_credential_is_an_access_token(world: World, granted: dict[str, Any]) -> None:
    client = await world.client()
    others = [
        f"Bearer {granted['refresh_token']}",
        f"Bearer slt_{granted['refresh_token']}",
        f"Basic {granted['access_token']}",
        granted["access_token"],
        "Bearer",
        "",
    ]
    for other in others:
        assert (await client.get("/me", headers={"Authorization": other})).status_code == 401, other


async def test_a_credential_in_the_address_is_no_credential(world: World, granted: dict[str, Any]) -> None:
    query = {"access_token": granted["access_token"], "token": granted["access_token"]}
    assert (await (await world.client()).get("/events", params=query)).status_code == 401
