"""Keeps `issues.last_position`, so that what a reporter may see has a position too."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import update

from sightline.core.db import WriteSession
from sightline.events.models import Event
from sightline.issues.models import Issue
from sightline.readers.runner import Reader


async def _handle(session: WriteSession, events: Sequence[Event]) -> None:
    newest = {e.issue_id: e.position for e in events if e.issue_id is not None and not e.is_for_team}
    for issue_id in sorted(newest):
        await session.execute(update(Issue).where(Issue.id == issue_id).values(last_position=newest[issue_id]))


POSITIONS: Final = Reader("positions", _handle)
