"""`demo`: the story of story.py, told through the services: log, counts and jobs are as if people had done it."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta

import typer
from pydantic import SecretStr

from sightline.attachments import service as attachments
from sightline.attachments.upload import Arrived
from sightline.cli.story import PEOPLE, PROJECTS, STORY, Told
from sightline.core import clock
from sightline.core.actor import SYSTEM, Actor, Role
from sightline.core.config import load_settings
from sightline.core.db import WriteSession
from sightline.core.refusal import Refusal
from sightline.filing import service as filing
from sightline.house import House
from sightline.issues import service as issues
from sightline.issues.queries import get_visible
from sightline.issues.refs import Ref
from sightline.issues.schemas import IssueEdit, IssueWish, LabelSet
from sightline.projects import service as projects
from sightline.projects.schemas import ProjectWish
from sightline.users import passwords, service
from sightline.users.queries import is_empty
from sightline.users.schemas import UserWish

LIMIT = 2**20
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
        clock.turn(-BEFORE)
        words, team = await _gather(house)
        clock.reset()
        for told in STORY:
            await _happen(house, team, told)
            clock.reset()
    return words


async def _gather(house: House) -> tuple[list[str], list[Actor]]:
    wishes = [
        UserWish(email=email, name=name, role=Role(role), password=SecretStr(_word())) for email, name, role in PEOPLE
    ]
    hashes = [await passwords.hashed(wish.password) for wish in wishes if wish.password]
    async with house.database.writing() as session:
        users = [await service.create(session, SYSTEM, *pair) for pair in zip(wishes, hashes, strict=True)]
        for key, name, description in PROJECTS:
            await projects.create(session, SYSTEM, ProjectWish(key=key, name=name, description=description))
    actors = [Actor(id=user.id, name=wish.name, role=wish.role) for user, wish in zip(users, wishes, strict=True)]
    return [wish.password.get_secret_value() for wish in wishes if wish.password], actors


def _word() -> str:
    return secrets.token_urlsafe(15)


async def _happen(house: House, team: list[Actor], told: Told) -> None:
    clock.turn(-timedelta(days=told.days_ago))
    arrived = [await _file(house, *told.file)] if told.file else []
    async with house.database.writing() as session:
        files = await attachments.store(session, team[told.by], arrived)
        wish = IssueWish(**told.wish, attachment_ids=[file.id for file in files])
        issue = await filing.file(session, team[told.by], wish)
        await _follow(session, team, told, Ref(id=issue.id))


async def _follow(session: WriteSession, team: list[Actor], told: Told, ref: Ref) -> None:
    filed_at = clock.offset()
    for step in told.steps:
        clock.turn(filed_at + timedelta(hours=step.hours) - clock.offset())
        seen = (await get_visible(session, team[step.by], ref)).version
        await issues.edit(session, team[step.by], ref, IssueEdit(**step.edit), seen)
        if told.labels and step is told.steps[0]:
            await issues.relabel(session, team[step.by], ref, LabelSet(label_names=list(told.labels)))


async def _file(house: House, name: str, text: str) -> Arrived:
    async def chunks() -> AsyncIterator[bytes]:
        yield text.encode()

    return Arrived(name, await house.storage.put(chunks(), LIMIT))
