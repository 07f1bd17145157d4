"""An application in this process that synchronous tests can send requests to, one at a time or two at once."""

import asyncio
from typing import Any

import httpx2 as httpx

from sightline.core.actor import Role
from sightline.core.config import Settings
from sightline.main import create_app
from tests.world import Person, World

PEOPLE = {"mia": Role.maintainer, "max": Role.maintainer, "ada": Role.admin, "rae": Role.reporter}


class Stage:
    """One running application and its people; the machine's examples use it one after the other."""

    def __init__(self, chosen: Settings) -> None:
        self.runner = asyncio.Runner()
        app = create_app(chosen)
        self.world = World(app)
        self._lifespan = app.router.lifespan_context(app)
        self.people: dict[str, Person] = self.runner.run(self._open())

    async def _open(self) -> dict[str, Person]:
        await self._lifespan.__aenter__()
        people = {name: await self.world.person(name.title(), role) for name, role in PEOPLE.items()}
        await people["ada"].post("/projects", json={"key": "SIDE", "name": "Side"})
        return people

    def close(self) -> None:
        self.runner.run(self.world.stack.aclose())
        self.runner.run(self._lifespan.__aexit__(None, None, None))
        self.runner.close()

    def send(self, name: str, method: str, path: str, **more: Any) -> httpx.Response:
        return self.runner.run(self.people[name].client.request(method, path, **more))

    def send_both(self, first: tuple[Any, ...], second: tuple[Any, ...]) -> list[httpx.Response]:
        async def together() -> list[httpx.Response]:
            sent = [self.people[name].client.patch(path, json=body) for name, path, body in (first, second)]
            return list(await asyncio.gather(*sent))

        return self.runner.run(together())
