"""The log itself, and what is kept beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import BigInt, Id, Row, index_where, refers


class Event(Row):
    """Who did what to which subject, when. Never changed, but for `position` and an erasure.

    `seq` is given at insert; `position` is the gapless order of commits that readers use. One that `is_for_team` does
    not exist for reporters, whatever they see of its issue.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject", "subject_type", "subject_id", "seq"),
        Index("ix_events_issue", "issue_id", "seq"),
        index_where("position IS NULL", "ix_events_unstamped", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=True)
    position: Mapped[int | None] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    version: Mapped[int]
    issue_id: Mapped[int | None] = refers("issues.id", index=False)
    actor_id: Mapped[int | None] = refers("users.id")
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    erased_at: Mapped[datetime | None]
    is_for_team: Mapped[bool] = mapped_column(default=False, server_default=false())


class EventLog(Row):
    """One row: the last position given out. On PostgreSQL its lock is the stamper's turn."""

    __tablename__ = "event_log"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    last_position: Mapped[int]


class Cursor(Row):
    """How far a named reader has come."""

    __tablename__ = "reader_cursors"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class Span(Row):
    """How long a value held on an issue: from `from_at` until `to_at` (null: still)."""

    __tablename__ = "spans"
    __table_args__ = (
        UniqueConstraint("issue_id", "field", "value", "from_position"),
        index_where("to_at IS NULL", "ix_spans_open", "issue_id", "field"),
        Index("ix_spans_as_of", "field", "value", "from_at"),
    )

    id: Mapped[Id]
    issue_id: Mapped[int] = refers("issues.id", index=False)
    field: Mapped[str]
    value: Mapped[str]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    from_position: Mapped[int]
