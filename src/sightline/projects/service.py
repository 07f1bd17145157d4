"""Making and changing projects."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from sightline.core.actor import SYSTEM, Actor, May
from sightline.core.db import Database, ReadSession, WriteSession, serialise
from sightline.core.errors import Conflict
from sightline.events.log import record
from sightline.projects import queries
from sightline.projects.changes import Created, Deleted, Described, DoorSwitched, Renamed, RulesReplaced
from sightline.projects.models import Project
from sightline.projects.schemas import ProjectEdit, ProjectWish

INBOX: Final = "INBOX"


async def create(session: WriteSession, actor: Actor, wish: ProjectWish) -> Project:
    """Make a project; raises `Conflict` when the key is or was taken."""
    actor.must(May.manage_projects)
    project = Project(last_number=0)
    try:
        await record(session, actor, project, Created(key=wish.key, name=wish.name, description=wish.description))
    except IntegrityError as error:
        raise Conflict("This key is taken.", code="key_taken") from error
    return project


async def edit(session: WriteSession, actor: Actor, key: str, wish: ProjectEdit) -> Project:
    """Change name or description, or open or close the public door."""
    project = await queries.get(session, key, locked=True)
    actor.must(May.manage_projects)
    if wish.name is not None and wish.name != project.name:
        await record(session, actor, project, Renamed(before=project.name, after=wish.name))
    if wish.description is not None and wish.description != project.description:
        await record(session, actor, project, Described(before=project.description, after=wish.description))
    if wish.submissions is not None and wish.submissions != project.has_door:
        await record(session, actor, project, DoorSwitched(before=project.has_door, after=wish.submissions))
    return project


async def rules(session: ReadSession, actor: Actor, key: str) -> Project:
    """Return a project to somebody who may see its rules."""
    project = await queries.get(session, key)
    actor.must(May.manage_projects)
    return project


async def replace_rules(session: WriteSession, actor: Actor, key: str, lines: Sequence[str]) -> Project:
    """Let these lines, read already, be the rules of a project."""
    project = await queries.get(session, key, locked=True)
    actor.must(May.manage_projects)
    if list(lines) != project.rules:
        await record(session, actor, project, RulesReplaced(before=project.rules, after=list(lines)))
    return project


async def delete(session: WriteSession, actor: Actor, key: str) -> None:
    """Delete a project that never had an issue; raises `Conflict` for any other, and for INBOX."""
    project = await queries.get(session, key, locked=True)
    actor.must(May.delete_issues)
    if project.last_number or project.key == INBOX:
        raise Conflict("Only a project that never had an issue can be deleted.", code="project_in_use")
    await record(session, actor, project, Deleted())


async def ensure_inbox(database: Database) -> None:
    """Make the first project, unless it is there; safe with several processes starting."""
    async with database.reading() as session:
        if await session.scalar(select(exists().where(Project.key == INBOX))):
            return
    async with database.writing() as session:
        await serialise(session, INBOX)
        if not await session.scalar(select(exists().where(Project.key == INBOX))):
            await create(session, SYSTEM, ProjectWish(key=INBOX, name="Inbox", description="Where everything arrives"))
