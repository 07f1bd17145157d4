"""Making and finding labels."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sightline.core.actor import Actor, May
from sightline.core.db import WriteSession, serialise
from sightline.core.errors import Conflict, Invalid
from sightline.events.log import record
from sightline.labels.changes import Created, name_key
from sightline.labels.models import Label
from sightline.labels.schemas import LabelWish


async def create(session: WriteSession, actor: Actor, wish: LabelWish) -> Label:
    """Make a label; raises `Conflict` when the name is taken."""
    actor.must(May.create_labels)
    label = Label()
    try:
        await record(session, actor, label, Created(name=wish.name, colour=wish.colour, description=wish.description))
    except IntegrityError as error:
        raise Conflict("There is a label with this name.", code="name_taken") from error
    return label


async def named(session: WriteSession, actor: Actor, names: Sequence[str]) -> list[Label]:
    """Return the labels of these names, making unknown ones when the actor may; raises `Invalid` when not."""
    wanted = {name_key(name): name for name in names}
    known = await _known(session, wanted)
    if missing := wanted.keys() - known.keys():
        if not actor.may(May.create_labels):
            raise Invalid("labels", "there is no such label")
        await serialise(session, "labels")
        known = await _known(session, wanted)
        for key in sorted(missing - known.keys()):
            known[key] = await create(session, actor, LabelWish(name=wanted[key]))
    return [known[key] for key in sorted(known)]


async def _known(session: WriteSession, wanted: dict[str, str]) -> dict[str, Label]:
    found = await session.scalars(select(Label).where(Label.name_key.in_(wanted)))
    return {label.name_key: label for label in found}
