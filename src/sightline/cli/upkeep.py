"""Commands that work on the database while no server holds it (or, on PostgreSQL, beside one)."""

import asyncio
import contextlib
import sys
from typing import get_args

import typer
from pydantic import SecretStr, ValidationError

from sightline import migrations
from sightline.core.actor import SYSTEM, Role
from sightline.core.config import load_settings
from sightline.core.errors import Problem
from sightline.core.filelock import holding
from sightline.core.refusal import Refusal
from sightline.extractors.reading import Kind
from sightline.facts import rebuilding
from sightline.house import House
from sightline.users import passwords, service
from sightline.users.schemas import UserWish


def migrate() -> None:
    """Bring the database to the newest revision and say which that is."""
    settings = load_settings()
    with holding(settings.sqlite_path) if settings.is_sqlite else contextlib.nullcontext():
        asyncio.run(migrations.migrate(settings.database_url))
    typer.echo(f"The database is at revision {migrations.newest()}.")


def create_admin(email: str, name: str) -> None:
    """Make an administrator with a password from the terminal, or from the first line of standard input.

    Raises:
        Refusal: the address, name or password will not do.
    """
    try:
        password = _password()
        wish = UserWish(email=email, name=name, role=Role.admin, password=password)
        passwords.check(password, Role.admin)
        asyncio.run(_create(House(load_settings()), wish, password))
    except ValidationError as error:
        first = error.errors()[0]
        raise Refusal(f"--{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}.") from None
    except Problem as error:
        raise Refusal(error.detail) from None
    typer.echo(f"{wish.email} is an administrator.")


def rebuild_facts(kind: str | None) -> None:
    """Queue files to be read again, and say how many.

    Raises:
        Refusal: there is no such kind.
    """
    if kind is not None and kind not in get_args(Kind):
        raise Refusal(f"--kind: is one of {', '.join(get_args(Kind))}.")
    number = asyncio.run(_rebuild(House(load_settings()), kind))
    typer.echo(f"{number} files will be read again by `sightline serve`, or a worker.")


async def _rebuild(house: House, kind: str | None) -> int:
    async with house.open():
        return await rebuilding.rebuild(house.database, kind)


async def _create(house: House, wish: UserWish, password: SecretStr) -> None:
    password_hash = await passwords.hashed(password)
    async with house.open(), house.database.writing() as session:
        await service.create(session, SYSTEM, wish, password_hash)


def _password() -> SecretStr:
    if sys.stdin.isatty():
        return SecretStr(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return SecretStr(sys.stdin.readline().rstrip("\n"))
