"""The durable queue: one table on both databases."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import Id, Row, one_of


class JobState(StrEnum):
    """Where a job is; `dead` means its attempts are used up."""

    queued = "queued"
    running = "running"
    done = "done"
    dead = "dead"


class Job(Row):
    """One piece of work; `lease` names the run that holds it until `leased_until`.

    `line` is whose turn it is meant to be; of the jobs that are due, the one with the first `turn` is taken.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", JobState),
        Index("ix_jobs_turn", "state", "turn", "id"),
        Index("ix_jobs_line", "line", "kind", "turn"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    dedup: Mapped[str | None] = mapped_column(unique=True)
    attempts: Mapped[int]
    max_attempts: Mapped[int]
    run_at: Mapped[datetime]
    line: Mapped[str | None]
    turn: Mapped[datetime]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
