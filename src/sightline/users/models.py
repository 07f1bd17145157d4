"""Accounts and their credentials; secrets are kept as hashes only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.actor import Role
from sightline.core.rows import Id, Row, one_of, refers
from sightline.events.log import Tracked


class User(Row, Tracked):
    """An account. A deleted one stays as a nameless author of what it wrote."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", Role),)
    subject_type = "user"
    untracked = frozenset({"password_hash"})

    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str | None] = mapped_column(index=True)
    role: Mapped[str]
    is_active: Mapped[bool]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class SessionKind(StrEnum):
    """How a session is carried: a browser's cookie, or a program's access and refresh tokens."""

    browser = "browser"
    program = "program"


class UserSession(Row, Tracked):
    """One sign-in; for a program it is the family of its refresh tokens."""

    __tablename__ = "sessions"
    __table_args__ = (one_of("carrier", SessionKind),)
    subject_type = "session"
    untracked = frozenset({"secret_hash", "user_agent"})

    user_id: Mapped[int] = refers("users.id")
    carrier: Mapped[str]
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    user_agent: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RefreshToken(Row):
    """One refresh token of a session; used once."""

    __tablename__ = "refresh_tokens"

    id: Mapped[Id]
    session_id: Mapped[int] = refers("sessions.id")
    secret_hash: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


class ApiToken(Row, Tracked):
    """A personal token for programs, with scopes."""

    __tablename__ = "api_tokens"
    subject_type = "token"
    untracked = frozenset({"secret_hash"})

    user_id: Mapped[int] = refers("users.id")
    secret_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Device(Row):
    """A browser that has signed in to an account before; it stays usable while strangers guess."""

    __tablename__ = "devices"

    id: Mapped[Id]
    user_id: Mapped[int] = refers("users.id")
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class Try(Row):
    """One use of what may be used so often; `bucket` is what it counts against, such as a hashed address."""

    __tablename__ = "tries"
    __table_args__ = (Index("ix_tries_bucket_at", "bucket", "at"),)

    id: Mapped[Id]
    bucket: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
