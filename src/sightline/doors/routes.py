"""The public door over HTTP, and what the team does about receipts."""

import json
from typing import Annotated, Any, Final

from fastapi import Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from sightline.attachments import quotas, upload
from sightline.attachments.names import FALLBACK
from sightline.attachments.quotas import Quotas
from sightline.attachments.routes import Bytes
from sightline.attachments.storage import Storage
from sightline.attachments.upload import MOST_FILES, Arrived
from sightline.core.actor import OUTSIDER, Role
from sightline.core.db import ReadSession
from sightline.core.errors import UnsupportedType
from sightline.core.http import ANYONE, CurrentActor, Reading, Writing, api_router, needs
from sightline.core.secrets import derive, fresh
from sightline.doors import limits, queries, service
from sightline.doors.schemas import Door, DoorProject, Link, Submission, SubmittedOut
from sightline.issues import queries as issues
from sightline.issues.refs import IssueRef

# Browsers write a line break as two bytes, and normalising makes text shorter.
FIELDS: Final = {"title": 4 * 1024, "text": 128 * 1024}
FILES: Final = {"type": "array", "items": {"type": "string", "format": "binary"}}


def form(example: dict[str, Any], **schema: Any) -> dict[str, Any]:
    """Describe a multipart form in the API documentation."""
    content = {"multipart/form-data": {"schema": {"type": "object"} | schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


# Short ones could be somebody else's too.
AgainKey = Annotated[str | None, Header(min_length=20, max_length=255, pattern=r"^[\x21-\x7e]+$")]
SUBMISSION: Final = form(
    {"text": "It stops when I press Save.", "file": ["(the bytes of crash.log)"]},
    properties={"title": {"type": "string"}, "text": {"type": "string"}, "file": FILES},
)

router = api_router(tags=["receipts"])


def most_bytes(request: Request) -> int:
    """Return how many bytes one upload may have."""
    return int(request.app.state.settings.max_upload_mb) * 2**20


def allowed(request: Request) -> Quotas:
    """Return what an issue, and all without an account together, may take."""
    return Quotas.of(request.app.state.settings)


def peer(request: Request) -> str:
    """Return the network address that a request comes from."""
    return request.client.host if request.client else ""


def must_be_form(request: Request) -> None:
    """Raise before the body is read: `TooLarge` when it says so itself, `UnsupportedType` unless it is a form."""
    upload.must_fit(request, most_bytes(request))
    if not upload.is_form(request):
        raise UnsupportedType("Send this as multipart/form-data.")


async def must_fit_day(session: ReadSession, request: Request) -> None:
    """Raise `TooLarge` when a body announces more than all without an account may still send today."""
    await quotas.must_fit_user(session, OUTSIDER, upload.least_size(request), allowed(request))


@router.get("/submit/{project}", openapi_extra=ANYONE)
async def read_door(request: Request, session: Reading, project: str) -> Door:
    """Tell what an open door leads to."""
    found = await queries.open_door(session, project)
    told = DoorProject(key=found.key, name=found.name, description=found.description)
    return Door(project=told, max_upload_bytes=most_bytes(request), max_files=MOST_FILES)


@router.post("/submit/{project}", status_code=201, openapi_extra=ANYONE | SUBMISSION)
async def hand_in(
    request: Request, session: Writing, storage: Bytes, project: str, idempotency_key: AgainKey = None
) -> SubmittedOut:
    """Hand in files and words without an account; the answer holds the one link to the receipt.

    The same sent again under the same `Idempotency-Key`, because the answer was lost, makes no second issue.
    """
    must_be_form(request)
    async with request.app.state.database.reading() as looking:
        door = await queries.open_door(looking, project)
        await must_fit_day(looking, request)
    await limits.count_submission(request.app.state.database, peer(request), door.id)
    arrived, words = await upload.receive_form(request, storage, most_bytes(request), FIELDS)
    async with upload.dropped_on_failure(storage, arrived):
        files = await _without_nothing(storage, arrived)
        wish = _read(words)
        token = _token(request, idempotency_key, project, wish, files)
        issue = await service.submitted(session, token)
        if issue:
            await upload.drop(storage, arrived)
        else:
            issue = await service.submit(session, project, wish, files, allowed(request))
            await service.link(session, issue, token)
        key = f"{await issues.project_key(session, issue.project_id)}-{issue.number}"
    return SubmittedOut(receipt=_address(request, token), token=token, key=key)


def _token(request: Request, key: str | None, project: str, wish: Submission, files: list[Arrived]) -> str:
    """Return a new token, or always the same for one key and content: no answer with it has to be kept."""
    if key is None:
        return fresh(service.PREFIX)
    content = [key, project, wish.title, wish.text, *((one.name, one.stored.sha256) for one in files)]
    return service.PREFIX + derive(request.app.state.lifetimes.secret, "receipt", json.dumps(content))


async def _without_nothing(storage: Storage, arrived: list[Arrived]) -> list[Arrived]:
    """Leave out what a browser sends for a file field that nothing was chosen in."""
    nothing = [one for one in arrived if one.name == FALLBACK and not one.stored.size]
    await upload.drop(storage, nothing)
    return [one for one in arrived if one not in nothing]


def _read(words: dict[str, str]) -> Submission:
    try:
        return Submission.model_validate({name: text for name, text in words.items() if text.strip()})
    except ValidationError as error:
        raise RequestValidationError([one | {"loc": ("body", *one["loc"])} for one in error.errors()]) from error


def _address(request: Request, token: str) -> str:
    return f"{request.app.state.public_url or str(request.base_url).rstrip('/')}/r/{token}"


@router.post("/issues/{issue_ref}/receipt", status_code=201, openapi_extra=needs(Role.maintainer))
async def renew_receipt(
    request: Request, response: Response, session: Writing, actor: CurrentActor, issue_ref: IssueRef
) -> Link:
    """Make a new link to the receipt of an issue that came through the public door; the one before ends."""
    token = await service.renew(session, actor, issue_ref)
    response.headers["Cache-Control"] = "no-store"
    return Link(receipt=_address(request, token), token=token)


@router.delete("/issues/{issue_ref}/receipt", status_code=204, openapi_extra=needs(Role.maintainer))
async def revoke_receipt(session: Writing, actor: CurrentActor, issue_ref: IssueRef) -> None:
    """End the link to the receipt of an issue that came through the public door."""
    await service.revoke(session, actor, issue_ref)
