"""The jobs of the whole house: what is done to them, and when the regular ones are due."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sightline.attachments import keys
from sightline.attachments import service as attachments
from sightline.attachments.quotas import Quotas
from sightline.attachments.service import EXTRACT, EXTRACT_LATER, SWEEP_FILES
from sightline.attachments.storage import Storage
from sightline.core import idempotency
from sightline.core.config import Settings
from sightline.core.db import Database, WriteSession
from sightline.facts import extraction
from sightline.facts.extraction import RECOGNISE
from sightline.jobs import queue
from sightline.jobs.queue import Taken
from sightline.jobs.worker import Handler, Schedule
from sightline.readers.insights.counts import recount
from sightline.users import throttle

RECOUNT = "insights.recount"
SWEEP = "sweep"

# Jobs that run at once in a process: a file that takes seconds, the thousands that come out of archives or are read
# again, or a picture being recognised, delay nobody's file.
# Nor does any of it delay what the house does for itself.
SHORT = frozenset({EXTRACT})
OWN = frozenset({RECOUNT, SWEEP, SWEEP_FILES})
LANES = (SHORT, SHORT | {EXTRACT_LATER}, frozenset({RECOGNISE}), OWN)


def handlers(storage: Storage, settings: Settings) -> dict[str, Handler]:
    """Return what to do with each kind of job."""

    async def sweep_files(database: Database, taken: Taken) -> None:
        await attachments.sweep(database, storage)
        await keys.sweep(database, storage)
        async with database.writing() as session:
            await queue.finish(session, taken)

    return {
        **extraction.handlers(storage, settings.max_upload_mb * 2**20, Quotas.of(settings)),
        RECOUNT: _in_one_transaction(recount),
        SWEEP: _in_one_transaction(idempotency.forget_old, throttle.sweep, queue.sweep),
        SWEEP_FILES: Handler(sweep_files),
    }


def _in_one_transaction(*steps: Callable[[WriteSession], Awaitable[None]]) -> Handler:
    async def run(database: Database, taken: Taken) -> None:
        async with database.writing() as session:
            for step in steps:
                await step(session)
            await queue.finish(session, taken)

    return Handler(run)


def schedules(settings: Settings) -> tuple[Schedule, ...]:
    """Return the regular jobs."""
    return (
        Schedule(RECOUNT, timedelta(minutes=settings.stats_aggregation_interval_minutes)),
        Schedule(SWEEP, timedelta(minutes=15)),
        Schedule(SWEEP_FILES, timedelta(hours=1)),
    )
