"""People, projects and labels, as far as a caller's issues let them know of them."""

from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import BaseModel

from sightline.core.actor import Actor, May, Role
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.core.http import CurrentActor, Reading, Writing, api_router, needs
from sightline.core.idempotency import OnceKey
from sightline.core.pages import Keyset, PageWish, page_wish
from sightline.core.text import RowId
from sightline.issues import queries as issues
from sightline.labels import service as labels
from sightline.labels.models import Label
from sightline.labels.schemas import LabelOut, LabelWish
from sightline.projects import queries as projects
from sightline.projects import service as project_service
from sightline.projects.models import Project
from sightline.projects.schemas import ProjectEdit, ProjectOut, ProjectWish
from sightline.users.auth_routes import account
from sightline.users.models import User
from sightline.users.queries import named_like
from sightline.users.schemas import UserOut, Users

BY_ID: Final = Keyset("users", (User.id.expression, False))
BY_KEY: Final = Keyset("projects", (Project.key.expression, False))
BY_NAME: Final = Keyset("labels", (Label.name_key.expression, False))
AnyPage = Annotated[PageWish, Depends(page_wish)]


class Projects(BaseModel):
    """A page of projects."""

    items: list[ProjectOut]
    next_cursor: str | None


class Labels(BaseModel):
    """A page of labels."""

    items: list[LabelOut]
    next_cursor: str | None


router = api_router()


def _seen_by(actor: Actor, user: User) -> UserOut:
    is_open = actor.may(May.administer) or actor.id == user.id
    return account(user) if is_open else UserOut(id=user.id, name=user.name or "")


@router.get("/users", tags=["users"], response_model_exclude_unset=True)
async def list_users(
    session: Reading,
    actor: CurrentActor,
    page: AnyPage,
    q: Annotated[
        str | None, Query(max_length=100, description="Part of a name (for administrators, of an address).")
    ] = None,
) -> Users:
    """List people: all to administrators, names to maintainers, to reporters only people on their own issues."""
    people = issues.people_visible_to(actor)
    if q:
        people = people.where(named_like(q, with_address=actor.may(May.administer)))
    found, following = BY_ID.split((await session.execute(BY_ID.page_of(people, page))).all(), page)
    return Users(items=[_seen_by(actor, user) for user in found], next_cursor=following)


@router.get("/users/{id}", tags=["users"], response_model_exclude_unset=True)
async def read_user(session: Reading, actor: CurrentActor, id: RowId) -> UserOut:
    """Return one person."""
    user = await session.scalar(issues.people_visible_to(actor).where(User.id == id))
    if user is None:
        raise NotFound
    return _seen_by(actor, user)


async def _shown(session: ReadSession, actor: Actor, found: list[Project]) -> list[ProjectOut]:
    counted = issues.counts_by_project(actor, [project.id for project in found])
    counts: dict[int, int] = {row[0]: row[1] for row in await session.execute(counted)}
    return [
        ProjectOut(
            key=project.key,
            name=project.name,
            description=project.description,
            issue_count=counts.get(project.id, 0),
            submissions=project.has_door,
        )
        for project in found
    ]


@router.get("/projects", tags=["projects"])
async def list_projects(session: Reading, actor: CurrentActor, page: AnyPage) -> Projects:
    """List projects, each with the number of issues the caller may see."""
    query = BY_KEY.page_of(projects.listed(), page)
    found, following = BY_KEY.split((await session.execute(query)).all(), page)
    return Projects(items=await _shown(session, actor, found), next_cursor=following)


@router.post("/projects", status_code=201, tags=["projects"], openapi_extra=needs(Role.maintainer))
async def create_project(session: Writing, actor: CurrentActor, once: OnceKey, wish: ProjectWish) -> ProjectOut:
    """Create a project."""

    async def make() -> ProjectOut:
        return (await _shown(session, actor, [await project_service.create(session, actor, wish)]))[0]

    answer: ProjectOut = await once.run(session, make, lambda before: projects.get(session, before["key"]))
    return answer


@router.get("/projects/{key}", tags=["projects"])
async def read_project(session: Reading, actor: CurrentActor, key: str) -> ProjectOut:
    """Return one project."""
    return (await _shown(session, actor, [await projects.get(session, key)]))[0]


@router.patch("/projects/{key}", tags=["projects"], openapi_extra=needs(Role.maintainer))
async def edit_project(session: Writing, actor: CurrentActor, key: str, wish: ProjectEdit) -> ProjectOut:
    """Change the name or description of one project, or open or close its public door."""
    return (await _shown(session, actor, [await project_service.edit(session, actor, key, wish)]))[0]


@router.delete("/projects/{key}", status_code=204, tags=["projects"], openapi_extra=needs(Role.admin))
async def delete_project(session: Writing, actor: CurrentActor, key: str) -> None:
    """Delete a project that never had an issue."""
    await project_service.delete(session, actor, key)


@router.get("/labels", tags=["labels"])
async def list_labels(session: Reading, actor: CurrentActor, page: AnyPage) -> Labels:
    """List labels: all to maintainers, to reporters those on their own issues."""
    query = BY_NAME.page_of(issues.labels_visible_to(actor), page)
    found, following = BY_NAME.split((await session.execute(query)).all(), page)
    return Labels(
        items=[LabelOut.model_validate(label, from_attributes=True) for label in found], next_cursor=following
    )


@router.post("/labels", status_code=201, tags=["labels"], openapi_extra=needs(Role.maintainer))
async def create_label(session: Writing, actor: CurrentActor, once: OnceKey, wish: LabelWish) -> LabelOut:
    """Create a label."""

    async def make() -> LabelOut:
        return LabelOut.model_validate(await labels.create(session, actor, wish), from_attributes=True)

    answer: LabelOut = await once.run(session, make, lambda before: session.get_one(Label, before["id"]))
    return answer
