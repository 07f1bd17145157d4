"""`sightline files`: whether the bytes are what they were, and moving them to another store."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from typing import Any

import typer
from pydantic import ValidationError

from sightline.attachments import inventory
from sightline.attachments.inventory import Finding, Item
from sightline.attachments.storage import Storage
from sightline.attachments.stores import open_store
from sightline.core.config import Settings, load_settings
from sightline.core.errors import Problem
from sightline.core.refusal import Refusal
from sightline.house import House

EVERY = 1000


@dataclass
class Tally:
    """What was found so far."""

    seen: int = 0
    wrong: list[Item] = field(default_factory=list)

    def add(self, item: Item, finding: Finding) -> None:
        """Count one, and say what is wrong with it."""
        self.seen += 1
        if finding not in {Finding.good, Finding.copied}:
            self.wrong.append(item)
            typer.echo(f"{finding}: {item.described}")
        if self.seen % EVERY == 0:
            typer.echo(f"{self.seen} looked at …", err=True)


def check() -> None:
    """Read every stored file and compare it with its SHA-256; exit code 1 when one is missing or changed."""
    tally = Tally()
    strangers = _run(_check(House(load_settings()), tally))
    typer.echo(f"{tally.seen} files: {tally.seen - len(tally.wrong)} good, {len(tally.wrong)} missing or changed.")
    if strangers:
        typer.echo(f"{strangers} objects in the store belong to no file; what Sightline left there goes after a day.")
    if tally.wrong:
        raise typer.Exit(1)


def move(to: str) -> None:
    """Copy every stored file to another store and verify it there; nothing is removed from the old one.

    Raises:
        Refusal: the new store cannot be opened.
    """
    settings = load_settings()
    try:
        wanted = Settings.model_validate(settings.model_dump() | {"storage_url": to})
    except ValidationError:
        raise Refusal(f"--to must be {Settings.model_fields['storage_url'].description}.") from None
    tally = Tally()
    _run(_move(House(settings), Storage(open_store(wanted.storage_url, settings)), tally))
    typer.echo(f"{tally.seen} files: {tally.seen - len(tally.wrong)} are in the new store, {len(tally.wrong)} are not.")
    if tally.wrong:
        raise typer.Exit(1)
    typer.echo(f"Now set STORAGE_URL={to} and start Sightline again; the old store still has its copy.")


def _run(work: Coroutine[Any, Any, int]) -> int:
    try:
        return asyncio.run(work)
    except Problem as error:
        raise Refusal(error.detail) from None


async def _check(house: House, tally: Tally) -> int:
    async with house.open():
        await _all(inventory.check(house.database, house.storage), tally)
        return await inventory.strangers(house.database, house.storage)


async def _move(house: House, target: Storage, tally: Tally) -> int:
    async with house.open():
        await _all(inventory.copy(house.database, house.storage, target), tally)
        return 0


async def _all(findings: AsyncIterator[tuple[Item, Finding]], tally: Tally) -> None:
    async for item, finding in findings:
        tally.add(item, finding)
