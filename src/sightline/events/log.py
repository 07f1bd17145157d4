"""`record()`: the one way a tracked row changes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from sightline.core import clock
from sightline.core.actor import Actor
from sightline.core.db import ReadSession, WriteSession
from sightline.core.rows import Id
from sightline.events import guard
from sightline.events.change import KINDS, Change, parse
from sightline.events.models import Event

TOPIC: Final = "events"


class Tracked:
    """A row whose columns change by `record()` alone, but for those named in `untracked`.

    `subject_type` is the first word of its kinds; `parts` are tables written along with it.
    """

    subject_type: ClassVar[str]
    untracked: ClassVar[frozenset[str]] = frozenset()
    parts: ClassVar[frozenset[str]] = frozenset()

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(default=0)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let every UPDATE name the version it saw: one that was overtaken matches no row and raises."""
        return {"version_id_col": cls.version, "version_id_generator": False}

    @property
    def about_issue(self) -> int | None:
        """The issue whose viewers may know of changes to this row; None: administrators only."""
        return None

    @property
    def is_for_team(self) -> bool:
        """Whether changes to this row are told only to those who see every issue."""
        return False

    @property
    def last_change_at(self) -> datetime | None:
        """When the row last changed, for rows whose events must not run backwards."""
        return None

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        guard.track(cls)


S = TypeVar("S", bound=Tracked)


async def record(
    session: WriteSession, actor: Actor, subject: S, change: Change[S], *, at: datetime | None = None
) -> Event:
    """Apply `change` to `subject`, bump its version and append the event, in this transaction.

    `at` is when it took effect, now by default, and never before the subject's last change.
    Raises `guard.Unrecorded` when the subject carries edits that came another way.
    """
    effective = _effective(subject, at)
    with guard.recording(session, subject):
        change.apply(subject, effective)
        subject.version = (subject.version or 0) + 1
        session.add(subject)
        await session.flush()
    event = _event(actor, subject, change, effective)
    session.add(event)
    await session.flush()
    session.ring(TOPIC)
    return event


async def record_many(session: WriteSession, actor: Actor, pairs: Iterable[tuple[S, Change[S]]]) -> None:
    """Record one change on each of many subjects with one flush of rows and one of events."""
    listed = list(pairs)
    moments = [_effective(subject, None) for subject, _ in listed]
    with guard.recording(session, *(subject for subject, _ in listed)):
        for (subject, change), at in zip(listed, moments, strict=True):
            change.apply(subject, at)
            subject.version = (subject.version or 0) + 1
            session.add(subject)
        await session.flush()
    for (subject, change), at in zip(listed, moments, strict=True):
        session.add(_event(actor, subject, change, at))
    await session.flush()
    session.ring(TOPIC)


def _effective(subject: Tracked, at: datetime | None) -> datetime:
    wanted = at or clock.now()
    last = subject.last_change_at if inspect(subject).has_identity else None
    return max(wanted, last) if last else wanted


def _event(actor: Actor, subject: Tracked, change: Change[Any], at: datetime) -> Event:
    return Event(
        kind=change.kind,
        subject_type=subject.subject_type,
        subject_id=subject.id,
        version=subject.version,
        issue_id=subject.about_issue,
        is_for_team=subject.is_for_team,
        actor_id=actor.id,
        at=at,
        recorded_at=clock.now(),
        payload=change.model_dump(mode="json"),
    )


async def history(session: ReadSession, *where: ColumnElement[bool]) -> Sequence[Event]:
    """Return the events that match, in the order they were recorded."""
    return (await session.scalars(select(Event).where(*where).order_by(Event.seq))).all()


async def erase(session: WriteSession, subject: Tracked) -> None:
    """Blank what is personal in the payloads of one subject's events: the only edit the log permits."""
    own = (Event.subject_type == subject.subject_type, Event.subject_id == subject.id, Event.erased_at.is_(None))
    for event in await history(session, *own):
        if personal := KINDS[event.kind].personal:
            event.payload = {k: None if k in personal else v for k, v in event.payload.items()}
            event.erased_at = clock.now()
    await session.flush()


def replay(blank: S, events: Iterable[Event]) -> S:
    """Apply the stored changes of one subject to a blank row, and return it."""
    for event in events:
        parse(event.kind, event.payload).apply(blank, event.at)
        blank.version = event.version
    return blank
