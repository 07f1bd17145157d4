"""A Sightline that stands still, the callers of the table, and a real object and a right request for every row."""

import asyncio
import base64
import contextlib
import hashlib
import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import httpx2 as httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Table

from sightline import models
from sightline.core.actor import SYSTEM, Role
from sightline.core.config import Settings
from sightline.events.log import record
from sightline.house import House
from sightline.main import furnish
from sightline.users import credentials, passwords
from sightline.users.changes import ActivityChanged
from sightline.users.models import SessionKind, User
from tests.access.table import Row
from tests.world import PASSWORD, Person, World

AFAR: Final = ("203.0.113.7", 50_000)
HOST: Final = "http://sightline.example"
SECRET_TITLE: Final = "Nobody else may read this"
PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ENDING: Final = {("POST", "/api/v1/auth/logout"), ("DELETE", "/api/v1/auth/session")}
# Positions are given out by whoever reads next, also after a call that was refused.
MOVING: Final = {"events": {"position"}, "event_log": {"last_position"}}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    url: str
    more: dict[str, Any] = field(default_factory=dict)


class Scene:
    """Rae owns things, Rob is the other reporter; nothing runs by itself but the live feed."""

    def __init__(self, world: World) -> None:
        self.world, self.app = world, world.app
        self.numbers = itertools.count(1)
        self.people: dict[str, Person] = {}
        self.clients: dict[str, httpx.AsyncClient] = {}

    async def enter(self) -> None:
        """Bring everybody in."""
        roles = {"own": Role.reporter, "other": Role.reporter, "maintainer": Role.maintainer, "admin": Role.admin}
        for caller, role in roles.items():
            self.people[caller] = await self.world.person(caller.title(), role)
        dan = self.people["disabled"] = await self.world.person("Dan", Role.admin)
        async with self.world.house.database.writing() as session:
            user = await session.get_one(User, dan.id)
            await record(session, SYSTEM, user, ActivityChanged(before=True, after=False))
            user = await session.get_one(User, self.people["own"].id)
            user.password_hash = await passwords.hashed(SecretStr(PASSWORD))
        made = await self.people["admin"].post("/me/tokens", json={"name": "reads", "scopes": ["read"]})
        self.clients = {caller: await self.client(**_bearer(person)) for caller, person in self.people.items()}
        self.clients["anon"] = await self.client()
        self.clients["expired"] = await self.client(Authorization=f"Bearer {await self._expired()}")
        self.clients["read_only"] = await self.client(Authorization=f"Bearer {made.json()['token']}")

    async def client(self, **headers: str) -> httpx.AsyncClient:
        """Open a client on another machine."""
        transport = httpx.ASGITransport(app=self.app, client=AFAR, raise_app_exceptions=False)
        return await self.world.stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers, timeout=30)
        )

    async def _expired(self) -> str:
        life = replace(self.app.state.lifetimes, access=timedelta(minutes=-1))
        return credentials.access_token(life, await self.opened("admin"))

    async def opened(self, caller: str, carrier: SessionKind = SessionKind.program) -> credentials.Opened:
        """Open a new session of somebody."""
        async with self.world.house.database.writing() as session:
            user = await session.get_one(User, self.people[caller].id)
            return await credentials.open_session(
                session, self.app.state.lifetimes, user, credentials.Client("tests"), carrier
            )

    async def client_for(self, caller: str, row: Row) -> httpx.AsyncClient:
        """Return the client of a caller, a spare one when the request ends its session."""
        is_ended = (row.method, row.path) in ENDING and row.answers[caller] == 204
        return await self.client(**_bearer_of(await self._fresh(caller))) if is_ended else self.clients[caller]

    async def _fresh(self, caller: str) -> str:
        return credentials.access_token(self.app.state.lifetimes, await self.opened(caller))

    async def send(self, client: httpx.AsyncClient, ask: Ask) -> httpx.Response:
        """Send a request; the feed is closed after a moment, or its answer would never end."""
        ending = None
        if ask.url.startswith("/api/v1/events"):
            ending = asyncio.get_running_loop().call_later(0.3, self.app.state.tail.end_all)
        answer = await client.request(ask.method, ask.url, **ask.more)
        if ending:
            ending.cancel()
        client.cookies.clear()
        return answer

    async def ask(self, row: Row) -> Ask:
        """Return a request of this row that would succeed for who may do it, on something new of Rae's."""
        number = next(self.numbers)
        found: Ask = await getattr(self, f"_{_name(row)}", self._plain)(row, number)
        return found

    async def missing(self, row: Row) -> list[Ask]:
        """Return requests of this row for things that never were."""
        ask = await self.ask(row)
        nothing = {"{issue_ref}": ("999999", "INBOX-999999", "NOPE-1"), "{key}": ("NOPE",), "{name}": ("x",)}
        found = re.search(r"\{\w+\}", row.path)
        values = nothing.get(found[0], ("999999",)) if found else ()
        return [replace(ask, url=row.path.replace(found[0] if found else "", value)) for value in values]

    async def _plain(self, row: Row, _number: int) -> Ask:
        return Ask(row.method, row.path.replace("{name}", "swagger-ui.css"), _body_of(row))

    async def _setup(self, row: Row, number: int) -> Ask:
        return Ask(row.method, row.path, {"json": self._account(number)} if row.method == "POST" else {})

    async def _register(self, row: Row, number: int) -> Ask:
        return Ask(row.method, row.path, {"json": self._account(number)})

    def _account(self, number: int) -> dict[str, Any]:
        return {"email": f"new{number}@example.net", "name": "New", "password": PASSWORD}

    async def _token(self, row: Row, _number: int) -> Ask:
        secret = (await self.opened("own")).secret
        return Ask(row.method, row.path, {"data": {"grant_type": "refresh_token", "refresh_token": secret}})

    async def _session(self, row: Row, _number: int) -> Ask:
        wish = {"email": "own@example.org", "password": PASSWORD}
        return Ask(row.method, row.path, {"json": wish} if row.method == "POST" else {})

    async def _sessions_id(self, row: Row, _number: int) -> Ask:
        return _at(row, (await self.opened("own")).session.id)

    async def _tokens_id(self, row: Row, number: int) -> Ask:
        made = await self.people["own"].post("/me/tokens", json={"name": f"token {number}"})
        return _at(row, made.json()["id"])

    async def _users(self, row: Row, number: int) -> Ask:
        wish = {"email": f"new{number}@example.net", "name": "New"}
        return Ask(row.method, row.path, {"json": wish} if row.method == "POST" else {})

    async def _users_id(self, row: Row, number: int) -> Ask:
        if row.method == "GET":
            return _at(row, self.people["own"].id)
        return _at(row, (await self.world.person(f"Vic{number}")).id)

    async def _projects(self, row: Row, number: int) -> Ask:
        wish = {"key": f"P{number}", "name": "New"}
        return Ask(row.method, row.path, {"json": wish} if row.method == "POST" else {})

    async def _projects_key(self, row: Row, number: int) -> Ask:
        await self.people["admin"].post("/projects", json={"key": f"Q{number}", "name": "Old"})
        return _at(row, f"Q{number}")

    async def _labels(self, row: Row, number: int) -> Ask:
        if "{" in row.path:
            return await self._issues_ref(row, number)
        return Ask(row.method, row.path, {"json": {"name": f"label {number}"}} if row.method == "POST" else {})

    async def _issues_ref(self, row: Row, _number: int) -> Ask:
        return _at(row, (await self.people["own"].file(title=SECRET_TITLE))["id"])

    _events_of = _attachments_of = _facts_of = _issues_ref

    async def _receipt(self, row: Row, _number: int) -> Ask:
        return _at(row, (await self._handed_in())["key"])

    async def _project(self, row: Row, _number: int) -> Ask:
        await self.people["admin"].patch("/projects/INBOX", json={"submissions": True})
        return _at(row, "INBOX")

    async def _token_of(self, row: Row, _number: int) -> Ask:
        return _at(row, (await self._handed_in())["token"])

    async def _handed_in(self) -> dict[str, str]:
        await self.people["admin"].patch("/projects/INBOX", json={"submissions": True})
        text = (None, SECRET_TITLE.encode())
        made: dict[str, str] = (await self.clients["anon"].post("/api/v1/submit/INBOX", files={"text": text})).json()
        return made

    async def _restore(self, row: Row, number: int) -> Ask:
        ask = await self._issues_ref(row, number)
        await self.people["admin"].delete(ask.url.removeprefix("/api/v1").removesuffix("/restore"))
        return ask

    async def _attachments_id(self, row: Row, _number: int) -> Ask:
        issue = await self.people["own"].file(title=SECRET_TITLE)
        # Nothing is read here, and a picture that nobody looked at is not handed out.
        is_shown = row.path.endswith("/preview")
        file = (f"{SECRET_TITLE}.png", PNG) if is_shown else (f"{SECRET_TITLE}.txt", SECRET_TITLE.encode())
        files = {"file": file}
        stored = await self.people["own"].post(f"/issues/{issue['id']}/attachments", files=files)
        return _at(row, stored.json()[0]["id"])

    async def _suggestions(self, row: Row, _number: int) -> Ask:
        staged = await self.people["own"].upload("a.txt", b"words")
        return Ask(row.method, f"{row.path}?attachment_id={staged['id']}")

    async def _facts_id(self, row: Row, number: int) -> Ask:
        issue = await self.people["own"].file(title=SECRET_TITLE)
        wish = {"name": f"secret.n{number}", "type": "text", "value": SECRET_TITLE}
        stated = await self.people["own"].post(f"/issues/{issue['id']}/facts", json=wish)
        return _at(row, stated.json()["id"])

    async def checksum(self) -> str:
        """Return a checksum over every row of every table."""
        async with self.world.house.database.reader.connect() as connection:
            rows = await connection.exec_driver_sql(EVERYTHING)
            return hashlib.sha256("\n".join(rows.scalars()).encode()).hexdigest()


def _written(table: Table) -> str:
    kept = [column.name for column in table.columns if column.key not in MOVING.get(table.name, set())]
    values = " || '|' || ".join(f"coalesce(cast(\"{name}\" as text), '-')" for name in kept)
    return f"SELECT '{table.name}|' || {values} FROM {table.name}"


# One statement, for it is asked after every call.
EVERYTHING: Final = " UNION ALL ".join(map(_written, models.metadata.sorted_tables)) + " ORDER BY 1"


BODIES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("PATCH", "/api/v1/me"): {"json": {"name": "Renamed"}},
    ("POST", "/api/v1/me/tokens"): {"json": {"name": "a token"}},
    ("PATCH", "/api/v1/users/{id}"): {"json": {"name": "Renamed"}},
    ("PATCH", "/api/v1/projects/{key}"): {"json": {"name": "Renamed"}},
    ("PUT", "/api/v1/projects/{key}/rules"): {"json": {"rules": ["kind:crash"]}},
    ("POST", "/api/v1/issues"): {"json": {"title": "A new one", "severity": "high"}},
    ("PATCH", "/api/v1/issues/{issue_ref}"): {"json": {"title": "Renamed", "version": 1}},
    ("PUT", "/api/v1/issues/{issue_ref}/labels"): {"json": {"label_names": ["ui"]}},
    ("POST", "/api/v1/issues/{issue_ref}/attachments"): {"files": {"file": ("a.txt", b"words")}},
    ("POST", "/api/v1/issues/{issue_ref}/comments"): {"json": {"body": SECRET_TITLE, "internal": False}},
    ("POST", "/api/v1/submit/{project}"): {"files": {"file": ("a.txt", b"words")}},
    ("POST", "/api/v1/receipts/{token}/replies"): {"json": {"body": "words"}},
    ("POST", "/api/v1/receipts/{token}/attachments"): {"files": {"file": ("a.txt", b"words")}},
    ("POST", "/api/v1/issues/{issue_ref}/occurrences"): {"json": {"attachment_ids": []}},
    ("POST", "/api/v1/issues/{issue_ref}/facts"): {"json": {"name": "a.fact", "type": "number", "value": 1}},
    ("POST", "/api/v1/attachments"): {"files": {"file": ("a.txt", b"words")}},
    ("PATCH", "/api/v1/facts/{id}"): {"json": {"value": "other"}},
}


def _body_of(row: Row) -> dict[str, Any]:
    return BODIES.get((row.method, row.path), {})


def _at(row: Row, value: object) -> Ask:
    return Ask(row.method, re.sub(r"\{\w+\}", str(value), row.path), _body_of(row))


def _name(row: Row) -> str:
    """Name what a row is about: `issues_ref`, `attachments_id`, `restore`, …"""
    parts = [part for part in row.path.split("/") if part][2:]
    if row.path.endswith(("/restore", "/receipt")):
        return parts[-1]
    for holder, name in (
        ("{issue_ref}", "issues_ref"),
        ("{key}", "projects_key"),
        ("{project}", "project"),
        ("{token}", "token_of"),
    ):
        if holder in parts:
            return name
    if "{id}" in parts:
        return f"{parts[parts.index('{id}') - 1]}_id"
    return parts[-1] if parts else "plain"


def _bearer(person: Person) -> dict[str, str]:
    return {"Authorization": person.client.headers["Authorization"]}


def _bearer_of(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@contextlib.asynccontextmanager
async def standing(app: FastAPI, settings: Settings) -> AsyncIterator[Scene]:
    """Open a Sightline in which only the live feed runs by itself, with everybody in it."""
    furnish(app, House(settings))
    world = World(app)
    async with app.state.house.open(), world.stack:
        following = asyncio.create_task(app.state.tail.run())
        scene = Scene(world)
        await scene.enter()
        yield scene
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
