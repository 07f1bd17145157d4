"""Rows as people see them: ids become names, a few queries for a whole page."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from sightline.core.actor import Actor, May
from sightline.core.db import ReadSession
from sightline.core.markdown import to_html
from sightline.events.change import parse
from sightline.events.models import Event
from sightline.issues import queries
from sightline.issues.models import Issue
from sightline.issues.schemas import EventOut, IssueOut, IssueRow, ReceiptState, Step
from sightline.labels.models import Label
from sightline.projects import queries as projects
from sightline.users.models import User
from sightline.users.schemas import Person

NOBODY = "Deleted user"
SEEN = {"first_seen_at", "last_seen_at"}
COLUMNS = tuple(IssueRow.model_fields.keys() & ({c.key for c in Issue.__table__.columns} | SEEN))


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids on a page stand for, as far as the reader may know."""

    people: dict[int, Person]
    projects: dict[int, str]
    labels: dict[int, str]
    issues: dict[int, str]

    def person(self, user_id: int | None) -> Person | None:
        """Return somebody; None for nobody."""
        return None if user_id is None else self.people[user_id]


async def people(session: ReadSession, ids: Collection[int]) -> dict[int, Person]:
    """Return somebody for each id."""
    found = await session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
    return {row.id: Person(id=row.id, name=row.name or NOBODY) for row in found}


async def _names(session: ReadSession, actor: Actor, ids: dict[str, set[int]]) -> Names:
    labels = await session.execute(select(Label.id, Label.name).where(Label.id.in_(ids["labels"])))
    return Names(
        people=await people(session, ids["people"]),
        projects=await projects.keys_of(session, ids["projects"]),
        labels={row.id: row.name for row in labels},
        issues=await queries.keys_of(session, ids["issues"], actor) if ids["issues"] else {},
    )


def _present(ids: Iterable[int | None]) -> set[int]:
    return {i for i in ids if i is not None}


async def rows(session: ReadSession, actor: Actor, issues: Sequence[Issue]) -> list[IssueRow]:
    """Render issues for a list, in the same order."""
    names = await _names(session, actor, _ids_on(issues))
    return [IssueRow(**_fields(issue, names)) for issue in issues]


async def one(session: ReadSession, actor: Actor, issue: Issue) -> IssueOut:
    """Render one issue with its text."""
    names = await _names(session, actor, _ids_on([issue]))
    text = await queries.text_of(session, issue.description_id)
    receipt = _receipt(issue) if actor.may(May.see_all) else None
    return IssueOut(**_fields(issue, names), description=text, description_html=to_html(text), receipt=receipt)


def _receipt(issue: Issue) -> ReceiptState | None:
    if issue.has_receipt is None:
        return None
    return ReceiptState.active if issue.has_receipt else ReceiptState.revoked


def _ids_on(issues: Collection[Issue]) -> dict[str, set[int]]:
    return {
        "people": _present(i for issue in issues for i in (issue.reporter_id, issue.assignee_id)),
        "projects": {issue.project_id for issue in issues},
        "labels": {i for issue in issues for i in issue.label_ids},
        "issues": _present(issue.duplicate_of_id for issue in issues),
    }


def _fields(issue: Issue, names: Names) -> dict[str, Any]:
    project = names.projects[issue.project_id]
    return {name: getattr(issue, name) for name in COLUMNS} | {
        "key": f"{project}-{issue.number}",
        "project": project,
        "duplicate_of": names.issues.get(issue.duplicate_of_id or 0),
        "labels": sorted((names.labels[i] for i in issue.label_ids), key=str.casefold),
        "reporter": names.person(issue.reporter_id),
        "assignee": names.person(issue.assignee_id),
    }


Steps = dict[str, tuple[Any, Any]]


async def timeline(session: ReadSession, actor: Actor, events: Sequence[Event]) -> list[EventOut]:
    """Render events as one person may see them: hidden issues are null."""
    steps = [parse(event.kind, event.payload).steps() for event in events]
    names = await _names(session, actor, _ids_in(steps, events))
    return [
        EventOut(
            position=event.position,
            kind=event.kind,
            at=event.at,
            actor=names.person(event.actor_id),
            changes=_told(step, names),
        )
        for event, step in zip(events, steps, strict=True)
    ]


def _ids_in(steps: Sequence[Steps], events: Sequence[Event]) -> dict[str, set[int]]:
    def both(field: str) -> set[int]:
        return _present(value for step in steps for value in step.get(field, ()))

    labels = {i for step in steps for side in step.get("labels", ()) for i in side or ()}
    return {
        "people": both("assignee_id") | _present(event.actor_id for event in events),
        "projects": both("project"),
        "labels": labels,
        "issues": both("duplicate_of"),
    }


def _told(steps: Steps, names: Names) -> dict[str, Step]:
    return {
        field.removesuffix("_id"): Step(before=_value(field, before, names), after=_value(field, after, names))
        for field, (before, after) in steps.items()
    }


def _value(field: str, value: Any, names: Names) -> Any:
    if value is None or field == "description":
        return None
    if field == "assignee_id":
        return names.people[value].model_dump()
    if field == "project":
        return names.projects[value]
    if field == "duplicate_of":
        return names.issues.get(value)
    if field == "labels":
        return sorted(names.labels[i] for i in value)
    return value.value if isinstance(value, StrEnum) else value.isoformat() if isinstance(value, date) else value
