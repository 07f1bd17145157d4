"""Files over HTTP: upload, list, download, discard."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from sightline.attachments import queries, quotas, service, serving, upload
from sightline.attachments.models import Attachment, Extraction, Serving
from sightline.attachments.quotas import Quotas
from sightline.attachments.schemas import AttachmentOut, Attachments, ExtractionOut
from sightline.attachments.storage import Storage
from sightline.attachments.upload import Arrived
from sightline.core.actor import Actor
from sightline.core.db import ReadSession, WriteSession
from sightline.core.http import CurrentActor, Reading, Writing, api_router
from sightline.core.idempotency import Once, OnceKey
from sightline.core.text import RowId
from sightline.issues import queries as issues
from sightline.issues.refs import IssueRef, Ref

_FILE: Final = {"type": "string", "format": "binary"}
BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "array", "items": _FILE}},
                },
                "example": {"file": ["(the bytes of invoice.pdf)"]},
            },
            "application/octet-stream": {"schema": _FILE, "example": "(the bytes of one file)"},
        },
    }
}

router = api_router(tags=["files"])


def _storage(request: Request) -> Storage:
    found: Storage = request.app.state.storage
    return found


Bytes = Annotated[Storage, Depends(_storage)]


async def _asks_for_a_picture(actor: CurrentActor, storage: Bytes) -> AsyncIterator[None]:
    """Count a picture until it is sent, not only until it is drawn: one that nobody takes stays in memory."""
    async with storage.drawing.asked(actor):
        yield


async def rendered(session: ReadSession, actor: Actor, attachments: Sequence[Attachment]) -> list[AttachmentOut]:
    """Render files as somebody may see them, with how far their reading is."""
    waiting = [one.id for one in attachments if one.extraction == Extraction.queued]
    held = await queries.running(session, waiting) if waiting else set()
    return [
        _out(one, actor, Extraction.running if one.id in held else Extraction(one.extraction)) for one in attachments
    ]


def _out(one: Attachment, actor: Actor, status: Extraction) -> AttachmentOut:
    extraction = ExtractionOut(status=status, kind=one.kind, problems=one.problems)
    served = serving.of(one, actor)
    fields = ("id", "size", "media_type", "sha256", "issue_id", "parent_id", "part", "created_at")
    return AttachmentOut(
        name=one.name or "",
        extraction=extraction,
        is_copy=served == Serving.copy,
        withheld=served == Serving.withheld,
        **{f: getattr(one, f) for f in fields},
    )


async def _receive(request: Request, actor: Actor, storage: Storage) -> list[Arrived]:
    upload.must_fit(request, request.app.state.settings.max_upload_mb * 2**20)
    async with request.app.state.database.reading() as looking:
        await quotas.must_fit_user(looking, actor, upload.least_size(request), Quotas.of(request.app.state.settings))
    return await upload.receive(request, storage, request.app.state.settings.max_upload_mb * 2**20)


async def _enter(
    session: WriteSession,
    actor: Actor,
    storage: Storage,
    once: Once,
    arrived: list[Arrived],
    allowed: Quotas,
    ref: Ref | None = None,
) -> Any:
    async def make() -> list[AttachmentOut]:
        await quotas.admit(session, actor, (one.stored.size for one in arrived), allowed)
        if ref:
            stored = await service.attach(session, actor, ref, arrived, allowed)
        else:
            stored = await service.store(session, actor, arrived)
        return await rendered(session, actor, stored)

    async def still_visible(before: Any) -> None:
        for one in before:
            await queries.get_visible(session, actor, one["id"])
        await upload.drop(storage, arrived)

    async with upload.dropped_on_failure(storage, arrived):
        return await once.of_body(upload.fingerprint(arrived)).run(session, make, still_visible)


@router.post("/attachments", status_code=201, openapi_extra=BODY)
async def upload_files(
    request: Request, session: Writing, actor: CurrentActor, storage: Bytes, once: OnceKey
) -> list[AttachmentOut]:
    """Store files for an issue to come; until then the uploader alone sees them."""
    arrived = await _receive(request, actor, storage)
    allowed = Quotas.of(request.app.state.settings)
    answer: list[AttachmentOut] = await _enter(session, actor, storage, once, arrived, allowed)
    return answer


@router.post("/issues/{issue_ref}/attachments", status_code=201, openapi_extra=BODY)
async def attach_files(
    request: Request, session: Writing, actor: CurrentActor, storage: Bytes, once: OnceKey, issue_ref: IssueRef
) -> list[AttachmentOut]:
    """Store files straight into an issue."""
    async with request.app.state.database.reading() as looking:
        await issues.get_visible(looking, actor, issue_ref)
    arrived = await _receive(request, actor, storage)
    allowed = Quotas.of(request.app.state.settings)
    answer: list[AttachmentOut] = await _enter(session, actor, storage, once, arrived, allowed, issue_ref)
    return answer


@router.get("/issues/{issue_ref}/attachments")
async def list_attachments(session: Reading, actor: CurrentActor, issue_ref: IssueRef) -> Attachments:
    """List the files of an issue."""
    issue = await issues.get_visible(session, actor, issue_ref)
    return Attachments(items=await rendered(session, actor, await queries.of_issue(session, issue)))


@router.get("/attachments/{id}")
async def read_attachment(session: Reading, actor: CurrentActor, id: RowId) -> AttachmentOut:
    """Return what is known of one file."""
    return (await rendered(session, actor, [await queries.get_visible(session, actor, id)]))[0]


@router.get("/attachments/{id}/parts")
async def list_parts(session: Reading, actor: CurrentActor, id: RowId) -> Attachments:
    """List the files that came out of one file, and out of those."""
    attachment = await queries.get_visible(session, actor, id)
    return Attachments(items=await rendered(session, actor, await queries.inside(session, attachment)))


@router.get("/attachments/{id}/content", response_class=StreamingResponse)
async def download_attachment(
    request: Request,
    actor: CurrentActor,
    storage: Bytes,
    id: RowId,
    range: Annotated[str | None, Header(description="One byte range.")] = None,
) -> StreamingResponse:
    """Download the bytes of one file, or a range of them."""
    return await serving.download(await _looked_up(request, actor, id), actor, storage, range)


@router.get("/attachments/{id}/preview", response_class=StreamingResponse, dependencies=[Depends(_asks_for_a_picture)])
async def preview_attachment(
    request: Request,
    actor: CurrentActor,
    storage: Bytes,
    id: RowId,
    page: Annotated[int, Query(ge=1, le=10_000, description="Page of a PDF or TIFF, from 1.")] = 1,
) -> StreamingResponse:
    """Show a page of a PDF, or an image, as a PNG that was drawn anew."""
    return await serving.preview(await _looked_up(request, actor, id), actor, storage, page)


async def _looked_up(request: Request, actor: Actor, id: int) -> Attachment:
    """Find a file and let go of the database, which must not wait for a store or a picture."""
    async with request.app.state.database.reading() as session:
        return await queries.get_visible(session, actor, id)


@router.delete("/attachments/{id}", status_code=204)
async def discard_attachment(session: Writing, actor: CurrentActor, id: RowId) -> None:
    """Take one file away."""
    await service.discard(session, actor, id)
