"""Reading files again after a reader became better."""

from typing import Final

from sqlalchemy import or_, select

from sightline.attachments import service as attachments
from sightline.attachments.models import Attachment
from sightline.core.db import Database

AT_ONCE: Final = 500


async def rebuild(database: Database, kind: str | None) -> int:
    """Let all files be read again, or those of one kind and those whose kind nobody knew; give their number.

    What a person corrected stays; what is read otherwise than before is an event.
    """
    wanted = select(Attachment.id).where(Attachment.discarded_at.is_(None), Attachment.storage_key.is_not(None))
    if kind is not None:
        wanted = wanted.where(or_(Attachment.kind == kind, Attachment.kind.is_(None)))
    number, last = 0, 0
    while True:
        async with database.writing() as session:
            ids = (
                await session.scalars(wanted.where(Attachment.id > last).order_by(Attachment.id).limit(AT_ONCE))
            ).all()
            for attachment_id in ids:
                await attachments.extract_again(session, attachment_id)
        if not ids:
            return number
        number, last = number + len(ids), ids[-1]
