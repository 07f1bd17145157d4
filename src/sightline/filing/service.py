"""An issue with its files."""

from sightline.attachments import service as attachments
from sightline.core.actor import Actor
from sightline.core.db import WriteSession
from sightline.issues import service as issues
from sightline.issues.models import Issue
from sightline.issues.schemas import IssueWish


async def file(session: WriteSession, actor: Actor, wish: IssueWish) -> Issue:
    """Make an issue that takes the staged files it names; all or nothing."""
    issue = await issues.file(session, actor, wish)
    await attachments.claim(session, actor, issue, wish.attachment_ids)
    return issue
