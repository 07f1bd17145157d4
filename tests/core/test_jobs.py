"""The durable queue: tried again, given up, taken over, planned once, given back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from sightline.attachments.service import EXTRACT, EXTRACT_LATER
from sightline.core import clock
from sightline.core.actor import SYSTEM
from sightline.core.config import Settings
from sightline.core.db import Database
from sightline.core.errors import StorageFull, Unavailable
from sightline.facts.extraction import RECOGNISE
from sightline.house import House
from sightline.jobs import queue
from sightline.jobs.models import Job, JobState
from sightline.jobs.queue import Superseded, Taken
from sightline.jobs.worker import Handler, JobFailed, Schedule, Worker
from sightline.projects.models import Project
from sightline.projects.schemas import ProjectWish
from sightline.projects.service import create
from tests.facts.quiet import quiet
from tests.world import World

Run = Callable[[Database, Taken], Awaitable[None]]


@pytest.fixture
async def still(settings: Settings) -> AsyncIterator[World]:
    """Give an application whose own worker rests."""
    async with quiet(settings) as world:
        yield world
    clock.reset()


async def enqueued(world: World, kind: str = "try", *, attempts: int = 3, dedup: str | None = None) -> bool:
    async with world.house.database.writing() as session:
        return await queue.enqueue(session, kind, {"n": 7}, attempts=attempts, dedup=dedup)


async def jobs(world: World) -> list[Job]:
    async with world.house.database.reading() as session:
        return list(await session.scalars(select(Job).order_by(Job.id)))


def worker(
    world: World, run: Run, *schedules: Schedule, give_up: Callable[..., Awaitable[None]] | None = None
) -> Worker:
    return Worker(world.house.database, world.house.bell, {"try": Handler(run, give_up)}, schedules)


async def finish(database: Database, taken: Taken) -> None:
    async with database.writing() as session:
        await queue.finish(session, taken)


async def test_whoever_brings_many_lets_others_in_between(still: World) -> None:
    order: list[str] = []

    async def run(database: Database, taken: Taken) -> None:
        order.append(taken.payload["of"])
        await finish(database, taken)

    for line in ("many", "many", "many", "few"):
        async with still.house.database.writing() as session:
            await queue.enqueue(session, "try", {"of": line}, line=line)
        clock.turn(timedelta(seconds=1))
    own = worker(still, run)
    while await own.run_one():
        pass
    assert order == ["many", "few", "many", "many"]


async def test_files_take_turns_by_who_sent_them(still: World) -> None:
    rae, rob = [await still.person(name) for name in ("Rae", "Rob")]
    sent = [(await person.upload("a.txt", b"a"))["id"] for person in (rae, rae, rae, rob)]
    async with still.house.database.reading() as session:
        waiting = await session.scalars(select(Job).where(Job.kind == EXTRACT).order_by(Job.turn))
        assert [job.payload["attachment_id"] for job in waiting] == [sent[0], sent[3], sent[1], sent[2]]


async def test_a_failing_job_is_tried_again_after_growing_pauses_and_then_dead(still: World) -> None:
    told: list[str] = []

    async def fails(_database: Database, taken: Taken) -> None:
        raise JobFailed(f"try {taken.attempt} failed")

    async def give_up(_database: Database, _taken: Taken, reason: str) -> None:
        told.append(reason)

    own = worker(still, fails, give_up=give_up)
    await enqueued(still, attempts=3)
    for attempt, longest in ((1, 2.4), (2, 4.8)):
        assert await own.run_one()
        [job] = await jobs(still)
        assert (job.state, job.attempts, job.error) == (JobState.queued, attempt, f"try {attempt} failed")
        assert not await own.run_one(), "not before its pause is over"
        clock.turn(timedelta(seconds=longest))
    assert await own.run_one()
    [job] = await jobs(still)
    assert (job.state, job.error, job.lease) == (JobState.dead, "try 3 failed", None)
    assert told == ["try 3 failed"]
    clock.turn(timedelta(days=1))
    assert not await own.run_one()


async def test_a_job_that_can_never_be_done_is_not_tried_again(still: World) -> None:
    async def fails(_database: Database, _taken: Taken) -> None:
        raise JobFailed("never", is_final=True)

    await enqueued(still, attempts=3)
    assert await worker(still, fails).run_one()
    [job] = await jobs(still)
    assert (job.state, job.attempts, job.error) == (JobState.dead, 1, "never")


@pytest.mark.parametrize("error", [Unavailable("The store is away."), StorageFull()])
async def test_a_job_waits_untried_for_what_is_away_or_full(still: World, error: Exception) -> None:
    async def waits(_database: Database, _taken: Taken) -> None:
        raise error

    await enqueued(still, attempts=1)
    assert await worker(still, waits).run_one()
    [job] = await jobs(still)
    assert (job.state, job.attempts) == (JobState.queued, 0)


async def test_a_crash_tells_its_kind_and_nothing_of_its_inside(still: World) -> None:
    async def crashes(_database: Database, _taken: Taken) -> None:
        raise ZeroDivisionError("secret 4711")

    await enqueued(still)
    await worker(still, crashes).run_one()
    assert (await jobs(still))[0].error == "the job crashed: ZeroDivisionError"


async def test_a_job_handed_over_has_all_its_tries_and_is_run_by_the_lane_of_its_new_kind(still: World) -> None:
    done: list[tuple[str, int]] = []

    async def looks(database: Database, taken: Taken) -> None:
        async with database.writing() as session:
            await queue.hand_over(session, taken, "slow")

    async def works(database: Database, taken: Taken) -> None:
        done.append((taken.kind, taken.attempt))
        await finish(database, taken)

    both = {"try": Handler(looks), "slow": Handler(works)}
    own = Worker(still.house.database, still.house.bell, both, ())
    await enqueued(still, attempts=1, dedup="one")
    assert await own.run_one(frozenset({"try"}))
    assert not await own.run_one(frozenset({"try"}))
    assert await own.run_one(frozenset({"slow"}))
    assert done == [("slow", 1)]
    [job] = await jobs(still)
    assert (job.state, job.dedup) == (JobState.done, "one")


def test_every_kind_of_job_has_a_lane_and_none_that_takes_long_keeps_a_file_waiting(settings: Settings) -> None:
    worker = House(settings).worker
    assert frozenset().union(*worker.lanes) == worker.kinds
    assert any(EXTRACT in lane and EXTRACT_LATER not in lane for lane in worker.lanes)
    assert [RECOGNISE in lane for lane in worker.lanes].count(False) >= 2
    assert all(lane == {RECOGNISE} for lane in worker.lanes if RECOGNISE in lane)


async def test_the_regular_jobs_of_a_house_at_work_are_done(settings: Settings) -> None:
    house = House(settings)
    async with house.open(), house.at_work(), asyncio.timeout(30):
        done: set[str] = set()
        while done != {schedule.kind for schedule in house.worker.schedules}:
            await asyncio.sleep(0.02)
            async with house.database.reading() as session:
                done = set(await session.scalars(select(Job.kind).where(Job.state == JobState.done)))
    assert len(done) == 3


async def test_of_a_run_that_lost_its_lease_nothing_is_kept(still: World) -> None:
    async def works_too_long(database: Database, taken: Taken) -> None:
        clock.turn(queue.LEASE + timedelta(seconds=1))
        async with database.writing() as session:
            other = await queue.take(session, {"try"})
        assert other
        assert (other.id, other.attempt) == (taken.id, 2)
        async with database.writing() as session:
            await create(session, SYSTEM, ProjectWish(key="LATE", name="Late"))
            await queue.finish(session, taken)

    await enqueued(still)
    assert await worker(still, works_too_long).run_one()
    async with still.house.database.reading() as session:
        assert await session.scalar(select(func.count()).where(Project.key == "LATE")) == 0
    [job] = await jobs(still)
    assert (job.state, job.attempts) == (JobState.running, 2)


async def test_a_held_job_is_nobody_elses_until_its_lease_is_over(still: World) -> None:
    await enqueued(still)
    database = still.house.database
    async with database.writing() as session:
        mine = await queue.take(session, {"try"})
    assert mine
    clock.turn(timedelta(seconds=50))
    async with database.writing() as session:
        await queue.renew(session, mine)
    clock.turn(timedelta(seconds=50))
    async with database.writing() as session:
        assert await queue.take(session, {"try"}) is None
    clock.turn(timedelta(seconds=11))
    async with database.writing() as session:
        assert await queue.take(session, {"try"})
    for ending in (queue.renew, queue.finish, queue.release):
        with pytest.raises(Superseded):
            async with database.writing() as session:
                await ending(session, mine)


async def test_a_job_whose_workers_die_is_dead_after_its_tries(still: World) -> None:
    await enqueued(still, attempts=2)
    for _ in range(2):
        async with still.house.database.writing() as session:
            assert await queue.take(session, {"try"})
        clock.turn(queue.LEASE + timedelta(seconds=1))
    await worker(still, finish).run_one()
    [job] = await jobs(still)
    assert (job.state, job.error) == (JobState.dead, "the worker died 2 times during this job")


async def test_every_slot_of_a_schedule_is_planned_once_however_many_workers_plan(still: World) -> None:
    ran = asyncio.Queue[int]()

    async def note(database: Database, taken: Taken) -> None:
        await finish(database, taken)
        ran.put_nowait(taken.id)

    every = Schedule("try", timedelta(minutes=15))
    tasks = [asyncio.create_task(worker(still, note, every).run(frozenset({"try"}))) for _ in range(3)]
    try:
        async with asyncio.timeout(30):
            await ran.get()
            clock.turn(timedelta(minutes=15))
            still.house.bell.ring({queue.TOPIC})
            await ran.get()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    assert ran.empty()
    planned = [job.dedup for job in await jobs(still)]
    assert len(planned) == len(set(planned)) == 2


async def test_the_same_work_is_queued_once(still: World) -> None:
    assert [await enqueued(still, dedup="once") for _ in range(2)] == [True, False]
    assert len(await jobs(still)) == 1


async def test_a_worker_that_stops_gives_its_job_back_untried(still: World) -> None:
    begun = asyncio.Event()

    async def waits(_database: Database, _taken: Taken) -> None:
        begun.set()
        await asyncio.Event().wait()

    await enqueued(still)
    running = asyncio.create_task(worker(still, waits).run(frozenset({"try"})))
    async with asyncio.timeout(30):
        await begun.wait()
    running.cancel()
    await asyncio.wait([running])
    [job] = await jobs(still)
    assert (job.state, job.attempts, job.lease) == (JobState.queued, 0, None)
    assert await worker(still, finish).run_one()
    assert (await jobs(still))[0].state == JobState.done


async def test_many_workers_do_each_job_once(still: World) -> None:
    done: list[int] = []

    async def note(database: Database, taken: Taken) -> None:
        await finish(database, taken)
        done.append(taken.id)

    for _ in range(12):
        await enqueued(still)

    async def until_idle() -> None:
        own = worker(still, note)
        while await own.run_one():
            pass

    await asyncio.gather(*(until_idle() for _ in range(4)))
    assert sorted(done) == [job.id for job in await jobs(still)]
    assert {job.state for job in await jobs(still)} == {JobState.done}


async def test_done_jobs_go_after_a_week_and_dead_ones_stay(still: World) -> None:
    async def fails(_database: Database, _taken: Taken) -> None:
        raise JobFailed("no")

    await enqueued(still)
    await worker(still, finish).run_one()
    await enqueued(still, attempts=1)
    await worker(still, fails).run_one()
    clock.turn(queue.KEPT + timedelta(minutes=1))
    async with still.house.database.writing() as session:
        await queue.sweep(session)
    assert [job.state for job in await jobs(still)] == [JobState.dead]


async def test_a_missed_heartbeat_does_not_end_the_heart(still: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.jobs.worker.HEARTBEAT_SECONDS", 0.01)
    missed = asyncio.Event()
    engine = still.house.database.writer.sync_engine

    def fail_once(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "leased_until" in statement and statement.startswith("UPDATE jobs SET leased_until") and not missed.is_set():
            missed.set()
            raise ConnectionResetError

    async def waits_for_a_later_beat(database: Database, taken: Taken) -> None:
        await missed.wait()
        before = (await jobs(still))[0].leased_until
        async with asyncio.timeout(30):
            while (await jobs(still))[0].leased_until == before:  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.01)
        await finish(database, taken)

    await enqueued(still)
    event.listen(engine, "before_cursor_execute", fail_once)
    try:
        assert await worker(still, waits_for_a_later_beat).run_one()
    finally:
        event.remove(engine, "before_cursor_execute", fail_once)
    assert [job.state for job in await jobs(still)] == [JobState.done]


async def test_a_long_job_holds_up_no_other(still: World) -> None:
    ended, second = asyncio.Event(), asyncio.Event()

    async def run(database: Database, taken: Taken) -> None:
        if taken.id == first:
            await ended.wait()
        await finish(database, taken)
        second.set()

    await enqueued(still)
    [job] = await jobs(still)
    first = job.id
    own = worker(still, run)
    own.lanes = (own.kinds, own.kinds)
    still.house.worker = own
    async with still.house.at_work(), asyncio.timeout(30):
        await enqueued(still)
        await second.wait()
        assert [job.state for job in await jobs(still)] == [JobState.running, JobState.done]
        ended.set()
