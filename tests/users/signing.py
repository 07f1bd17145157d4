"""Signing in the ways programs and browsers do, with real passwords."""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import httpx2 as httpx

from sightline.core.actor import Role
from tests.world import World

SECRET = "nine lamps over the long quay"


async def register(world: World, name: str, role: Role = Role.reporter) -> dict[str, Any]:
    """Register somebody with a real password; other roles are given by setting the server up or by its admin."""
    anyone = await world.client()
    wish = {"email": f"{name.lower()}@example.org", "name": name, "password": SECRET}
    answer = await anyone.post("/setup" if role is Role.admin else "/auth/register", json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def by_password(client: httpx.AsyncClient, email: str, password: str = SECRET) -> httpx.Response:
    """Ask for tokens with a password."""
    form = {"grant_type": "password", "username": email, "password": password}
    return await client.post("/auth/token", data=form)


async def by_refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Ask for tokens with a refresh token."""
    return await client.post("/auth/token", data={"grant_type": "refresh_token", "refresh_token": token})


async def whoami(world: World, token: str) -> httpx.Response:
    """Ask who a bearer token belongs to."""
    return await (await world.client(token)).get("/me")


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser after signing in: a client that sends its cookies, and what it was told."""

    client: httpx.AsyncClient
    session: dict[str, Any]
    cookies: list[str]

    @property
    def csrf(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.session["csrf_token"]}


async def in_browser(world: World, email: str, *, device: str = "", password: str = SECRET) -> Browser:
    """Sign a browser in; `device` is the cookie it kept from an earlier time."""
    client = await world.client()
    headers = {"Cookie": device} if device else {}
    answer = await client.post("/auth/session", json={"email": email, "password": password}, headers=headers)
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    cookies = answer.headers.get_list("set-cookie")
    client.headers["Cookie"] = "; ".join(one.split(";")[0] for one in cookies)
    return Browser(client, answer.json(), cookies)


def named(cookies: list[str], name: str) -> dict[str, str]:
    """Return the attributes of one cookie that was set, by their names in lower case."""
    jar: SimpleCookie = SimpleCookie()
    for one in cookies:
        jar.load(one)
    kept = {key: str(value) for key, value in jar[name].items() if value}
    return kept | {"value": jar[name].value}
