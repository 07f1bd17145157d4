"""`demo`: the story told by a made-up team, over three weeks that are gone."""

import asyncio
import secrets
from datetime import timedelta

import typer
from pydantic import SecretStr

from sightline.core import clock
from sightline.core.actor import SYSTEM, Actor, Role
from sightline.core.config import load_settings
from sightline.core.refusal import Refusal
from sightline.house import House
from sightline.samples import telling
from sightline.samples.story import PEOPLE, STORY
from sightline.users import passwords, service
from sightline.users.queries import is_empty
from sightline.users.schemas import UserWish

BEFORE = timedelta(days=22)


def fill() -> None:
    """Fill an installation that nobody uses yet, and print how to sign in.

    Raises:
        Refusal: there are accounts, or the installation has a public address.
    """
    settings = load_settings()
    if settings.public_url:
        raise Refusal("PUBLIC_URL is set: sample accounts do not belong into an installation that others can reach.")
    words = asyncio.run(_tell(House(settings)))
    typer.echo("Sample data is in; `sightline serve` shows it. These made-up people can sign in:")
    for (email, _, role), password in zip(PEOPLE, words, strict=True):
        typer.echo(f"  {email:20} {password}  ({role})")


async def _tell(house: House) -> list[str]:
    async with house.open():
        async with house.database.reading() as session:
            if not await is_empty(session):
                raise Refusal("There are accounts already; sample data goes into an empty installation only.")
        _turn_back(BEFORE)
        words, team = await _gather(house)
        for told in STORY:
            files = await telling.bring(house.storage, told)
            async with house.database.writing() as session:
                await telling.happen(session, team, told, files, _turn_back)
        clock.reset()
    return words


def _turn_back(ago: timedelta) -> None:
    clock.reset()
    clock.turn(-ago)


async def _gather(house: House) -> tuple[list[str], list[Actor]]:
    wishes = [
        UserWish(email=email, name=name, role=Role(role), password=SecretStr(_word())) for email, name, role in PEOPLE
    ]
    hashes = [await passwords.hashed(wish.password) for wish in wishes if wish.password]
    async with house.database.writing() as session:
        users = [await service.create(session, SYSTEM, *pair) for pair in zip(wishes, hashes, strict=True)]
        await telling.found(session, SYSTEM)
    actors = [Actor(id=user.id, name=wish.name, role=wish.role) for user, wish in zip(users, wishes, strict=True)]
    return [wish.password.get_secret_value() for wish in wishes if wish.password], actors


def _word() -> str:
    return secrets.token_urlsafe(15)
