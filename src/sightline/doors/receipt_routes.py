"""A receipt over HTTP, for whoever holds its link."""

from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request

from sightline.attachments import upload
from sightline.attachments.routes import Bytes
from sightline.attachments.upload import MOST_FILES
from sightline.core.errors import NotFound
from sightline.core.http import ANYONE, Reading, Writing, api_router
from sightline.core.idempotency import KeyHeader, Once, read_key
from sightline.core.secrets import digest
from sightline.doors import limits, queries, service, shown
from sightline.doors.routes import FILES, allowed, form, most_bytes, must_be_form, must_fit_day, peer
from sightline.doors.schemas import ReceiptFile, ReceiptOut, Reply, ReplyWish

router = api_router("/receipts/{token}", tags=["receipts"])


ADDITION: Final = form({"file": ["(the bytes of photo.jpg)"]}, required=["file"], properties={"file": FILES})


class _Held(NamedTuple):
    token: str
    project_id: int


async def _held(request: Request, token: str) -> _Held:
    """Look where a token leads; one that leads nowhere is counted, so that nobody goes through many."""
    database = request.app.state.database
    try:
        async with database.reading() as session:
            return _Held(token, (await queries.issue_of(session, token)).project_id)
    except NotFound:
        await limits.count_wrong_token(database, peer(request))
        raise


Held = Annotated[_Held, Depends(_held)]


async def _once(request: Request, held: Held, idempotency_key: KeyHeader = None) -> Once:
    return await read_key(request, f"receipt:{digest(held.token)}", request.scope["route"].path, idempotency_key)


HeldKey = Annotated[Once, Depends(_once)]


@router.get("", openapi_extra=ANYONE)
async def read_receipt(request: Request, session: Reading, held: Held) -> ReceiptOut:
    """Tell what became of something handed in, and what is missing."""
    issue = await queries.issue_of(session, held.token)
    return await shown.receipt(session, issue, most_bytes(request), MOST_FILES)


@router.post("/replies", status_code=201, openapi_extra=ANYONE)
async def reply(request: Request, session: Writing, held: Held, once: HeldKey, wish: ReplyWish) -> Reply:
    """Reply to the team by a receipt."""
    await limits.count_addition(request.app.state.database, peer(request), held.project_id)

    async def make() -> Reply:
        comment = await service.reply(session, held.token, wish.body)
        return (await shown.replies(session, [comment]))[0]

    answer: Reply = await once.run(session, make, lambda _: queries.issue_of(session, held.token))
    return answer


@router.post("/attachments", status_code=201, openapi_extra=ANYONE | ADDITION)
async def add_files(request: Request, session: Writing, storage: Bytes, held: Held, once: HeldKey) -> list[ReceiptFile]:
    """Add files by a receipt."""
    must_be_form(request)
    async with request.app.state.database.reading() as looking:
        await must_fit_day(looking, request)
    await limits.count_addition(request.app.state.database, peer(request), held.project_id)
    arrived = await upload.receive(request, storage, most_bytes(request))

    async def make() -> list[ReceiptFile]:
        added = await service.add_files(session, held.token, arrived, allowed(request))
        return await shown.files(session, added)

    async def still_leads(_: object) -> None:
        await queries.issue_of(session, held.token)
        await upload.drop(storage, arrived)

    async with upload.dropped_on_failure(storage, arrived):
        answer: list[ReceiptFile] = await once.of_body(upload.fingerprint(arrived)).run(session, make, still_leads)
        return answer
