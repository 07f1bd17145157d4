"""Set-up, registration, sign-in and sign-out."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Form, Request, Response
from pydantic import SecretStr

from sightline.core import clock
from sightline.core.actor import Actor
from sightline.core.db import Database
from sightline.core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from sightline.core.http import ANYONE, CurrentActor, Reading, Writing, api_router
from sightline.core.secrets import derive, same
from sightline.core.text import Line
from sightline.users import credentials, queries, service
from sightline.users.authentication import (
    DEVICE_COOKIE,
    PLAIN_COOKIE,
    SECURE_COOKIE,
    cookie_is_secure,
    csrf_token,
    is_local,
    must_be_same_origin,
)
from sightline.users.credentials import Client, Lifetimes, Opened
from sightline.users.models import SessionKind, User
from sightline.users.schemas import Registration, SessionOut, SetUp, SetUpState, SignIn, Tokens, UserOut

SETUP_SLOT: Final = timedelta(minutes=15)
A_YEAR: Final = 365 * 86400
NO_STORE: Final = {"Cache-Control": "no-store"}

GRANT: Final = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "example": {
                    "grant_type": "password",
                    "username": "ada@example.org",
                    "password": "a long made-up sentence",
                }
            }
        }
    }
}

router = api_router(tags=["sign-in"])


def setup_token(life: Lifetimes, slots_ago: int = 0) -> str:
    """Return the token that set-up asks for away from loopback; it holds for 15 to 30 minutes."""
    slot = int(clock.now().timestamp() // SETUP_SLOT.total_seconds()) - slots_ago
    return derive(life.secret, "setup", str(slot))[:32]


def database(request: Request) -> Database:
    """Return the database, for work that is more than one transaction."""
    found: Database = request.app.state.database
    return found


def lifetimes(request: Request) -> Lifetimes:
    """Return the server's secret and lifetimes."""
    found: Lifetimes = request.app.state.lifetimes
    return found


Db = Annotated[Database, Depends(database)]
Life = Annotated[Lifetimes, Depends(lifetimes)]


def account(user: User) -> UserOut:
    """Render an account for its owner or an administrator."""
    return UserOut(id=user.id, name=user.name or "", email=user.email, role=user.role, is_active=user.is_active)


@router.get("/setup", openapi_extra=ANYONE)
async def read_setup(request: Request, session: Reading) -> SetUpState:
    """Tell whether the first administrator is still to be made."""
    return SetUpState(
        open=await queries.is_empty(session), token_needed=not is_local(request, request.app.state.public_url)
    )


@router.post("/setup", status_code=201, openapi_extra=ANYONE)
async def set_up(request: Request, database: Db, life: Life, wish: SetUp) -> UserOut:
    """Create the first administrator; works once, while there is no user."""
    if not is_local(request, request.app.state.public_url):
        async with database.reading() as session:
            if not await queries.is_empty(session):
                raise NotFound
        if not any(same(wish.setup_token or "", setup_token(life, ago)) for ago in (0, 1)):
            raise Forbidden("Set-up from here needs the token on the server's console.", code="setup_token_required")
    return account(await service.set_up(database, wish))


@router.post("/auth/register", status_code=201, openapi_extra=ANYONE)
async def register(request: Request, database: Db, wish: Registration) -> UserOut:
    """Create an account with role reporter."""
    is_open = request.app.state.settings.registration == "open"
    peer = request.client.host if request.client else ""
    return account(await service.register(database, wish, is_open=is_open, peer=peer))


async def _one_grant(
    grant_type: Annotated[str, Form(pattern="^(password|refresh_token)$")],
    username: Annotated[Annotated[str, Line(1, 254)] | None, Form()] = None,
    password: Annotated[SecretStr | None, Form(max_length=1024)] = None,
    refresh_token: Annotated[str | None, Form(max_length=500)] = None,
    scope: Annotated[str, Form(max_length=500)] = "",  # noqa: ARG001 - OAuth clients send it; roles decide instead
    client_id: Annotated[str | None, Form(max_length=500)] = None,  # noqa: ARG001 - likewise sent
    client_secret: Annotated[SecretStr | None, Form(max_length=500)] = None,  # noqa: ARG001 - likewise sent
) -> SignIn | str:
    if grant_type == "refresh_token":
        if not refresh_token:
            raise Invalid("refresh_token", "is required")
        return refresh_token
    if not username or password is None:
        raise Invalid("username", "username and password are required")
    return SignIn(email=username, password=password)


@router.post("/auth/token", openapi_extra=ANYONE | GRANT)
async def issue_tokens(
    request: Request, response: Response, database: Db, life: Life, grant: Annotated[SignIn | str, Depends(_one_grant)]
) -> Tokens:
    """Exchange a password or a refresh token for an access token and the next refresh token."""
    if isinstance(grant, str):
        opened = await credentials.refresh(database, life, grant)
    else:
        opened = await credentials.sign_in(database, life, grant, _client(request), SessionKind.program)
    response.headers.update(NO_STORE)
    token = credentials.access_token(life, opened)
    return Tokens(access_token=token, expires_in=int(life.access.total_seconds()), refresh_token=opened.secret)


def _client(request: Request) -> Client:
    return Client(request.headers.get("user-agent"), request.cookies.get(DEVICE_COOKIE))


@router.post("/auth/logout", status_code=204)
async def log_out(session: Writing, actor: CurrentActor) -> None:
    """End the session behind this credential, with every refresh token of it."""
    await _end(session, actor)


async def _end(session: Writing, actor: Actor) -> None:
    if actor.session_id is None:
        raise Forbidden("A personal token does not sign out; revoke it instead.")
    await credentials.end_session(session, actor, actor.session_id, "signed out")


@router.post("/auth/session", status_code=201, openapi_extra=ANYONE)
async def open_session(request: Request, response: Response, database: Db, life: Life, wish: SignIn) -> SessionOut:
    """Sign in a browser: sets one opaque, HttpOnly cookie."""
    must_be_same_origin(request, request.app.state.public_url)
    opened = await credentials.sign_in(database, life, wish, _client(request), SessionKind.browser)
    _set_cookies(request, response, life, opened)
    response.headers.update(NO_STORE)
    return _session_out(request, life, opened)


def _set_cookies(request: Request, response: Response, life: Lifetimes, opened: Opened) -> None:
    is_secure = cookie_is_secure(request, request.app.state.public_url)
    kept: dict[str, Any] = {"httponly": True, "samesite": "lax", "path": "/", "secure": is_secure}
    name = SECURE_COOKIE if is_secure else PLAIN_COOKIE
    response.set_cookie(name, opened.secret, max_age=int(life.refresh.total_seconds()), **kept)
    response.set_cookie(DEVICE_COOKIE, opened.device or "", max_age=A_YEAR, **kept)


def _session_out(request: Request, life: Lifetimes, opened: Opened) -> SessionOut:
    return SessionOut(
        user=account(opened.user),
        csrf_token=csrf_token(life, opened.session.id),
        expires_at=opened.session.expires_at,
        is_cookie_secure=cookie_is_secure(request, request.app.state.public_url),
    )


async def current_session(request: Request, database: Database, actor: Actor) -> SessionOut:
    """Return the session of an actor who came with a session; raises `Unauthenticated` for any other."""
    async with database.reading() as session:
        pair = await queries.session_by_id(session, actor.session_id or 0)
    if pair is None:
        raise Unauthenticated
    return _session_out(request, request.app.state.lifetimes, Opened(pair[1], pair[0], ""))


@router.get("/auth/session")
async def read_session(request: Request, response: Response, database: Db, actor: CurrentActor) -> SessionOut:
    """Tell who is signed in, and the CSRF token for writes."""
    response.headers.update(NO_STORE)
    return await current_session(request, database, actor)


@router.delete("/auth/session", status_code=204)
async def close_session(response: Response, session: Writing, actor: CurrentActor) -> None:
    """Sign out this browser."""
    await _end(session, actor)
    response.delete_cookie(SECURE_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.delete_cookie(PLAIN_COOKIE, path="/", httponly=True, samesite="lax")
