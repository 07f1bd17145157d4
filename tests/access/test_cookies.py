"""What a cookie may do: only what our own pages ask for; and what needs a fresh sign-in."""

from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest

from sightline.core import clock
from sightline.users.authentication import PLAIN_COOKIE, csrf_token
from sightline.users.models import SessionKind
from tests.access.scene import HOST, Scene
from tests.access.table import TABLE

WRITES = [row for row in TABLE if row.method not in {"GET", "HEAD", "WS"}]
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": f"{HOST}.evil.example"},
    {"Origin": "http://evil.example/sightline.example"},
    {"Origin": "https://evilsightline.example"},
    {"Sec-Fetch-Site": "cross-site"},
]
STEPPED_UP = [("POST", "/api/v1/users"), ("PATCH", "/api/v1/users/{id}"), ("DELETE", "/api/v1/users/{id}")]


async def _browser(scene: Scene, caller: str) -> tuple[httpx.AsyncClient, str]:
    """Return a client whose every request carries a session cookie, and its CSRF token."""
    opened = await scene.opened(caller, SessionKind.browser)
    client = await scene.client(Cookie=f"{PLAIN_COOKIE}={opened.secret}")
    return client, csrf_token(scene.app.state.lifetimes, opened.session.id)


@pytest.mark.parametrize("caller", ["own", "admin"])
async def test_a_cookie_alone_writes_nothing(scene: Scene, caller: str) -> None:
    client, token = await _browser(scene, caller)
    assert (await client.get("/api/v1/me")).status_code == 200
    accepted = []
    for row in WRITES:
        ask = await scene.ask(row)
        before = await scene.checksum()
        tries: list[Any] = [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": token[:-1]}, {"X-CSRF-Token": "é".encode()}]
        for headers in tries:
            answer = await client.request(ask.method, ask.url, headers=headers, **ask.more)
            if (answer.status_code, answer.json()["code"]) != (403, "csrf"):
                accepted.append((row.method, row.path, headers, answer.status_code))
        assert await scene.checksum() == before, row
    assert accepted == []


@pytest.mark.parametrize("caller", ["anon", "own"])
async def test_no_write_from_another_site_is_taken(scene: Scene, caller: str) -> None:
    client, token = (scene.clients["anon"], "") if caller == "anon" else await _browser(scene, caller)
    accepted = []
    for row in (row for row in WRITES if caller != "anon" or row.is_public):
        ask = await scene.ask(row)
        before = await scene.checksum()
        for headers in FOREIGN:
            answer = await client.request(ask.method, ask.url, headers=headers | {"X-CSRF-Token": token}, **ask.more)
            if (answer.status_code, answer.json()["code"]) != (403, "cross_site"):
                accepted.append((row.method, row.path, headers, answer.status_code))
        assert await scene.checksum() == before, row
    assert accepted == []


async def test_our_own_pages_write_with_cookie_and_token(scene: Scene) -> None:
    client, token = await _browser(scene, "own")
    kept = {"X-CSRF-Token": token, "Origin": HOST, "Sec-Fetch-Site": "same-origin"}
    answer = await client.patch("/api/v1/me", json={"name": "By the pages"}, headers=kept)
    assert (answer.status_code, answer.json()["name"]) == (200, "By the pages")
    another, foreign_token = await _browser(scene, "own")
    assert (await another.patch("/api/v1/me", json={"name": "x"}, headers=kept)).status_code == 403
    assert (await client.get("/api/v1/auth/session")).json()["csrf_token"] == token != foreign_token


async def test_a_body_that_a_form_of_another_site_could_send_is_not_read_as_json(scene: Scene) -> None:
    taken = []
    for row in WRITES:
        ask = await scene.ask(row)
        if "json" in ask.more:
            for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
                answer = await scene.clients["admin"].request(
                    ask.method, ask.url, content=b'{"name": "x", "title": "x"}', headers={"Content-Type": kind}
                )
                if answer.status_code not in {404, 415}:
                    taken.append((row.method, row.path, kind, answer.status_code))
    assert taken == []


async def test_people_are_administered_after_a_fresh_sign_in_only(scene: Scene) -> None:
    client, token = await _browser(scene, "admin")
    for minutes, expected in ((9, {200, 201, 204}), (2, {403})):
        clock.turn(timedelta(minutes=minutes))
        for row in (row for row in TABLE if (row.method, row.path) in STEPPED_UP):
            ask = await scene.ask(row)
            before = await scene.checksum()
            answer = await client.request(ask.method, ask.url, headers={"X-CSRF-Token": token}, **ask.more)
            assert answer.status_code in expected, (row, answer.text)
            if expected == {403}:
                assert answer.json()["code"] == "step_up_required"
                assert await scene.checksum() == before


async def test_a_personal_token_administers_nobody(scene: Scene) -> None:
    made = await scene.people["admin"].post("/me/tokens", json={"name": "all", "scopes": ["read", "write"]})
    client = await scene.client(Authorization=f"Bearer {made.json()['token']}")
    for row in (row for row in TABLE if (row.method, row.path) in STEPPED_UP):
        answer = await scene.send(client, await scene.ask(row))
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
