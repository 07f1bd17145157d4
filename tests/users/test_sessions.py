"""How browsers sign in: one cookie, and a token that other sites cannot have."""

import pytest

from sightline.core.config import Settings
from sightline.main import create_app
from tests.users.signing import SECRET, in_browser, named, register
from tests.world import World

RAE = {"email": "rae@example.org", "password": SECRET}
ISSUE = {"title": "Something is wrong"}


async def test_on_loopback_the_cookie_is_host_bound_and_out_of_reach_of_scripts(world: World) -> None:
    await register(world, "Rae")
    browser = await in_browser(world, "rae@example.org")
    for name in ("__Host-sightline", "sightline-device"):
        cookie = named(browser.cookies, name)
        assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (
            "True",
            "True",
            "lax",
            "/",
        )
        assert "domain" not in cookie
        assert len(cookie["value"]) >= 43
    assert browser.session["is_cookie_secure"] is True
    assert (await browser.client.get("/auth/session")).json()["user"]["email"] == "rae@example.org"


async def test_on_plain_http_elsewhere_the_cookie_is_plain_and_said_to_be(world: World) -> None:
    await register(world, "Rae")
    elsewhere = World(world.app, "http://tracker.office.local")
    async with elsewhere.stack:
        signed_in = await (await elsewhere.client()).post("/auth/session", json=RAE)
    cookies = signed_in.headers.get_list("set-cookie")
    assert "secure" not in named(cookies, "sightline")
    assert not any(one.startswith("__Host-") for one in cookies)
    assert signed_in.json()["is_cookie_secure"] is False


async def test_behind_a_public_https_address_the_cookie_is_host_bound_and_only_its_names_are_answered(
    settings: Settings,
) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://tracker.example.org"}))
    async with app.router.lifespan_context(app):
        world = World(app, "http://tracker.example.org")
        async with world.stack:
            client = await world.client()
            await client.post("/auth/register", json=RAE | {"name": "Rae"})
            own = {"Origin": "https://tracker.example.org"}
            signed_in = await client.post("/auth/session", json=RAE, headers=own)
            assert named(signed_in.headers.get_list("set-cookie"), "__Host-sightline")["secure"]
            assert signed_in.headers["strict-transport-security"].startswith("max-age=")
            foreign = await client.get("/setup", headers={"Host": "evil.example.com"})
            assert (foreign.status_code, foreign.json()["code"]) == (400, "bad_host")


async def test_a_write_with_the_cookie_needs_the_token_of_its_own_session(world: World) -> None:
    await register(world, "Rae")
    one, other = await in_browser(world, "rae@example.org"), await in_browser(world, "rae@example.org")
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "é"}, other.csrf):
        refused = await one.client.post(
            "/issues", json=ISSUE, headers={k.encode(): v.encode("latin-1") for k, v in headers.items()}
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf"), headers
    assert (await one.client.get("/issues")).json()["items"] == []
    assert (await one.client.post("/issues", json=ISSUE, headers=one.csrf)).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example.com"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_another_site_can_neither_write_with_the_cookie_nor_sign_somebody_in(
    world: World, headers: dict[str, str]
) -> None:
    await register(world, "Rae")
    browser = await in_browser(world, "rae@example.org")
    for path, body in (("/issues", ISSUE), ("/auth/session", RAE)):
        refused = await browser.client.post(path, json=body, headers=headers | browser.csrf)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    ended = await browser.client.delete("/auth/session", headers=headers | browser.csrf)
    assert ended.status_code == 403
    assert (await browser.client.get("/me")).status_code == 200


async def test_forms_that_other_sites_can_send_are_not_read(world: World) -> None:
    await register(world, "Rae")
    browser = await in_browser(world, "rae@example.org")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        headers = browser.csrf | {"Content-Type": kind}
        refused = await browser.client.post("/issues", content=b'{"title": "x"}', headers=headers)
        assert refused.status_code == 415, kind


async def test_signing_out_ends_the_cookie_on_the_server(world: World) -> None:
    await register(world, "Rae")
    browser = await in_browser(world, "rae@example.org")
    assert (await browser.client.delete("/auth/session", headers=browser.csrf)).status_code == 204
    for path in ("/me", "/auth/session", "/issues"):
        assert (await browser.client.get(path)).status_code == 401


async def test_a_made_up_cookie_is_nobody(world: World) -> None:
    client = await world.client()
    for cookie in ("__Host-sightline=guess", "sightline=' OR 1=1 --", "sightline=" + "x" * 4000):
        assert (await client.get("/me", headers={"Cookie": cookie})).status_code == 401


async def test_people_see_and_end_their_own_sign_ins_alone(world: World) -> None:
    await register(world, "Rae")
    await register(world, "Rob")
    rob = await in_browser(world, "rob@example.org")
    here, there = await in_browser(world, "rae@example.org"), await in_browser(world, "rae@example.org")
    listed = (await here.client.get("/me/sessions")).json()["items"]
    assert [one["is_current"] for one in listed] == [False, True]
    assert {one["carrier"] for one in listed} == {"browser"}
    robs = (await rob.client.get("/me/sessions")).json()["items"][0]["id"]
    missing = await here.client.delete("/me/sessions/999999", headers=here.csrf)
    hidden = await here.client.delete(f"/me/sessions/{robs}", headers=here.csrf)
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert {**missing.json(), "request_id": 0} == {**hidden.json(), "request_id": 0}
    assert (await here.client.delete(f"/me/sessions/{listed[0]['id']}", headers=here.csrf)).status_code == 204
    assert (await there.client.get("/me")).status_code == 401
    assert (await rob.client.get("/me")).status_code == 200
