"""The story, told through the services: log, counts and jobs are as if people had done it."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select

from sightline.attachments import service as attachments
from sightline.attachments.quotas import Quotas
from sightline.attachments.storage import Storage
from sightline.attachments.upload import Arrived
from sightline.core.actor import Actor
from sightline.core.db import ReadSession, WriteSession, claim
from sightline.core.errors import Conflict
from sightline.filing import service as filing
from sightline.issues import service as issues
from sightline.issues.models import Issue
from sightline.issues.queries import get_visible
from sightline.issues.refs import Ref
from sightline.issues.schemas import IssueEdit, IssueWish, LabelSet
from sightline.projects import service as projects
from sightline.projects.schemas import ProjectWish
from sightline.samples.story import PEOPLE, PROJECTS, STORY, Told

LIMIT: Final = 2**20
_ENOUGH: Final = Quotas(of_issue=LIMIT, of_user_a_day=LIMIT)
Turn = Callable[[timedelta], None]


async def bring(storage: Storage, told: Told) -> list[Arrived]:
    """Store the file of an issue."""

    async def chunks() -> AsyncIterator[bytes]:
        yield text.encode()

    if told.file is None:
        return []
    name, text = told.file
    return [Arrived(name, await storage.put(chunks(), LIMIT))]


async def found(session: WriteSession, actor: Actor) -> None:
    """Make the projects; raises `Conflict` when there is one of that key."""
    for key, name, description in PROJECTS:
        await projects.create(session, actor, ProjectWish(key=key, name=name, description=description))


async def must_be_empty(session: ReadSession | WriteSession) -> None:
    """Raise `Conflict` when there are issues already."""
    if await session.scalar(select(exists().where(Issue.id.is_not(None)))):
        raise Conflict("There are issues already; sample data goes into an empty tracker.", code="not_empty")


async def tell(session: WriteSession, actor: Actor, files: Sequence[list[Arrived]]) -> None:
    """Let everything happen at this moment, by one person.

    Raises `Conflict` when there are issues already, or when they are being made.
    """
    if not await claim(session, "samples"):
        raise Conflict("Sample data is being filled in at this moment.", code="not_empty")
    await must_be_empty(session)
    await found(session, actor)
    for told, arrived in zip(STORY, files, strict=True):
        await happen(session, [actor] * len(PEOPLE), told, arrived, lambda _ago: None)


async def happen(
    session: WriteSession, team: Sequence[Actor], told: Told, files: list[Arrived], turn_back: Turn
) -> None:
    """File one issue and let its steps follow; `turn_back` sets the clock to so long ago."""
    filed_ago = timedelta(days=told.days_ago)
    turn_back(filed_ago)
    staged = await attachments.store(session, team[told.by], files)
    wish = IssueWish(**told.wish, attachment_ids=[file.id for file in staged])
    ref = Ref(id=(await filing.file(session, team[told.by], wish, _ENOUGH)).id)
    for step in told.steps:
        turn_back(filed_ago - timedelta(hours=step.hours))
        seen = (await get_visible(session, team[step.by], ref)).version
        await issues.edit(session, team[step.by], ref, IssueEdit(**step.edit), seen)
        if told.labels and step is told.steps[0]:
            await issues.relabel(session, team[step.by], ref, LabelSet(label_names=list(told.labels)))
