"""Who is asking, and what their role lets them do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sightline.core import clock
from sightline.core.errors import Forbidden

STEP_UP: Final = timedelta(minutes=10)


class Role(StrEnum):
    """The three roles, from least to most."""

    reporter = "reporter"
    maintainer = "maintainer"
    admin = "admin"


class May(StrEnum):
    """Functions that depend on the role alone; what depends on the object is decided beside it."""

    triage = "work the queue"
    see_all = "see everybody's issues"
    see_names = "list people"
    manage_projects = "change projects"
    create_labels = "create labels"
    delete_issues = "delete and restore issues"
    administer = "administer users"


_MAINTAINER = frozenset({May.triage, May.see_all, May.see_names, May.manage_projects, May.create_labels})
GRANTS: Final = {
    Role.reporter: frozenset[May](),
    Role.maintainer: _MAINTAINER,
    Role.admin: _MAINTAINER | {May.delete_issues, May.administer},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program behind a request; `id` is None for Sightline itself.

    `session_id` and `token_id` name the credential, so that ending it can cut a stream.
    """

    id: int | None
    name: str = ""
    role: Role = Role.reporter
    session_id: int | None = None
    token_id: int | None = None
    is_cookie: bool = False
    is_read_only: bool = False
    signed_in_at: datetime | None = None

    def may(self, what: May) -> bool:
        """Tell whether the role grants `what`."""
        return what in GRANTS[self.role]

    def must(self, what: May) -> None:
        """Raise `Forbidden` unless the role grants `what`."""
        if not self.may(what):
            raise Forbidden(f"Your role may not {what.value}.")

    def must_be_fresh(self) -> None:
        """Raise `Forbidden` (`step_up_required`) unless the password was given in the last ten minutes."""
        if self.signed_in_at is None or clock.now() - self.signed_in_at > STEP_UP:
            raise Forbidden("Sign in again to do this.", code="step_up_required")


SYSTEM: Final = Actor(id=None, name="Sightline", role=Role.admin)
OUTSIDER: Final = Actor(id=None, name="Somebody without an account")
