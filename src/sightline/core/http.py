"""HTTP in and out: admission before the body is read, sessions as dependencies, problems as answers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Body, Form
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.types import Message

from sightline.core import metrics
from sightline.core.actor import Actor, Role
from sightline.core.db import ReadSession, WriteSession, outage
from sightline.core.errors import (
    MISSING,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    TooLarge,
    Unauthenticated,
    UnsupportedType,
)

API: Final = "/api/v1"
JSON_LIMIT: Final = 1 << 20
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ROLE: Final = "x-required-role"
ANYONE: Final = {ROLE: "anyone"}

log = structlog.get_logger(__name__)


def needs(role: Role) -> dict[str, Any]:
    """Say in the API documentation which role a route is for; without it, any signed-in person."""
    return {ROLE: role.value}


def api_router(prefix: str = "", tags: Sequence[str] = ()) -> APIRouter:
    """Return the router of a room, with its routes below `/api/v1` and `prefix`."""
    return APIRouter(prefix=API + prefix, route_class=Route, tags=[*tags])


class Route(APIRoute):
    """A route that settles who is asking, and how much and what they send, before reading the body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        is_public = (self.openapi_extra or {}).get(ROLE) == "anyone"
        expected = _expected_type(self.body_field)

        async def admitted(request: Request) -> Response:
            await _admit(request, is_public=is_public)
            _must_hold_no_nul(request)
            if expected:
                request = _checked_body(request, expected)
            return await handle(request)

        return admitted


def _expected_type(body_field: Any) -> str | None:
    if body_field is None or isinstance(body_field.field_info, Form):
        return "application/x-www-form-urlencoded" if body_field is not None else None
    return "application/json" if isinstance(body_field.field_info, Body) else None


async def _admit(request: Request, *, is_public: bool) -> None:
    authenticate: Callable[[Request], Awaitable[Actor | None]] = request.app.state.authenticate
    try:
        actor = await authenticate(request)
    except Unauthenticated:
        if not is_public:
            raise
        actor = None
    if actor is None and not is_public:
        raise Unauthenticated
    if actor is not None:
        request.state.actor = actor
        structlog.contextvars.bind_contextvars(actor=actor.id)
        if actor.is_read_only and request.method not in SAFE:
            raise Forbidden("This token may only read.", code="read_only_token")


def _must_hold_no_nul(request: Request) -> None:
    """Refuse what no stored text can hold, and PostgreSQL cannot even compare with."""
    if "\0" in request.scope["path"]:
        raise NotFound
    if b"%00" in request.scope["query_string"]:
        raise Invalid("query", "must not contain NUL characters")


def _checked_body(request: Request, expected: str) -> Request:
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > JSON_LIMIT:
        raise TooLarge("The body may have at most 1 MiB.", headers={"Connection": "close"})
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != expected:
        raise UnsupportedType(f"Send this as {expected}.")
    return Request(request.scope, _limited(request.receive))


def _limited(receive: Callable[[], Awaitable[Message]]) -> Callable[[], Awaitable[Message]]:
    read = 0

    async def next_message() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > JSON_LIMIT:
            raise HTTPException(413)
        return message

    return next_message


async def _reading(request: Request) -> AsyncIterator[ReadSession]:
    async with request.app.state.database.reading() as session:
        yield session


async def _writing(request: Request) -> AsyncIterator[WriteSession]:
    async with request.app.state.database.writing() as session:
        yield session


def _current_actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


Reading = Annotated[ReadSession, Depends(_reading, scope="function")]
Writing = Annotated[WriteSession, Depends(_writing, scope="function")]
CurrentActor = Annotated[Actor, Depends(_current_actor)]


def problem(request: Request, error: Any) -> Response:
    """Render a `Problem` as `application/problem+json` (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": getattr(request.state, "request_id", None),
        **error.more,
    }
    headers = {"Cache-Control": "no-store", **error.headers}
    return JSONResponse(body, error.status, headers, media_type="application/problem+json")


def _unreadable(request: Request, error: Any) -> Response:
    listed = [{"field": _field(e["loc"]), "message": _message(e)} for e in error.errors()[:50]]
    if all(e["loc"][0] == "path" for e in error.errors()):
        return _page_missing(request)
    return problem(request, Invalid(errors=listed))


def _field(location: tuple[Any, ...]) -> str:
    named = [str(part) for part in location[1:] if not str(part).startswith(("function-", "constrained-", "lax-"))]
    return ".".join(named)[:100]


def _message(error: dict[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "is not a field of this request"
    return str(error["msg"]).removeprefix("Value error, ")


class _Status(Problem):
    def __init__(self, status: int, code: str, title: str, detail: str, headers: dict[str, str]) -> None:
        super().__init__(detail, headers=headers, code=code)
        self.status, self.title = status, title  # type: ignore[misc] # a class has its own, this one is given them


_PLAIN: Final = {
    400: ("bad_request", "Bad request", "The request cannot be read."),
    404: ("not_found", "Not found", MISSING),
    405: ("method_not_allowed", "Method not allowed", "This address does not answer to this method."),
    413: ("too_large", "Too large", "The body is too large."),
}


def _framework(request: Request, error: Any) -> Response:
    code, title, detail = _PLAIN.get(error.status_code, ("refused", "Refused", "The request was refused."))
    return problem(request, _Status(error.status_code, code, title, detail, dict(error.headers or {})))


def _page_missing(request: Request) -> Response:
    return _framework(request, HTTPException(404))


def _database(request: Request, error: Exception) -> Response:
    told = outage(error)
    if told is None:
        raise error
    metrics.OUTAGES.inc()
    log.warning("database outage", error=type(error).__name__, reason=str(error.__cause__ or error)[:300])
    return problem(request, told)


def _overtaken(request: Request, _error: Exception) -> Response:
    return problem(request, Conflict("Somebody changed this at the same moment; look again.", code="overtaken"))


def install(app: FastAPI) -> None:
    """Render every known failure of `app` as a problem."""
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_exception_handler(StaleDataError, _overtaken)
    app.add_exception_handler(ConnectionError, _database)
