"""Runs due jobs until told to stop; any number of workers in any number of processes."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from sightline.core import metrics
from sightline.core.db import Database, database_now
from sightline.core.errors import StorageFull, Unavailable
from sightline.events.bell import Bell, rung
from sightline.jobs import queue
from sightline.jobs.queue import Superseded, Taken

POLL_SECONDS: Final = 2.0
HEARTBEAT_SECONDS: Final = queue.LEASE.total_seconds() / 3

log = structlog.get_logger(__name__)


class JobFailed(Exception):
    """The job cannot be done (now, or `is_final`: ever); the text is a sentence for a person."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do with jobs of one kind: `run` does the work and calls `queue.finish` with its effects.

    `give_up` records that the job is dead. Both may run more than once.
    """

    run: Callable[[Database, Taken], Awaitable[None]]
    give_up: Callable[[Database, Taken, str], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job of `kind` in every slot of length `every` (slots count from the epoch)."""

    kind: str
    every: timedelta

    def slot(self, now: datetime) -> str:
        """Return the dedup key of the slot that `now` lies in."""
        start = int((now - datetime.fromtimestamp(0, UTC)) / self.every)
        return f"{self.kind}@{start * self.every}"


class Worker:
    """Works in as many loops as call `run`; cancelling one gives its job back to the queue within a moment.

    In each of `lanes` one loop is to run, for jobs of these kinds only: a lane of their own is for those that take long.
    The jobs of `schedules` are planned by a loop that runs their kind.
    """

    def __init__(
        self,
        database: Database,
        bell: Bell,
        handlers: Mapping[str, Handler],
        schedules: tuple[Schedule, ...],
        *,
        lanes: tuple[frozenset[str], ...] = (),
    ) -> None:
        self._database, self._bell = database, bell
        self._handlers, self.schedules = handlers, schedules
        self.kinds = frozenset(handlers)
        self.lanes = lanes or (self.kinds,)

    async def run(self, kinds: frozenset[str]) -> None:
        """Work on jobs of these kinds until cancelled."""
        with self._bell.listen(queue.TOPIC) as waiter:
            while True:
                try:
                    await self._plan(kinds)
                    while await self.run_one(kinds):
                        pass
                except Exception:
                    log.exception("worker failed; trying again")
                await rung(waiter, POLL_SECONDS)

    async def _plan(self, kinds: frozenset[str]) -> None:
        schedules = [schedule for schedule in self.schedules if schedule.kind in kinds]
        if not schedules:
            return
        async with self._database.reading() as session:
            now = await database_now(session)
            due = {schedule.slot(now): schedule.kind for schedule in schedules}
            known = await queue.known(session, due)
        if due.keys() <= known:
            return
        async with self._database.writing() as session:
            for slot in sorted(due.keys() - known):
                await queue.enqueue(session, due[slot], {}, dedup=slot)

    async def run_one(self, kinds: frozenset[str] | None = None) -> bool:
        """Take and run one job, of these kinds or of any; tell whether there was one."""
        kinds = kinds or self.kinds
        async with self._database.reading() as session:
            if not await queue.is_due(session, kinds):
                return False
        async with self._database.writing() as session:
            taken = await queue.take(session, kinds)
        if taken is None:
            return False
        if taken.is_spent:
            await self._give_up(taken, f"the worker died {taken.attempt} times during this job")
        else:
            await self._work(taken)
        return True

    async def _work(self, taken: Taken) -> None:
        structlog.contextvars.bind_contextvars(job=taken.id)
        beating = asyncio.create_task(self._beat(taken))
        try:
            await self._handlers[taken.kind].run(self._database, taken)
            metrics.JOB_RUNS.labels(taken.kind, "done").inc()
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(taken))
            raise
        except Superseded:
            log.warning("lease lost; another worker has this job", kind=taken.kind)
        except JobFailed as error:
            await self._failed(taken, str(error), is_final=error.is_final)
        except (Unavailable, StorageFull) as error:
            await self._postpone(taken, error.detail)
        except Exception as error:
            log.exception("job crashed", kind=taken.kind)
            await self._failed(taken, f"the job crashed: {type(error).__name__}")
        finally:
            beating.cancel()
            structlog.contextvars.unbind_contextvars("job")

    async def _beat(self, taken: Taken) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                async with self._database.writing() as session:
                    await queue.renew(session, taken)
            except Superseded:
                return
            except Exception:
                log.exception("heartbeat missed; the next one may still be in time")

    async def _postpone(self, taken: Taken, reason: str) -> None:
        with contextlib.suppress(Superseded):
            async with self._database.writing() as session:
                await queue.postpone(session, taken, reason)
        self._count(taken, "postponed", reason)

    async def _failed(self, taken: Taken, reason: str, *, is_final: bool = False) -> None:
        if taken.is_last or is_final:
            await self._give_up(taken, reason)
            return
        with contextlib.suppress(Superseded):
            async with self._database.writing() as session:
                await queue.fail(session, taken, reason)
        self._count(taken, "failed", reason)

    async def _give_up(self, taken: Taken, reason: str) -> None:
        """Tell those who wait first, then bury the job, so that a death in between repeats the telling."""
        with contextlib.suppress(Superseded):
            async with self._database.writing() as session:
                await queue.renew(session, taken)
            if give_up := self._handlers[taken.kind].give_up:
                await give_up(self._database, taken, reason)
            async with self._database.writing() as session:
                await queue.bury(session, taken, reason)
        self._count(taken, "dead", reason)

    def _count(self, taken: Taken, outcome: str, reason: str) -> None:
        log.warning("job failed", kind=taken.kind, reason=reason, attempt=taken.attempt, outcome=outcome)
        metrics.JOB_RUNS.labels(taken.kind, outcome).inc()

    async def _give_back(self, taken: Taken) -> None:
        with contextlib.suppress(Superseded):
            async with self._database.writing() as session:
                await queue.release(session, taken)
