"""Projects: a key, and the numbers its issues get."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, false
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import Row
from sightline.events.log import Tracked


class Project(Row, Tracked):
    """A queue of issues; `last_number` counts the numbers given out, and `rules` say which files belong here.

    With a door, people without an account add to it.
    """

    __tablename__ = "projects"
    subject_type = "project"
    untracked = frozenset({"last_number"})

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    last_number: Mapped[int]
    has_door: Mapped[bool] = mapped_column(default=False, server_default=false())
    rules: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
