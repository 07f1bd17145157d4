"""Reading projects."""

from collections.abc import Collection

from sqlalchemy import Select, Text, cast, select, update

from sightline.core.db import ReadSession, WriteSession
from sightline.core.errors import NotFound
from sightline.projects.models import Project


async def get(session: ReadSession, key: str, *, locked: bool = False) -> Project:
    """Return a project by key, in any case of letters; raises `NotFound`."""
    query = select(Project).where(Project.key == key.strip().upper(), Project.deleted_at.is_(None))
    project = await session.scalar(query.with_for_update(key_share=True) if locked else query)
    if project is None:
        raise NotFound
    return project


def listed() -> Select[Project]:
    """Select the projects that are not deleted."""
    return select(Project).where(Project.deleted_at.is_(None))


async def with_rules(session: ReadSession) -> dict[str, list[str]]:
    """Return {key: rules} of the projects that have any, by key."""
    ruled = listed().with_only_columns(Project.key, Project.rules).where(cast(Project.rules, Text) != "[]")
    return {row.key: row.rules for row in await session.execute(ruled.order_by(Project.key))}


async def keys_of(session: ReadSession, ids: Collection[int]) -> dict[int, str]:
    """Return {id: key} of projects."""
    rows = await session.execute(select(Project.id, Project.key).where(Project.id.in_(ids)))
    return {row.id: row.key for row in rows}


async def next_number(session: WriteSession, project: Project) -> int:
    """Give out the next number of a project; holds its row until the transaction ends."""
    counted = update(Project).where(Project.id == project.id).values(last_number=Project.last_number + 1)
    return (await session.execute(counted.returning(Project.last_number))).scalar_one()
