"""Every process follows the log with a cursor in memory and tells its subscribers."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from typing import Final

import structlog
from sqlalchemy import select

from sightline.core import metrics
from sightline.core.actor import Actor
from sightline.core.db import Database
from sightline.events.bell import Bell, rung
from sightline.events.log import TOPIC
from sightline.events.models import Event
from sightline.events.stamp import last_position, stamp
from sightline.readers.live.messages import RESYNC, Message, identify, position_of, render

BATCH: Final = 500
POLL_SECONDS: Final = 1.0
FARTHEST: Final = 10_000
BACKLOG: Final = 2_000
CUTTING: Final = frozenset(
    {"session.ended", "token.revoked", "user.role_changed", "user.activity_changed", "user.deleted"}
)

log = structlog.get_logger(__name__)


class Subscriber:
    """One open stream: who it is for, from where, and what waits to be sent; None in the queue ends it."""

    def __init__(self, actor: Actor, issue_id: int | None, start: int) -> None:
        self.actor, self.issue_id, self.start = actor, issue_id, start
        self.queue: asyncio.Queue[Message | None] = asyncio.Queue()

    def tell(self, messages: Iterable[Message]) -> None:
        """Queue messages; a reader too slow to take them is sent to look anew, and cut."""
        for message in messages:
            if self.queue.qsize() >= BACKLOG:
                self.queue.put_nowait(_resync(message.id))
                self.end()
                return
            if self.issue_id is None or self.issue_id in {message.body.get("issue"), message.body.get("id")}:
                self.queue.put_nowait(message)

    async def take(self) -> Message | None:
        """Return the next message after `start`, or None at the end."""
        while (message := await self.queue.get()) is not None and (position_of(message.id) or 0) <= self.start:
            pass
        return message

    def end(self) -> None:
        """End the stream after what is queued."""
        self.queue.put_nowait(None)

    def is_cut_by(self, event: Event) -> bool:
        """Tell whether an event takes away the credential or the standing this stream was opened with."""
        actor = self.actor
        held = {"session": actor.session_id, "token": actor.token_id, "user": actor.id}
        return event.kind in CUTTING and held.get(event.subject_type) == event.subject_id


class Tail:
    """The follower of one process."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database, self._bell = database, bell
        self._position = 0
        self._started = asyncio.Event()
        self._subscribers: set[Subscriber] = set()
        self._is_closing = False

    async def run(self) -> None:
        """Follow the log until cancelled."""
        with self._bell.listen(TOPIC) as waiter:
            while True:
                try:
                    await self._advance()
                except Exception:
                    log.exception("live feed failed; trying again")
                await rung(waiter, POLL_SECONDS)

    async def _advance(self) -> None:
        await stamp(self._database)
        if not self._started.is_set():
            async with self._database.reading() as session:
                self._position = await last_position(session)
            self._started.set()
        while await self._tell_next():
            pass

    async def _tell_next(self) -> bool:
        async with self._database.reading() as session:
            following = select(Event).where(Event.position > self._position).order_by(Event.position).limit(BATCH)
            events = (await session.scalars(following)).all()
            if not events:
                return False
            # Together: who subscribes while this is rendered begins after it, and is not told of it here.
            told, before, self._position = set(self._subscribers), self._position, events[-1].position or 0
            people = {one.actor.id for one in told if one.actor.id is not None}
            try:
                batch = await render(session, events, people) if people else None
            except BaseException:
                self._position = before
                raise
        for one in told:
            # What happened after the cut is not for this stream, also when both were read at once.
            cut = next((number for number, event in enumerate(events) if one.is_cut_by(event)), None)
            if batch is not None:
                one.tell(batch.for_person(one.actor.id or 0, cut))
            if cut is not None:
                one.end()
        return len(events) == BATCH

    def end_all(self) -> None:
        """End every stream, and those that still come, because the server stops."""
        self._is_closing = True
        for one in self._subscribers:
            one.end()

    @contextlib.asynccontextmanager
    async def subscribe(self, actor: Actor, issue_id: int | None) -> AsyncIterator[Subscriber]:
        """Hold a subscription from the present position on."""
        await self._started.wait()
        subscriber = Subscriber(actor, issue_id, self._position)
        self._subscribers.add(subscriber)
        if self._is_closing:
            subscriber.end()
        metrics.STREAMS.inc()
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)
            metrics.STREAMS.dec()

    async def messages(self, subscriber: Subscriber, after: str | None) -> AsyncGenerator[Message]:
        """Yield what happened after `after`, then what happens, until the stream ends."""
        if after is not None:
            async for missed in self._missed(subscriber, after):
                yield missed
        while (message := await subscriber.take()) is not None:
            yield message

    async def _missed(self, subscriber: Subscriber, after: str) -> AsyncIterator[Message]:
        position = position_of(after)
        if position is None or position < subscriber.start - FARTHEST or not await self._has(position):
            yield _resync(identify(subscriber.start))
            return
        # A page or another process may be ahead of this one; what it knows is not told again.
        start, subscriber.start = subscriber.start, max(subscriber.start, position)
        while position < start:
            async with self._database.reading() as session:
                between = (Event.position > position, Event.position <= start)
                events = (
                    await session.scalars(select(Event).where(*between).order_by(Event.position).limit(BATCH))
                ).all()
                batch = await render(session, events, {subscriber.actor.id or 0})
            position = events[-1].position or 0
            replayed = Subscriber(subscriber.actor, subscriber.issue_id, 0)
            replayed.tell(batch.for_person(subscriber.actor.id or 0))
            while not replayed.queue.empty():
                yield replayed.queue.get_nowait()  # type: ignore[misc] # this queue holds no end mark

    async def _has(self, position: int) -> bool:
        if position <= self._position:
            return True
        async with self._database.reading() as session:
            return position <= await last_position(session)


def _resync(at: str) -> Message:
    return Message(at, RESYNC, {"kind": RESYNC})
