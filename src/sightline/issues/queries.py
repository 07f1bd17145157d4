"""Reading issues; whether somebody may see one is decided here, once, as SQL."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, union

from sightline.core.actor import GRANTS, Actor, May, Role
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.events.models import Event
from sightline.issues.models import Issue, IssueKey, IssueLabel, Revision
from sightline.issues.refs import Ref
from sightline.labels.models import Label
from sightline.projects.models import Project
from sightline.users.models import User

SEE_ALL: Final = frozenset(role for role in Role if May.see_all in GRANTS[role])
COUNTED: Final = 10_000


def may_see(user_id: Any, role: Any) -> ColumnElement[bool]:
    """Return the rule of sight over issues for a person: two values, or two columns; the trash apart."""
    if isinstance(role, Role):
        return true() if role in SEE_ALL else false() if user_id is None else Issue.reporter_id == user_id
    return or_(role.in_(sorted(SEE_ALL)), Issue.reporter_id == user_id)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that `actor` may see an issue."""
    return and_(Issue.deleted_at.is_(None), may_see(actor.id, actor.role))


def visible_to(actor: Actor) -> Select[Issue]:
    """Select the issues that `actor` may see."""
    return select(Issue).where(visible(actor))


def _matches(ref: Ref) -> ColumnElement[bool]:
    if ref.id is not None:
        return Issue.id == ref.id
    led = select(IssueKey.issue_id).join(Project, Project.id == IssueKey.project_id)
    return Issue.id.in_(led.where(Project.key == ref.project, IssueKey.number == ref.number))


async def get_visible(session: ReadSession, actor: Actor, ref: Ref, *, locked: bool = False) -> Issue:
    """Return one issue the actor may see; raises `NotFound`. `locked` holds its row for this transaction."""
    return await _one(session, visible_to(actor).where(_matches(ref)), locked=locked)


async def get_trashed(session: ReadSession, ref: Ref) -> Issue:
    """Return an issue from the trash; raises `NotFound`."""
    return await _one(session, select(Issue).where(Issue.deleted_at.is_not(None), _matches(ref)), locked=True)


async def _one(session: ReadSession, query: Select[Issue], *, locked: bool) -> Issue:
    issue = await session.scalar(query.with_for_update(of=Issue, key_share=True) if locked else query)
    if issue is None:
        raise NotFound
    return issue


async def position(session: ReadSession, actor: Actor) -> int:
    """Return the position of the last event on an issue the actor may see; ask before reading the rows."""
    told = (Event.issue_id.is_not(None), Event.position.is_not(None))
    of_all = select(Event.position).where(*told).order_by(Event.position.desc()).limit(1)
    of_own = select(func.max(Issue.last_position)).where(may_see(actor.id, actor.role))
    return (await session.scalar(of_all if actor.may(May.see_all) else of_own)) or 0


async def count(session: ReadSession, query: Select[Any]) -> int:
    """Return how many rows match, or one more than 10,000 when it is more."""
    limited = query.with_only_columns(Issue.id).order_by(None).limit(COUNTED + 1).subquery()
    return (await session.execute(select(func.count()).select_from(limited))).scalar_one()


async def events_since(session: ReadSession, issue: Issue, version: int) -> Sequence[Event]:
    """Return what happened to the issue after `version`, oldest first."""
    own = (Event.subject_type == "issue", Event.subject_id == issue.id, Event.version > version)
    return (await session.scalars(select(Event).where(*own).order_by(Event.seq))).all()


async def text_of(session: ReadSession, revision_id: int | None) -> str:
    """Return the text of a revision; empty for none."""
    if revision_id is None:
        return ""
    return (await session.scalar(select(Revision.text).where(Revision.id == revision_id))) or ""


async def keys_of(session: ReadSession, ids: Collection[int], actor: Actor) -> dict[int, str]:
    """Return {id: key} of those issues the actor may see."""
    keyed = select(Issue.id, Issue.number, Project.key).join(Project, Project.id == Issue.project_id)
    rows = await session.execute(keyed.where(Issue.id.in_(ids), visible(actor)))
    return {row.id: f"{row.key}-{row.number}" for row in rows}


async def number_in(session: ReadSession, issue: Issue, project_id: int) -> int | None:
    """Return the number the issue had in a project before, or None."""
    return await session.scalar(
        select(IssueKey.number).where(IssueKey.issue_id == issue.id, IssueKey.project_id == project_id)
    )


def people_visible_to(actor: Actor) -> Select[User]:
    """Select the people an actor may know of: all to maintainers, else oneself and who is on own issues."""
    known = select(User).where(User.deleted_at.is_(None))
    if actor.may(May.see_names):
        return known
    own = select(Issue.assignee_id).where(visible(actor))
    acted = select(Event.actor_id).join(Issue, Issue.id == Event.issue_id).where(visible(actor), told_to(actor))
    return known.where(or_(User.id == actor.id, User.id.in_(union(own, acted))))


def labels_visible_to(actor: Actor) -> Select[Label]:
    """Select the labels an actor may know of: all to maintainers, else those on own issues."""
    if actor.may(May.see_all):
        return select(Label)
    used = select(IssueLabel.label_id).join(Issue, Issue.id == IssueLabel.issue_id).where(visible(actor))
    return select(Label).where(Label.id.in_(used))


def counts_by_project(actor: Actor, ids: Collection[int]) -> Select[int, int]:
    """Select (project id, number of issues the actor may see) of projects."""
    return (
        select(Issue.project_id, func.count())
        .where(visible(actor), Issue.project_id.in_(ids))
        .group_by(Issue.project_id)
    )


async def project_key(session: ReadSession, project_id: int) -> str:
    """Return the key of a project."""
    return (await session.execute(select(Project.key).where(Project.id == project_id))).scalar_one()


def told_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that `actor` may know of an event on an issue they may see."""
    return true() if actor.may(May.see_all) else Event.is_for_team.is_(False)


def told_about(issue: Issue, actor: Actor) -> Select[Event]:
    """Select the events on a visible issue that `actor` may know of."""
    return select(Event).where(Event.issue_id == issue.id, told_to(actor))
