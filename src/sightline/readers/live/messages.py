"""What a subscriber is told of a batch of events, decided with one query for all subscribers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import and_, select

from sightline.core.actor import SYSTEM, Role
from sightline.core.clock import rfc3339
from sightline.core.db import ReadSession
from sightline.events.models import Event
from sightline.issues import queries, shown
from sightline.issues.changes import Trashed
from sightline.issues.models import Issue
from sightline.projects.models import Project
from sightline.users.models import User

GONE: Final = "issue.gone"
RESYNC: Final = "resync"
LONGEST: Final = 18


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the feed: `id` is the opaque position, `kind` the event name."""

    id: str
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rendered events and who may see them: per person the issues they see, and those that were theirs to see."""

    events: Sequence[Event]
    rendered: Sequence[dict[str, Any]]
    sees: dict[int, set[int]]
    saw: dict[int, set[int]]
    keys: dict[int, str]
    roles: dict[int, Role]

    def for_person(self, user_id: int, most: int | None = None) -> list[Message]:
        """Return what one person is told of the first events, as many as `most` or all, in order.

        Nothing for somebody who may not sign in (any more).
        """
        if user_id not in self.roles:
            return []
        first = islice(zip(self.events, self.rendered, strict=True), most)
        told = (self._told(user_id, event, body) for event, body in first)
        return [message for message in told if message is not None]

    def _told(self, user_id: int, event: Event, body: dict[str, Any]) -> Message | None:
        at = identify(event.position or 0)
        if event.issue_id is None:
            return Message(at, event.kind, body) if self.roles[user_id] is Role.admin else None
        if event.is_for_team and self.roles[user_id] not in queries.SEE_ALL:
            return None
        if event.issue_id in self.sees[user_id]:
            return Message(at, event.kind, self._masked(user_id, body))
        if event.kind == Trashed.kind and event.issue_id in self.saw[user_id]:
            return Message(at, GONE, {"kind": GONE, "id": event.issue_id, "key": self.keys[event.issue_id]})
        return None

    def _masked(self, user_id: int, body: dict[str, Any]) -> dict[str, Any]:
        step = body["changes"].get("duplicate_of")
        if step is None:
            return body
        known = {self.keys[i] for i in self.sees[user_id] if i in self.keys}
        seen = {side: key if key in known else None for side, key in step.items()}
        return body | {"changes": body["changes"] | {"duplicate_of": seen}}


def identify(position: int) -> str:
    """Return the opaque id of a position."""
    return f"p{position}"


def position_of(text: str) -> int | None:
    """Return the position behind an opaque id, or a plain `X-Sightline-Position`; None for anything else."""
    digits = text.removeprefix("p")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else None


async def render(session: ReadSession, events: Sequence[Event], people: Collection[int]) -> Batch:
    """Render a batch for `people`, by the roles and rows of this moment."""
    lines = await shown.timeline(session, SYSTEM, events)
    about = {event.issue_id for event in events if event.issue_id is not None} | _mentioned(events)
    keyed = select(Issue.id, Issue.number, Issue.deleted_at, Project.key).join(Project, Project.id == Issue.project_id)
    rows = (await session.execute(keyed.where(Issue.id.in_(about)))).all() if about else []
    keys = {row.id: f"{row.key}-{row.number}" for row in rows}
    trashed = {row.id for row in rows if row.deleted_at is not None}
    roles, saw = await _sight(session, people, about)
    rendered = [
        _body(event, line.model_dump(mode="json", by_alias=True), keys)
        for event, line in zip(events, lines, strict=True)
    ]
    return Batch(events, rendered, {user: seen - trashed for user, seen in saw.items()}, saw, keys, roles)


def _mentioned(events: Sequence[Event]) -> set[int]:
    named = (event.payload.get(name) for event in events for name in ("duplicate_of_id", "duplicate_of_id_before"))
    return {issue_id for issue_id in named if issue_id is not None}


async def _sight(
    session: ReadSession, people: Collection[int], about: Collection[int]
) -> tuple[dict[int, Role], dict[int, set[int]]]:
    joined = select(User.id, User.role, Issue.id).outerjoin(
        Issue, and_(Issue.id.in_(about), queries.may_see(User.id, User.role))
    )
    roles: dict[int, Role] = {}
    saw: dict[int, set[int]] = {}
    for user_id, role, issue_id in await session.execute(joined.where(User.id.in_(people), User.is_active)):
        roles[user_id] = Role(role)
        saw.setdefault(user_id, set()).update(_present(issue_id))
    return roles, saw


def _present(issue_id: int | None) -> list[int]:
    return [] if issue_id is None else [issue_id]


def _body(event: Event, line: dict[str, Any], keys: dict[int, str]) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "issue": event.issue_id,
        "key": keys.get(event.issue_id or 0),
        "actor": line["actor"],
        "at": rfc3339(event.at),
        "version": event.version,
        "changes": line["changes"],
    }
