"""Reading people and their credentials."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from sightline.core import clock
from sightline.core.actor import Role
from sightline.core.db import ReadSession
from sightline.core.errors import NotFound
from sightline.core.secrets import digest
from sightline.users.changes import email_key
from sightline.users.models import ApiToken, User, UserSession


async def is_empty(session: ReadSession) -> bool:
    """Tell whether nobody has an account yet."""
    return not await session.scalar(select(exists().where(User.id.is_not(None))))


async def get(session: ReadSession, user_id: int, *, locked: bool = False) -> User:
    """Return an account that was not deleted; raises `NotFound`."""
    query = select(User).where(User.id == user_id, User.deleted_at.is_(None))
    user = await session.scalar(
        query.with_for_update(key_share=True).execution_options(populate_existing=True) if locked else query
    )
    if user is None:
        raise NotFound
    return user


async def by_email(session: ReadSession, email: str) -> User | None:
    """Return the account with this address, in any case of letters."""
    return await session.scalar(select(User).where(User.email_key == email_key(email)))


async def active_admins(session: ReadSession) -> int:
    """Return how many administrators can sign in."""
    counted = select(func.count()).where(User.role == Role.admin, User.is_active, User.deleted_at.is_(None))
    return (await session.execute(counted)).scalar_one()


def named_like(text: str, *, with_address: bool) -> ColumnElement[bool]:
    """Return the condition that a name (or address) contains `text`, in any case of letters."""
    part = f"%{_literal(text)}%"
    in_name = func.lower(User.name).like(func.lower(part), escape="\\")
    return in_name | User.email_key.like(part.casefold(), escape="\\") if with_address else in_name


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _live(now: datetime) -> Any:
    return UserSession.ended_at.is_(None), UserSession.expires_at > now


async def session_by_secret(session: ReadSession, secret: str) -> tuple[UserSession, User] | None:
    """Return the browser session behind a cookie, with its person, while both hold."""
    return await _pair(session, UserSession.secret_hash == digest(secret))


async def session_by_id(session: ReadSession, session_id: int) -> tuple[UserSession, User] | None:
    """Return a session that holds, with its person."""
    return await _pair(session, UserSession.id == session_id)


async def _pair(session: ReadSession, which: Any) -> tuple[UserSession, User] | None:
    joined = select(UserSession, User).join(User, User.id == UserSession.user_id)
    found = (await session.execute(joined.where(which, *_live(clock.now()), User.is_active))).one_or_none()
    return None if found is None else (found[0], found[1])


async def token_by_secret(session: ReadSession, secret: str) -> tuple[ApiToken, User] | None:
    """Return a personal token that holds, with its person."""
    joined = select(ApiToken, User).join(User, User.id == ApiToken.user_id)
    holds = (
        ApiToken.expires_at.is_(None) | (ApiToken.expires_at > clock.now()),
        ApiToken.revoked_at.is_(None),
        User.is_active,
    )
    found = (await session.execute(joined.where(ApiToken.secret_hash == digest(secret), *holds))).one_or_none()
    return None if found is None else (found[0], found[1])


async def sessions_of(session: ReadSession, user_id: int) -> Sequence[UserSession]:
    """Return the sessions of a person that hold, newest first."""
    own = select(UserSession).where(UserSession.user_id == user_id, *_live(clock.now()))
    return (await session.scalars(own.order_by(UserSession.id.desc()))).all()


async def tokens_of(session: ReadSession, user_id: int) -> Sequence[ApiToken]:
    """Return the personal tokens of a person that are not revoked, newest first."""
    own = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return (await session.scalars(own.order_by(ApiToken.id.desc()))).all()
