"""Sign-in and what it gives: browser sessions, access and refresh tokens, personal tokens.

Access tokens are JWTs (RFC 7519, RFC 9068 profile); the session they name is looked up at every use,
so ending it ends them at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from sightline.core import clock, metrics
from sightline.core.actor import Actor, Role
from sightline.core.db import Database, WriteSession
from sightline.core.errors import Invalid, NotFound, Unauthenticated
from sightline.core.secrets import derive, digest, fresh
from sightline.events.log import record
from sightline.users import passwords, queries, throttle
from sightline.users.changes import Ended, Started, TokenCreated, TokenRevoked
from sightline.users.models import ApiToken, Device, RefreshToken, SessionKind, User, UserSession
from sightline.users.schemas import SignIn, TokenWish

ISSUER: Final = "sightline"
ALGORITHM: Final = "HS256"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a media type
LONGEST_TOKEN: Final = 4096
LEEWAY: Final = 30
TWO_TABS: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The server's secret and how long credentials hold."""

    secret: str
    access: timedelta
    refresh: timedelta


@dataclass(frozen=True, slots=True)
class Client:
    """What is known of the browser or program that signs in."""

    user_agent: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session with the secrets that are told once."""

    user: User
    session: UserSession
    secret: str
    device: str | None = None


async def sign_in(database: Database, life: Lifetimes, wish: SignIn, client: Client, carrier: SessionKind) -> Opened:
    """Check a password and open a session; raises `Unauthenticated` or `TooMany`."""
    async with database.reading() as session:
        bucket = await throttle.bucket(session, wish.email, client.device)
        await throttle.admit(session, bucket)
        user = await queries.by_email(session, wish.email)
    is_right = await passwords.matches(user.password_hash if user else None, wish.password)
    if user is None or not is_right or not user.is_active:
        await _refuse(database, bucket)
        raise Unauthenticated("The address or the password is not right.", code="wrong_credentials")
    async with database.writing() as session:
        await throttle.forget(session, bucket)
        opened = await open_session(session, life, user, client, carrier)
        await _upgrade_hash(session, user, wish)
        return opened


async def _refuse(database: Database, bucket: str) -> None:
    metrics.SIGN_IN_FAILURES.inc()
    async with database.writing() as session:
        throttle.note_failure(session, bucket)


async def open_session(
    session: WriteSession, life: Lifetimes, user: User, client: Client, carrier: SessionKind
) -> Opened:
    """Open a session for somebody whose identity is established."""
    secret = fresh("slr_" if carrier is SessionKind.program else "")
    is_browser = carrier is SessionKind.browser
    opened = UserSession(
        secret_hash=digest(secret) if is_browser else None, user_agent=(client.user_agent or "")[:200] or None
    )
    actor = Actor(user.id, user.name or "", Role(user.role))
    await record(
        session, actor, opened, Started(user_id=user.id, carrier=carrier, expires_at=clock.now() + life.refresh)
    )
    if not is_browser:
        session.add(RefreshToken(session_id=opened.id, secret_hash=digest(secret), issued_at=clock.now()))
        return Opened(user, opened, secret)
    device = client.device or fresh()
    await _remember(session, user, device)
    return Opened(user, opened, secret, device)


async def _remember(session: WriteSession, user: User, device: str) -> None:
    known = await session.scalar(select(Device).where(Device.secret_hash == digest(device)))
    if known is None:
        session.add(Device(user_id=user.id, secret_hash=digest(device), created_at=clock.now()))
    else:
        known.user_id = user.id


async def _upgrade_hash(session: WriteSession, user: User, wish: SignIn) -> None:
    if user.password_hash and passwords.is_outdated(user.password_hash):
        new = await passwords.hashed(wish.password)
        await session.execute(update(User).where(User.id == user.id).values(password_hash=new))


async def refresh(database: Database, life: Lifetimes, token: str) -> Opened:
    """Exchange a refresh token for its successor; a token that comes twice ends the whole session.

    Two tabs that send the same token within ten seconds get the same successor.
    """
    async with database.writing() as session:
        opened = await _rotate(session, life, token)
    if opened is None:
        raise Unauthenticated("The refresh token does not hold (any more).", code="invalid_grant")
    return opened


async def _rotate(session: WriteSession, life: Lifetimes, token: str) -> Opened | None:
    spent = await session.scalar(
        select(RefreshToken).where(RefreshToken.secret_hash == digest(token)).with_for_update()
    )
    pair = await queries.session_by_id(session, spent.session_id) if spent else None
    if spent is None or pair is None:
        return None
    successor = "slr_" + derive(life.secret, "refresh", token)
    if spent.spent_at is None:
        spent.spent_at = clock.now()
        session.add(RefreshToken(session_id=spent.session_id, secret_hash=digest(successor), issued_at=clock.now()))
    elif clock.now() - spent.spent_at > TWO_TABS:
        await record(session, Actor(pair[1].id), pair[0], Ended(reason="a refresh token came twice"))
        return None
    return Opened(pair[1], pair[0], successor)


def access_token(life: Lifetimes, opened: Opened) -> str:
    """Return a signed access token for a session."""
    from joserfc import jwt
    from joserfc.jwk import OctKey

    now = int(clock.now().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": str(opened.user.id),
        "sid": opened.session.id,
        "iat": now,
        "nbf": now,
    }
    claims["exp"] = now + int(life.access.total_seconds())
    return jwt.encode({"alg": ALGORITHM, "typ": TOKEN_TYPE}, claims, OctKey.import_key(life.secret))


def session_of(life: Lifetimes, token: str) -> int:
    """Return the session id in an access token; raises `Unauthenticated` for anything else."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import OctKey

    try:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated
        decoded = jwt.decode(token, OctKey.import_key(life.secret), algorithms=[ALGORITHM])
        _check_claims(decoded.header, decoded.claims)
        return int(decoded.claims["sid"])
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unauthenticated from error


def _check_claims(header: dict[str, Any], claims: dict[str, Any]) -> None:
    now = clock.now().timestamp()
    if header.get("typ") != TOKEN_TYPE or claims["iss"] != ISSUER or claims["aud"] != ISSUER or not claims["sub"]:
        raise ValueError("purpose")
    if not claims["nbf"] - LEEWAY <= now < claims["exp"] + LEEWAY:
        raise ValueError("time")


async def end_session(session: WriteSession, actor: Actor, session_id: int, reason: str) -> None:
    """End one of the caller's own sessions; raises `NotFound`."""
    pair = await queries.session_by_id(session, session_id)
    if pair is None or pair[1].id != actor.id:
        raise NotFound
    await record(session, actor, pair[0], Ended(reason=reason))


async def create_token(session: WriteSession, actor: Actor, wish: TokenWish) -> tuple[ApiToken, str]:
    """Make a personal token; returns it with the secret that is shown once."""
    if wish.expires_at is not None and _aware(wish.expires_at) <= clock.now():
        raise Invalid("expires_at", "must be in the future")
    secret = fresh("slt_")
    token = ApiToken(secret_hash=digest(secret))
    scopes = sorted(scope.value for scope in wish.scopes)
    until = _aware(wish.expires_at) if wish.expires_at else None
    await record(
        session, actor, token, TokenCreated(user_id=actor.id or 0, name=wish.name, scopes=scopes, expires_at=until)
    )
    return token, secret


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("expires_at", "needs a time zone")
    return moment


async def revoke_token(session: WriteSession, actor: Actor, token_id: int) -> None:
    """Revoke one of the caller's own tokens; raises `NotFound`."""
    own = select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == actor.id, ApiToken.revoked_at.is_(None))
    token = await session.scalar(own)
    if token is None:
        raise NotFound
    await record(session, actor, token, TokenRevoked())
