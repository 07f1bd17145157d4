"""An issue with its files."""

from collections.abc import Sequence

from sightline.attachments import service as attachments
from sightline.attachments.quotas import Quotas
from sightline.core.actor import Actor
from sightline.core.db import WriteSession
from sightline.events.log import record
from sightline.issues import queries
from sightline.issues import service as issues
from sightline.issues.changes import Recurred
from sightline.issues.models import Issue
from sightline.issues.refs import Ref
from sightline.issues.schemas import IssueWish


async def file(session: WriteSession, actor: Actor, wish: IssueWish, quotas: Quotas) -> Issue:
    """Make an issue that takes the staged files it names; all or nothing."""
    issue = await issues.file(session, actor, wish)
    await attachments.claim(session, actor, issue, wish.attachment_ids, quotas)
    return issue


async def add_occurrence(
    session: WriteSession, actor: Actor, ref: Ref, attachment_ids: Sequence[int], quotas: Quotas
) -> Issue:
    """Count that an issue was seen again, and give it the staged files that show it.

    Raises `NotFound`, `Invalid`, `TooLarge`.
    """
    issue = await queries.get_visible(session, actor, ref, locked=True)
    await attachments.claim(session, actor, issue, attachment_ids, quotas)
    await record(session, actor, issue, Recurred(before=issue.occurrences, after=issue.occurrences + 1))
    return issue
