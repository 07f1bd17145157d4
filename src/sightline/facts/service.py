"""Correcting and stating facts."""

from sqlalchemy.exc import IntegrityError

from sightline.core.actor import Actor
from sightline.core.db import WriteSession
from sightline.core.errors import Conflict
from sightline.events.log import record
from sightline.facts import queries
from sightline.facts.changes import Corrected, Stated
from sightline.facts.models import Fact, FactType
from sightline.facts.schemas import FactEdit, FactWish
from sightline.facts.values import normalised
from sightline.issues import queries as issues
from sightline.issues.refs import Ref


async def correct(session: WriteSession, actor: Actor, fact_id: int, wish: FactEdit) -> Fact:
    """Let a person say what is right; it wins over every later reading. Raises `NotFound`, `Invalid`."""
    fact = await queries.get_visible(session, actor, fact_id)
    after = normalised(FactType(fact.type), wish.value)
    if after != fact.value or fact.corrected_by_id is None:
        await record(
            session, actor, fact, Corrected(name=fact.name, by_id=actor.id or 0, before=fact.value, after=after)
        )
    return fact


async def state(session: WriteSession, actor: Actor, ref: Ref, wish: FactWish) -> Fact:
    """State a fact of an issue; raises `Conflict` when the issue has one of that name."""
    issue = await issues.get_visible(session, actor, ref)
    value = normalised(wish.type, wish.value)
    fact = Fact()
    stated = Stated(issue_id=issue.id, name=wish.name, type=wish.type, by_id=actor.id or 0, value=value)
    try:
        await record(session, actor, fact, stated)
    except IntegrityError as error:
        raise Conflict("The issue has a fact of this name; correct that one.", code="fact_exists") from error
    return fact
