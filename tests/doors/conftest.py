"""An open door and people who come through it without an account."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from sightline.core.config import Settings
from tests.world import Person, World


class Outsider:
    """Somebody without an account, at one network address."""

    def __init__(self, world: World, client: httpx.AsyncClient) -> None:
        self.world, self.client = world, client

    async def submit(self, *files: tuple[str, bytes], project: str = "INBOX", **words: str) -> dict[str, Any]:
        """Hand something in and return the answer."""
        answer = await self.try_to_submit(*files, project=project, **words)
        assert answer.status_code == 201, answer.text
        submitted: dict[str, Any] = answer.json()
        return submitted

    async def try_to_submit(self, *files: tuple[str, bytes], project: str = "INBOX", **words: str) -> httpx.Response:
        """Hand something in and return whatever is answered."""
        parts = [("file", file) for file in files] + [(name, (None, text.encode())) for name, text in words.items()]
        return await self.client.post(f"/submit/{project}", files=parts)

    async def receipt(self, token: str) -> dict[str, Any]:
        """Return the receipt behind a token."""
        answer = await self.client.get(f"/receipts/{token}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def reply(self, token: str, body: str) -> httpx.Response:
        """Reply by a receipt."""
        return await self.client.post(f"/receipts/{token}/replies", json={"body": body})

    async def add(self, token: str, *files: tuple[str, bytes]) -> httpx.Response:
        """Add files by a receipt."""
        return await self.client.post(f"/receipts/{token}/attachments", files=[("file", file) for file in files])


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Let an upload have one megabyte, an issue hold two, and all without an account send three in a day."""
    return Settings(
        database_url=database_url, sightline_data=tmp_path, max_upload_mb=1, max_issue_mb=2, max_user_mb_per_day=3
    )


@pytest.fixture
async def outsider(world: World, maintainer: Person) -> Outsider:
    """Open the door of INBOX, and give somebody who stands before it."""
    opened = await maintainer.patch("/projects/INBOX", json={"submissions": True})
    assert (opened.status_code, opened.json()["submissions"]) == (200, True)
    return await at(world, "198.51.100.7")


async def at(world: World, address: str) -> Outsider:
    """Return somebody at a network address."""
    transport = httpx.ASGITransport(app=world.app, client=(address, 50_000))
    client = httpx.AsyncClient(transport=transport, base_url=f"{world.base_url}/api/v1", timeout=30)
    return Outsider(world, await world.stack.enter_async_context(client))


@pytest.fixture
def stored(world: World) -> Callable[[], list[Path]]:
    """Give a look at the files that lie in the store."""
    return lambda: [path for path in world.files.rglob("*") if path.is_file()]
