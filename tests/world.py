"""A running Sightline for a test: the application with its readers and worker, people in it, and clients for them."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import structlog
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI

from sightline.core import clock
from sightline.core.actor import SYSTEM, Role
from sightline.core.config import Settings
from sightline.core.db import Database, WriteSession
from sightline.events.log import record
from sightline.house import READERS, House, guarded
from sightline.main import create_app, furnish
from sightline.readers import runner
from sightline.users import credentials, passwords
from sightline.users.changes import Registered
from sightline.users.models import SessionKind, User

API = "/api/v1"
PASSWORD = "a made-up sentence for tests"
SAMPLES = Path(__file__).parent / "extractors" / "samples"

REAL_HASHER = passwords.hasher

for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)

# The default draws a stack with every variable in it, which takes seconds and stops the loop meanwhile.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


class World:
    """The application of one test. People sign in without a password here: hashing is slow, and tested by itself."""

    def __init__(self, app: FastAPI, base_url: str = "http://127.0.0.1") -> None:
        self.app, self.base_url = app, base_url
        self.house: House = app.state.house
        self.stack = contextlib.AsyncExitStack()
        self.files = self.house.settings.sightline_data / "files"

    async def client(self, token: str | None = None) -> httpx.AsyncClient:
        """Open a client, anonymous or with a bearer token; paths are relative to the API."""
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 50_000))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = httpx.AsyncClient(transport=transport, base_url=self.base_url + API, headers=headers, timeout=30)
        return await self.stack.enter_async_context(client)

    async def person(self, name: str, role: Role = Role.reporter) -> "Person":
        """Make an account and a signed-in client for it."""
        async with self.house.database.writing() as session:
            user = User(password_hash=None)
            address = f"{name.lower()}@example.org"
            await record(session, SYSTEM, user, Registered(email=address, name=name, role=role))
            token = await self._token(session, user)
        return Person(self, user, await self.client(token))

    async def sign_in(self, user: User) -> httpx.AsyncClient:
        """Open another session of somebody."""
        async with self.house.database.writing() as session:
            token = await self._token(session, user)
        return await self.client(token)

    async def _token(self, session: WriteSession, user: User) -> str:
        lifetimes = self.app.state.lifetimes
        client = credentials.Client("tests")
        opened = await credentials.open_session(session, lifetimes, user, client, SessionKind.program)
        return credentials.access_token(lifetimes, opened)

    async def settle(self) -> None:
        """Wait until every reader has handled every event."""
        async with asyncio.timeout(30):
            while await self._lag():  # noqa: ASYNC110 - the database is what is waited for
                await asyncio.sleep(0.02)

    async def _lag(self) -> int:
        for reader in READERS:
            await runner.run_once(self.house.database, reader)
        async with self.house.database.reading() as session:
            return sum([await runner.lag(session, reader.name) for reader in READERS])

    async def extracted(self, client: httpx.AsyncClient, attachment_id: int) -> dict[str, Any]:
        """Wait until a file is read, and return it."""
        async with asyncio.timeout(30):
            while True:
                found: dict[str, Any] = (await client.get(f"/attachments/{attachment_id}")).json()
                if found["extraction"]["status"] not in {"queued", "running"}:
                    return found
                await asyncio.sleep(0.05)


class Person:
    """Somebody with a client; `get`, `post`, … are those of the client."""

    def __init__(self, world: World, user: User, client: httpx.AsyncClient) -> None:
        self.world, self.user, self.client = world, user, client
        self.id, self.name = user.id, user.name

    def __getattr__(self, verb: str) -> Any:
        return getattr(self.client, verb)

    async def file(self, **wish: Any) -> dict[str, Any]:
        """File an issue and return it."""
        answer = await self.client.post("/issues", json={"title": "Something is wrong"} | wish)
        assert answer.status_code == 201, answer.text
        issue: dict[str, Any] = answer.json()
        return issue

    async def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Upload one staged file and return it."""
        answer = await self.client.post("/attachments", files={"file": (name, content)})
        assert answer.status_code == 201, answer.text
        stored: dict[str, Any] = answer.json()[0]
        return stored

    async def edit(self, issue: dict[str, Any], **wish: Any) -> httpx.Response:
        """Edit an issue, naming the version it is shown with."""
        answer: httpx.Response = await self.client.patch(
            f"/issues/{issue['id']}", json={"version": issue["version"]} | wish
        )
        return answer


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> Iterator[None]:
    """Make passwords of this process cheap to hash; servers that tests start hash as they always do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def real_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one test hash passwords as servers do."""
    monkeypatch.setattr(passwords, "hasher", REAL_HASHER)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give settings for one test: its own database and folder."""
    return Settings(database_url=database_url, sightline_data=tmp_path)


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Build the application once: its routes cost more than most tests, and know nothing of the house they work on."""
    return create_app(Settings(sightline_data=tmp_path_factory.mktemp("routes")))


@pytest.fixture(scope="session")
async def databases() -> AsyncIterator[dict[str, Database]]:
    """Keep, by address, engines with the statements they know, and what is connected: both cost more than a test."""
    known: dict[str, Database] = {}
    yield known
    for database in known.values():
        await database.close()


@pytest.fixture
async def world(routes: FastAPI, settings: Settings, databases: dict[str, Database]) -> AsyncIterator[World]:
    """Give a running application with its own database, on SQLite and on PostgreSQL."""
    database = databases.get(settings.database_url) or guarded(settings)
    databases[settings.database_url] = database
    house = House(settings, database)
    # The regular jobs would cost more than most tests; tests/core/test_jobs.py sees them done.
    house.worker.schedules = ()
    furnish(routes, house)
    async with routes.router.lifespan_context(routes):
        made = World(routes)
        async with made.stack:
            yield made
    if database.is_sqlite:
        # The next test has another file there.
        await database.close()
    clock.reset()


@pytest.fixture
async def admin(world: World) -> Person:
    return await world.person("Ada", Role.admin)


@pytest.fixture
async def maintainer(world: World) -> Person:
    return await world.person("Mia", Role.maintainer)


@pytest.fixture
async def reporter(world: World) -> Person:
    return await world.person("Rae", Role.reporter)


@pytest.fixture
async def stranger(world: World) -> Person:
    """Give another reporter, who must not see what `reporter` does."""
    return await world.person("Rob", Role.reporter)


@contextlib.asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application whose lifespan runs already on a free loopback port, and give its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        app.state.stopping.set()
        server.should_exit = True
        await task


def ids(items: Sequence[dict[str, Any]]) -> list[int]:
    """Return the ids of listed things, in order."""
    return [item["id"] for item in items]
