"""Stored files: what the database knows of them. The bytes lie in the store, under a random key."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import Row, index_where, one_of, refers
from sightline.events.log import Tracked


class Extraction(StrEnum):
    """How far reading a file is; `running` is shown while a worker holds the job and never stored."""

    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"
    none = "none"


class Serving(StrEnum):
    """What people get who may see a file: its bytes, a copy that says less, or nothing, but for administrators."""

    original = "original"
    copy = "copy"
    withheld = "withheld"


class Attachment(Row, Tracked):
    """One file. Without an issue it is staged: its uploader alone sees it, for a day.

    A file that came out of another one, a mail or an archive, names it as its parent, and `part` inside it; it goes
    wherever its parent goes. Who sent it without an account is nobody, and it is never staged.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_sha256", "sha256"),
        Index("ix_attachments_storage_key", "storage_key", unique=True),
        Index("ix_attachments_copy_key", "copy_key", unique=True),
        Index("ix_attachments_uploader_id_created_at", "uploader_id", "created_at"),
        one_of("extraction", Extraction),
        one_of("serving", Serving),
        Index("ix_attachments_parent_part", "parent_id", "part", unique=True),
        index_where("issue_id IS NULL", "ix_attachments_staged", "created_at"),
    )
    subject_type = "attachment"
    untracked = frozenset({"storage_key", "copy_key"})

    name: Mapped[str | None]
    size: Mapped[int]
    media_type: Mapped[str]
    sha256: Mapped[str]
    storage_key: Mapped[str | None]
    serving: Mapped[str]
    copy_key: Mapped[str | None]
    copy_size: Mapped[int | None]
    parent_id: Mapped[int | None] = refers("attachments.id", index=False)
    part: Mapped[str | None]
    uploader_id: Mapped[int | None] = refers("users.id", index=False)
    issue_id: Mapped[int | None] = refers("issues.id")
    extraction: Mapped[str]
    kind: Mapped[str | None]
    problems: Mapped[list[Any]]
    created_at: Mapped[datetime]
    discarded_at: Mapped[datetime | None]

    @property
    def about_issue(self) -> int | None:
        return self.issue_id


class StorageKey(Row):
    """A key that was given out for bytes, until it is certain whose they are."""

    __tablename__ = "storage_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
