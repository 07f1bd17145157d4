"""What was read from a file becomes its facts and its text."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete

from sightline.attachments.changes import Extracted
from sightline.attachments.models import Attachment, Extraction
from sightline.core.actor import SYSTEM
from sightline.core.db import WriteSession
from sightline.events.log import record, record_many
from sightline.extractors.reading import Fact as FactRead
from sightline.extractors.reading import Reading
from sightline.facts import queries
from sightline.facts.changes import Read, Reread
from sightline.facts.models import Fact, FactType, TextChunk
from sightline.facts.typed import typed

CHUNK: Final = 500


async def keep_reading(session: WriteSession, attachment: Attachment, reading: Reading) -> None:
    """Keep facts and text of a locked file in place of those that were read before; corrections stay."""
    await _keep_facts(session, attachment, list(filter(_has_a_place, reading.facts)))
    await session.execute(delete(TextChunk).where(TextChunk.attachment_id == attachment.id))
    lines = [[one.line, one.text, one.page, one.box] for one in reading.text]
    for ordinal, start in enumerate(range(0, len(lines), CHUNK)):
        session.add(TextChunk(attachment_id=attachment.id, ordinal=ordinal, lines=lines[start : start + CHUNK]))
    status = Extraction.done if reading.kind or reading.facts or reading.parts else Extraction.none
    await record(
        session, SYSTEM, attachment, Extracted(status=status, found=reading.kind, problems=list(reading.problems))
    )


def _has_a_place(one: FactRead) -> bool:
    """Say whether a value can be compared with others; a time before all times, or of the year 10000, cannot."""
    try:
        typed(one.type, one.value)
    except (ArithmeticError, ValueError):
        return False
    return True


async def _keep_facts(session: WriteSession, attachment: Attachment, found: Sequence[FactRead]) -> None:
    known = await queries.ever_read(session, attachment)
    new = [(Fact(attachment=attachment), _first(attachment, one)) for one in found if one.name not in known]
    readings = {one.name: one for one in found}
    changed = [
        (fact, _again(fact, readings.get(name))) for name, fact in known.items() if _differs(fact, readings.get(name))
    ]
    with session.no_autoflush:
        await record_many(session, SYSTEM, [*new, *changed])


def _first(attachment: Attachment, one: FactRead) -> Read:
    return Read(
        attachment_id=attachment.id,
        name=one.name,
        type=FactType(one.type),
        extractor=one.extractor,
        reading=_stored(one),
    )


def _again(fact: Fact, one: FactRead | None) -> Reread:
    before = (fact.reading or {}).get("value")
    if one is None:
        return Reread(
            name=fact.name, type=FactType(fact.type), extractor=fact.extractor or "", before=before, reading=None
        )
    return Reread(name=one.name, type=FactType(one.type), extractor=one.extractor, before=before, reading=_stored(one))


def _differs(fact: Fact, one: FactRead | None) -> bool:
    return fact.reading != (None if one is None else _stored(one))


def _stored(one: FactRead) -> dict[str, Any]:
    others = [{"value": o.value, "locator": _place(o.locator), "confidence": o.confidence} for o in one.alternatives]
    return {
        "value": one.value,
        "locator": _place(one.locator),
        "confidence": one.confidence,
        "version": one.version,
        "alternatives": others,
    }


def _place(locator: Any) -> dict[str, Any]:
    place: dict[str, Any] = locator.to_dict()
    return place | ({"box": list(place["box"])} if "box" in place else {})
