"""How much one issue may hold, and how much one person, or all without an account, may send in a day."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple, Self

from sqlalchemy import func, select

from sightline.attachments.models import Attachment
from sightline.core import clock
from sightline.core.actor import Actor
from sightline.core.config import Settings
from sightline.core.db import ReadSession, WriteSession, serialise
from sightline.core.errors import TooLarge
from sightline.issues.models import Issue

DAY: Final = timedelta(hours=24)
MB: Final = 2**20


class Quotas(NamedTuple):
    """Most bytes of files sent; of those that came out of them as much again. What was taken away does not count."""

    of_issue: int
    of_user_a_day: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the settings allow."""
        return cls(settings.max_issue_mb * MB, settings.max_user_mb_per_day * MB)


async def must_fit_user(session: ReadSession, actor: Actor, arriving: int, quotas: Quotas) -> None:
    """Raise `TooLarge` when a person sends more than they may in 24 hours."""
    sent = select(func.coalesce(func.sum(Attachment.size), 0)).where(
        Attachment.uploader_id == actor.id,
        Attachment.created_at > clock.now() - DAY,
        Attachment.parent_id.is_(None),
        Attachment.discarded_at.is_(None),
    )
    if (await session.scalar(sent) or 0) + arriving > quotas.of_user_a_day:
        raise TooLarge(_told(actor, quotas), code="user_quota", headers={"Connection": "close"})


def _told(actor: Actor, quotas: Quotas) -> str:
    if actor.id is None:
        return "As many files as may come in 24 hours have come; send yours tomorrow, or words alone now."
    return f"You may send at most {quotas.of_user_a_day // MB} MB of files in 24 hours; take some away, or wait."


async def room_inside(session: ReadSession, uploader_id: int | None, quotas: Quotas) -> int:
    """Return how many bytes may still come out of the files of one sender today: as many as they may send."""
    came_out = select(func.coalesce(func.sum(Attachment.size), 0)).where(
        Attachment.uploader_id == uploader_id,
        Attachment.created_at > clock.now() - DAY,
        Attachment.parent_id.is_not(None),
        Attachment.storage_key.is_not(None),
    )
    return max(quotas.of_user_a_day - (await session.scalar(came_out) or 0), 0)


async def admit(session: WriteSession, actor: Actor, sizes: Iterable[int], quotas: Quotas) -> None:
    """Do what `must_fit_user` does, so that of uploads at the same moment none slips through."""
    await serialise(session, f"files of {actor.id}")
    await must_fit_user(session, actor, sum(sizes), quotas)


async def must_fit_issue(session: ReadSession, issue: Issue, quotas: Quotas) -> None:
    """Raise `TooLarge` when the files of a locked issue are more than it may hold."""
    held = select(func.coalesce(func.sum(Attachment.size), 0)).where(
        Attachment.issue_id == issue.id, Attachment.parent_id.is_(None), Attachment.discarded_at.is_(None)
    )
    if (await session.scalar(held) or 0) > quotas.of_issue:
        raise TooLarge(f"An issue may hold at most {quotas.of_issue // MB} MB of files.", code="issue_quota")
