"""Spans from events: which value held from when to when, by effective time."""

from collections.abc import Sequence

from sqlalchemy import update

from sightline.core.db import WriteSession
from sightline.events.change import Hold, parse
from sightline.events.models import Event, Span


async def write_spans(session: WriteSession, events: Sequence[Event]) -> None:
    """Open and close spans for a batch of events in commit order (a reader's `handle`)."""
    for event in events:
        if event.issue_id is None:
            continue
        for hold in parse(event.kind, event.payload).holds():
            await _turn(session, event, event.issue_id, hold)


async def _turn(session: WriteSession, event: Event, issue_id: int, hold: Hold) -> None:
    ended = update(Span).where(Span.issue_id == issue_id, Span.field == hold.field, Span.to_at.is_(None))
    if hold.is_on is not None:
        ended = ended.where(Span.value == hold.value)
    await session.execute(ended.values(to_at=event.at))
    if hold.value is not None and hold.is_on is not False:
        session.add(
            Span(issue_id=issue_id, field=hold.field, value=hold.value, from_at=event.at, from_position=event.position)
        )
        await session.flush()
