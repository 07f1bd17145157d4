"""Put work into the table, take it with a lease, and give it back done, failed or dead."""

import random
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, select, update

from sightline.core import clock
from sightline.core.db import ReadSession, WriteSession, database_now
from sightline.core.inserts import insert_new
from sightline.jobs.models import Job, JobState

TOPIC: Final = "jobs"
LEASE: Final = timedelta(seconds=60)
ATTEMPTS: Final = 5
BACK_OFF: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(hours=1)
AWAY: Final = timedelta(seconds=15)
KEPT: Final = timedelta(days=7)
TURN: Final = timedelta(minutes=1)


class Superseded(Exception):
    """The lease ran out and another worker has the job: nothing of this run may be kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A job this process holds; `lease` proves it. `is_last` means that no try may follow this one."""

    id: int
    kind: str
    payload: dict[str, Any]
    lease: str
    attempt: int
    is_last: bool
    is_spent: bool = False


async def enqueue(  # noqa: PLR0913 - all but three have a default
    session: WriteSession,
    kind: str,
    payload: dict[str, Any],
    *,
    dedup: str | None = None,
    attempts: int = ATTEMPTS,
    line: str | None = None,
) -> bool:
    """Add a job in this transaction; a second one with the same `dedup` is not added (answers False).

    Jobs of one `line` have their turns a minute apart, so that whoever brings many lets others in between.
    """
    now = await database_now(session)
    values = {
        "line": line,
        "turn": await _next_turn(session, kind, line, now) if line else now,
        "kind": kind,
        "payload": payload,
        "dedup": dedup,
        "max_attempts": attempts,
        "run_at": now,
        "created_at": clock.now(),
    }
    is_new = await insert_new(session, Job, values | {"state": JobState.queued, "attempts": 0})
    session.ring(TOPIC)
    return is_new


async def _next_turn(session: WriteSession, kind: str, line: str, now: datetime) -> datetime:
    waiting = select(func.max(Job.turn)).where(Job.line == line, Job.kind == kind, Job.state == JobState.queued)
    last = await session.scalar(waiting)
    return max(now, last + TURN) if last else now


def _due(now: datetime, kinds: Collection[str]) -> tuple[Select[Job], ...]:
    """Give jobs whose worker fell silent, then those that wait, in turn; an index finds the first of either."""
    running = select(Job).where(Job.state == JobState.running, Job.leased_until < now)
    waiting = select(Job).where(Job.state == JobState.queued, Job.run_at <= now)
    return tuple(due.where(Job.kind.in_(kinds)).order_by(Job.turn, Job.id).limit(1) for due in (running, waiting))


async def is_due(session: ReadSession, kinds: Collection[str]) -> bool:
    """Tell whether `take` may find something, without taking the writer's turn."""
    now = await database_now(session)
    for due in _due(now, kinds):
        if await session.scalar(due.with_only_columns(Job.id)):
            return True
    return False


async def known(session: ReadSession, dedups: Collection[str]) -> set[str | None]:
    """Return those of these dedup keys with which a job was ever added (and not swept)."""
    return set(await session.scalars(select(Job.dedup).where(Job.dedup.in_(dedups))))


async def take(session: WriteSession, kinds: Collection[str]) -> Taken | None:
    """Lease a job whose worker fell silent, or else the one whose turn it is; None when nothing is due.

    A job whose last try ended in silence is leased as `is_spent`: to be given up, not to be tried.
    """
    now = await database_now(session)
    for due in _due(now, kinds):
        if job := await session.scalar(due.with_for_update(skip_locked=True)):
            return _lease(job, now)
    return None


def _lease(job: Job, now: datetime) -> Taken:
    is_spent = job.attempts >= job.max_attempts
    job.state, job.lease, job.leased_until = JobState.running, secrets.token_hex(8), now + LEASE
    job.attempts += not is_spent
    return Taken(job.id, job.kind, job.payload, job.lease, job.attempts, job.attempts >= job.max_attempts, is_spent)


async def renew(session: WriteSession, taken: Taken) -> None:
    """Extend the lease; raises `Superseded`."""
    await _mine(session, taken, leased_until=await database_now(session) + LEASE)


async def finish(session: WriteSession, taken: Taken) -> None:
    """Mark the job done, in the transaction that holds its effects; raises `Superseded`."""
    await _mine(session, taken, state=JobState.done, lease=None, leased_until=None, error=None, finished_at=clock.now())


async def fail(session: WriteSession, taken: Taken, reason: str) -> None:
    """Queue the job again after a growing pause; raises `Superseded`."""
    pause = min(BACK_OFF * 2 ** (taken.attempt - 1), LONGEST) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    run_at = await database_now(session) + pause
    await _mine(session, taken, state=JobState.queued, lease=None, leased_until=None, error=reason, run_at=run_at)


async def postpone(session: WriteSession, taken: Taken, reason: str) -> None:
    """Give a job back untried, because what it needs is away; raises `Superseded`."""
    run_at = await database_now(session) + AWAY * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    back = {"attempts": taken.attempt - 1, "error": reason, "run_at": run_at}
    await _mine(session, taken, state=JobState.queued, lease=None, leased_until=None, **back)


async def hand_over(session: WriteSession, taken: Taken, kind: str) -> None:
    """Queue the job anew as one of another `kind`, with all its tries; raises `Superseded`."""
    now = await database_now(session)
    anew = {"kind": kind, "attempts": 0, "error": None, "run_at": now}
    await _mine(session, taken, state=JobState.queued, lease=None, leased_until=None, **anew)
    session.ring(TOPIC)


async def bury(session: WriteSession, taken: Taken, reason: str) -> None:
    """Let the job be dead, for a person to look at; raises `Superseded`."""
    await _mine(
        session, taken, state=JobState.dead, lease=None, leased_until=None, error=reason, finished_at=clock.now()
    )


async def release(session: WriteSession, taken: Taken) -> None:
    """Give a job back untried, because this process stops."""
    await _mine(session, taken, state=JobState.queued, lease=None, leased_until=None, attempts=taken.attempt - 1)


async def sweep(session: WriteSession) -> None:
    """Drop jobs that were done a week ago; dead ones stay for a person to look at."""
    await session.execute(delete(Job).where(Job.state == JobState.done, Job.finished_at < clock.now() - KEPT))


async def _mine(session: WriteSession, taken: Taken, **values: Any) -> None:
    held = update(Job).where(Job.id == taken.id, Job.lease == taken.lease).values(**values)
    if (await session.execute(held)).rowcount != 1:  # type: ignore[attr-defined] # an update's result has it
        raise Superseded
