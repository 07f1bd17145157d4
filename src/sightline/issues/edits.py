"""From a wish to changes: what differs, what clashes, what the workflow allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sightline.core.actor import Actor
from sightline.core.db import ReadSession
from sightline.core.errors import Conflict, Invalid
from sightline.events.change import Change, parse
from sightline.issues import queries, shown
from sightline.issues.changes import (
    Assigned,
    Described,
    DueChanged,
    IssueChange,
    Moved,
    PriorityChanged,
    Retitled,
    SeverityChanged,
    StatusChanged,
)
from sightline.issues.models import Issue
from sightline.issues.schemas import FieldConflict
from sightline.issues.workflow import MOVES, Resolution, Status

Wanted = dict[str, Any]
STANDING = ("status", "resolution", "duplicate_of")
SIMPLE: dict[str, type[IssueChange]] = {
    "title": Retitled,
    "description": Described,
    "severity": SeverityChanged,
    "priority": PriorityChanged,
    "assignee_id": Assigned,
    "due_on": DueChanged,
}


@dataclass(frozen=True, slots=True)
class Destination:
    """A project to move to, and the number the issue has there."""

    project_id: int
    number: int
    is_first_visit: bool


def between(issue: Issue, wanted: Wanted) -> Iterator[Change[Issue]]:
    """Yield the changes that take `issue` to what is wanted; raises `Conflict` (`bad_transition`) and `Invalid`."""
    standing = _standing(issue, wanted)
    for name, kind in SIMPLE.items():
        before = getattr(issue, kind.field)
        if name in wanted and wanted[name] != before:
            yield kind(before=before, after=wanted[name])
    if standing is not None:
        yield standing
    there = wanted.get("project")
    if there is not None and there.project_id != issue.project_id:
        yield Moved(
            before=issue.project_id,
            after=there.project_id,
            number_before=issue.number,
            number=there.number,
            is_first_visit=there.is_first_visit,
        )


def _standing(issue: Issue, wanted: Wanted) -> StatusChanged | None:
    before = Status(issue.status)
    after = wanted.get("status", before)
    if after != before and after not in MOVES[before]:
        allowed = [move.value for move in MOVES[before]]
        raise Conflict(f"An issue cannot go from {before} to {after}.", code="bad_transition", allowed=allowed)
    resolution = _resolution(issue, after, wanted)
    original = wanted.get("duplicate_of", issue.duplicate_of_id if resolution == Resolution.duplicate else None)
    if original is not None and resolution != Resolution.duplicate:
        raise Invalid("duplicate_of", "goes with the resolution duplicate only")
    if (before, issue.resolution, issue.duplicate_of_id) == (after, resolution, original):
        return None
    return StatusChanged(
        before=before,
        after=after,
        resolution_before=Resolution(issue.resolution) if issue.resolution else None,
        resolution=resolution,
        duplicate_of_id_before=issue.duplicate_of_id,
        duplicate_of_id=original,
    )


def _resolution(issue: Issue, after: Status, wanted: Wanted) -> Resolution | None:
    if after is not Status.done:
        if wanted.get("resolution") is not None:
            raise Invalid("resolution", "goes with the status done only")
        return None
    chosen = wanted.get("resolution") or issue.resolution
    return Resolution(chosen) if chosen else Resolution.fixed


async def must_not_conflict(session: ReadSession, actor: Actor, issue: Issue, wanted: Wanted, version: int) -> None:
    """Raise `Conflict` when a wanted field was changed after `version`, by anyone, to anything."""
    if version == issue.version:
        return
    touched: dict[str, tuple[Any, Any]] = {}
    for event in await queries.events_since(session, issue, version):
        for field, (base, _) in parse(event.kind, event.payload).steps().items():
            touched[field] = (touched[field][0] if field in touched else base, event)
    clashes = [_clash(field, *touched[field], wanted) for field in sorted(wanted.keys() & touched.keys())]
    if clashes:
        await _refuse(session, actor, issue, clashes)


def _clash(field: str, base: Any, event: Any, wanted: Wanted) -> dict[str, Any]:
    return {"field": field, "base": base, "yours": wanted[field], "event": event}


async def _refuse(session: ReadSession, actor: Actor, issue: Issue, clashes: list[dict[str, Any]]) -> None:
    current = (await shown.one(session, actor, issue)).model_dump(mode="json")
    told = await shown.timeline(session, actor, [clash["event"] for clash in clashes])
    conflicts = []
    for clash, event in zip(clashes, told, strict=True):
        field = clash["field"]
        theirs = (current["assignee"] or {}).get("id") if field == "assignee_id" else current[field]
        base, yours = (
            await _readable(session, actor, field, clash["base"]),
            await _readable(session, actor, field, clash["yours"]),
        )
        conflict = FieldConflict(field=field, base=base, theirs=theirs, yours=yours, by=event.actor, at=event.at)
        conflicts.append(conflict.model_dump(mode="json"))
    raise Conflict("Somebody changed the same fields meanwhile.", conflicts=conflicts, current=current)


async def _readable(session: ReadSession, actor: Actor, field: str, value: Any) -> Any:
    if field == "description":
        return await queries.text_of(session, value)
    if field == "project":
        return await queries.project_key(session, getattr(value, "project_id", value))
    if field == "duplicate_of" and value is not None:
        return (await queries.keys_of(session, [value], actor)).get(value)
    return value
