"""From the credential on a request to the actor behind it."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from sightline.core.actor import Actor, Role
from sightline.core.db import Database
from sightline.core.errors import Forbidden, Unauthenticated
from sightline.core.http import SAFE
from sightline.core.secrets import derive, same
from sightline.users import queries
from sightline.users.credentials import Lifetimes, session_of
from sightline.users.models import User, UserSession

PLAIN_COOKIE: Final = "sightline"
SECURE_COOKIE: Final = "__Host-sightline"
DEVICE_COOKIE: Final = "sightline-device"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDING: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


async def authenticate(connection: HTTPConnection) -> Actor | None:
    """Return who sent this request, None without a credential; raises `Unauthenticated` for one that does not hold.

    A write with the cookie needs the CSRF token and must come from our own pages, else `Forbidden`.
    """
    state = connection.app.state
    header = connection.headers.get("authorization")
    if header is not None:
        return await _by_bearer(state.database, state.lifetimes, header)
    method = connection.scope.get("method", "GET")
    if method not in SAFE:
        must_be_same_origin(connection, state.public_url)
    secret = connection.cookies.get(SECURE_COOKIE) or connection.cookies.get(PLAIN_COOKIE)
    if not secret:
        return None
    actor = await _by_cookie(state.database, secret)
    if method not in SAFE and actor is not None:
        _must_carry_token(connection, state.lifetimes, actor)
    return actor


async def _by_bearer(database: Database, life: Lifetimes, header: str) -> Actor:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    if token.startswith("slt_"):
        return await _by_api_token(database, token)
    session_id = session_of(life, token)
    async with database.reading() as session:
        pair = await queries.session_by_id(session, session_id)
    if pair is None:
        raise Unauthenticated
    return _actor(*pair)


async def _by_api_token(database: Database, token: str) -> Actor:
    async with database.reading() as session:
        pair = await queries.token_by_secret(session, token)
    if pair is None:
        raise Unauthenticated
    held, user = pair
    return Actor(user.id, user.name or "", Role(user.role), token_id=held.id, is_read_only="write" not in held.scopes)


async def _by_cookie(database: Database, secret: str) -> Actor | None:
    async with database.reading() as session:
        pair = await queries.session_by_secret(session, secret)
    if pair is None:
        raise Unauthenticated
    return _actor(*pair, is_cookie=True)


def _actor(held: UserSession, user: User, *, is_cookie: bool = False) -> Actor:
    return Actor(
        user.id, user.name or "", Role(user.role), session_id=held.id, is_cookie=is_cookie, signed_in_at=held.created_at
    )


def csrf_token(life: Lifetimes, session_id: int) -> str:
    """Return the token that writes of a browser session must carry."""
    return derive(life.secret, "csrf", str(session_id))


def _must_carry_token(connection: HTTPConnection, life: Lifetimes, actor: Actor) -> None:
    if not same(connection.headers.get("x-csrf-token", ""), csrf_token(life, actor.session_id or 0)):
        raise Forbidden("This write needs the X-CSRF-Token of your session.", code="csrf")


def must_be_same_origin(connection: HTTPConnection, public_url: str | None) -> None:
    """Raise `Forbidden` when a browser says the request comes from another site."""
    origin = connection.headers.get("origin")
    ours = {urlsplit(public_url or "").netloc, connection.headers.get("host", "")} - {""}
    is_foreign = origin is not None and urlsplit(origin).netloc not in ours
    if is_foreign or connection.headers.get("sec-fetch-site") == "cross-site":
        raise Forbidden("This request comes from another site.", code="cross_site")


def is_local(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether the caller sits at this machine: loopback peer and Host, no proxy, no public address."""
    peer = connection.client.host if connection.client else ""
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    is_forwarded = any(name in connection.headers for name in FORWARDING)
    return peer in LOOPBACK and host in LOOPBACK and not is_forwarded and public_url is None


def cookie_is_secure(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether the browser will keep a Secure cookie: on https, and on loopback."""
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    return connection.url.scheme == "https" or (public_url or "").startswith("https://") or host in LOOPBACK
