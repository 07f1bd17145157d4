"""Facts over HTTP: read, correct, state; and the text they were read in."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Query

from sightline.attachments import queries as attachments
from sightline.core.db import ReadSession
from sightline.core.http import CurrentActor, Reading, Writing, api_router
from sightline.core.idempotency import OnceKey
from sightline.core.text import RowId
from sightline.facts import queries, service
from sightline.facts.models import Fact, TextChunk
from sightline.facts.schemas import FactEdit, FactOut, Facts, FactWish, Locator, TextLineOut, TextOut
from sightline.issues import queries as issues
from sightline.issues import shown
from sightline.issues.refs import IssueRef
from sightline.users.schemas import Person

router = api_router(tags=["facts"])


def _out(fact: Fact, people: Mapping[int, Person]) -> FactOut:
    reading = fact.reading or {}
    return FactOut(
        id=fact.id,
        name=fact.name,
        type=fact.type,
        value=fact.value,
        read_value=reading.get("value"),
        attachment_id=fact.attachment_id,
        locator=Locator(**reading.get("locator", {})),
        extractor=fact.extractor,
        extractor_version=reading.get("version"),
        confidence=reading.get("confidence"),
        corrected_by=None if fact.corrected_by_id is None else people[fact.corrected_by_id],
        corrected_at=fact.corrected_at,
        alternatives=reading.get("alternatives", []),
    )


async def _all(session: ReadSession, facts: Sequence[Fact]) -> Facts:
    people = await shown.people(session, {fact.corrected_by_id for fact in facts if fact.corrected_by_id})
    return Facts(items=[_out(fact, people) for fact in facts])


async def _one(session: ReadSession, fact: Fact) -> FactOut:
    return (await _all(session, [fact])).items[0]


@router.get("/attachments/{id}/facts")
async def list_attachment_facts(session: Reading, actor: CurrentActor, id: RowId) -> Facts:
    """List the facts read from one file."""
    return await _all(session, await queries.of_attachment(session, await attachments.get_visible(session, actor, id)))


@router.get("/issues/{issue_ref}/facts")
async def list_issue_facts(session: Reading, actor: CurrentActor, issue_ref: IssueRef) -> Facts:
    """List the facts of one issue and of its files."""
    return await _all(session, await queries.of_issue(session, await issues.get_visible(session, actor, issue_ref)))


@router.post("/issues/{issue_ref}/facts", status_code=201)
async def state_fact(
    session: Writing, actor: CurrentActor, once: OnceKey, issue_ref: IssueRef, wish: FactWish
) -> FactOut:
    """State a fact of one issue."""

    async def make() -> FactOut:
        return await _one(session, await service.state(session, actor, issue_ref, wish))

    answer: FactOut = await once.run(session, make, lambda before: queries.get_visible(session, actor, before["id"]))
    return answer


@router.patch("/facts/{id}")
async def correct_fact(session: Writing, actor: CurrentActor, id: RowId, wish: FactEdit) -> FactOut:
    """Correct one fact; what the file says stays beside it."""
    return await _one(session, await service.correct(session, actor, id, wish))


@router.get("/attachments/{id}/text")
async def read_text(
    session: Reading,
    actor: CurrentActor,
    id: RowId,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,9}$", description="`next_cursor` of the part before.")] = None,
) -> TextOut:
    """Return the text of one file with the place of each line, part by part."""
    attachment = await attachments.get_visible(session, actor, id)
    chunks = await queries.text(session, attachment, int(cursor or 0))
    following = str(chunks[1].ordinal) if len(chunks) > 1 else None
    return TextOut(items=[one for chunk in chunks[:1] for one in _lines(chunk)], next_cursor=following)


def _lines(chunk: TextChunk) -> list[TextLineOut]:
    return [TextLineOut(line=line, text=text, page=page, box=box) for line, text, page, box in chunk.lines]
