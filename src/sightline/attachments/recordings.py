"""A recording of requests shows its secrets in every file that it is packed in: administrators alone get those."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from sightline.attachments import queries
from sightline.attachments.changes import Prepared
from sightline.attachments.models import Attachment, Extraction, Serving
from sightline.core.actor import SYSTEM
from sightline.core.db import ReadSession, WriteSession
from sightline.events.log import record
from sightline.extractors.discretion import is_picture


async def holders(session: WriteSession, attachment_id: int) -> Sequence[Attachment]:
    """Lock and return the files that a file is packed in, the outermost first."""
    ids: list[int] = []
    above = await _holder(session, attachment_id)
    while above is not None:
        ids.append(above)
        above = await _holder(session, above)
    chain = select(Attachment).where(Attachment.id.in_(ids)).order_by(Attachment.id)
    locked = chain.with_for_update(of=Attachment, key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all() if ids else []


async def _holder(session: ReadSession, attachment_id: int) -> int | None:
    above: int | None = await session.scalar(select(Attachment.parent_id).where(Attachment.id == attachment_id))
    return above


async def are_inside(session: ReadSession, holder: Attachment) -> bool:
    """Say whether a recording came out of a file before; what is yet to be read opens nothing that is withheld."""
    return any(
        part.serving != Serving.original
        and not is_picture(part.media_type)
        and (part.extraction != Extraction.queued or holder.serving == Serving.withheld)
        for part in await queries.inside(session, holder)
    )


async def withhold(session: WriteSession, files: Iterable[Attachment]) -> None:
    """Give files to administrators alone from now on."""
    for one in files:
        if one.serving == Serving.original:
            await record(session, SYSTEM, one, Prepared(serving=Serving.withheld, copy_size=None))
