"""What can happen to accounts, sessions and tokens."""

from datetime import datetime

from sightline.core.actor import Role
from sightline.events.change import Change, FieldChange
from sightline.users.models import ApiToken, SessionKind, User, UserSession


class Registered(Change[User]):
    """An account came to be; the personal fields are null once they are erased."""

    kind = "user.registered"
    personal = frozenset({"email", "name"})
    email: str | None
    name: str | None
    role: Role

    def apply(self, user: User, at: datetime) -> None:
        user.email, user.email_key = self.email, email_key(self.email)
        user.name, user.role, user.is_active, user.created_at = self.name, self.role, True, at


class Renamed(FieldChange[User]):
    """The shown name changed."""

    kind = "user.renamed"
    field = "name"
    personal = frozenset({"before", "after"})
    before: str | None
    after: str | None


class RoleChanged(FieldChange[User]):
    """The role changed."""

    kind = "user.role_changed"
    field = "role"
    before: Role
    after: Role


class ActivityChanged(FieldChange[User]):
    """The account was disabled, or enabled again."""

    kind = "user.activity_changed"
    field = "is_active"
    before: bool
    after: bool


class PasswordChanged(Change[User]):
    """A new password was set; nothing of it is in the log."""

    kind = "user.password_changed"

    def apply(self, user: User, at: datetime) -> None:
        """Change nothing that is tracked."""


class Deleted(Change[User]):
    """The account ended and lost its name and address."""

    kind = "user.deleted"

    def apply(self, user: User, at: datetime) -> None:
        user.email, user.email_key, user.name = None, None, None
        user.is_active, user.deleted_at = False, at


class Started(Change[UserSession]):
    """Somebody signed in."""

    kind = "session.started"
    user_id: int
    carrier: SessionKind
    expires_at: datetime

    def apply(self, session: UserSession, at: datetime) -> None:
        session.user_id, session.carrier = self.user_id, self.carrier
        session.created_at, session.expires_at = at, self.expires_at


class Ended(Change[UserSession]):
    """A session ended before its time: signed out, revoked, or a refresh token came twice."""

    kind = "session.ended"
    reason: str

    def apply(self, session: UserSession, at: datetime) -> None:
        session.ended_at = at


class TokenCreated(Change[ApiToken]):
    """A personal token was made."""

    kind = "token.created"
    user_id: int
    name: str | None
    scopes: list[str]
    expires_at: datetime | None

    def apply(self, token: ApiToken, at: datetime) -> None:
        token.user_id, token.name, token.scopes = self.user_id, self.name or "", list(self.scopes)
        token.created_at, token.expires_at = at, self.expires_at


class TokenRevoked(Change[ApiToken]):
    """A personal token was revoked."""

    kind = "token.revoked"

    def apply(self, token: ApiToken, at: datetime) -> None:
        token.revoked_at = at


def email_key(email: str | None) -> str | None:
    """Return the form of an address in which two accounts may not be equal."""
    return None if email is None else email.casefold()
