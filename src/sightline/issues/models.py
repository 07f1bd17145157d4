"""Issues, the keys that lead to them, their labels, and the texts they had."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from sightline.core.rows import Id, Row, one_of, refers
from sightline.events.log import Tracked
from sightline.issues.workflow import STAGES, Priority, Resolution, Severity, Status


class Revision(Row):
    """A long text as somebody wrote it; events name it, so that it can be erased without touching them."""

    __tablename__ = "revisions"

    id: Mapped[Id]
    author_id: Mapped[int | None] = refers("users.id")
    text: Mapped[str]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class IssueLabel(Row):
    """A label on an issue."""

    __tablename__ = "issue_labels"

    issue_id: Mapped[int] = refers("issues.id", index=False, primary_key=True)
    label_id: Mapped[int] = refers("labels.id", primary_key=True)


class IssueKey(Row):
    """A key that leads to an issue: the present one and those it had in other projects."""

    __tablename__ = "issue_keys"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[Id]
    project_id: Mapped[int] = refers("projects.id", index=False)
    number: Mapped[int]
    issue_id: Mapped[int] = refers("issues.id")


class Issue(Row, Tracked):
    """The unit of work.

    One that was handed in without an account has no reporter, and `has_receipt` tells whether a link to it holds.
    """

    __tablename__ = "issues"
    __table_args__ = (
        one_of("status", Status),
        one_of("severity", Severity),
        one_of("priority", Priority),
        one_of("resolution", Resolution),
        CheckConstraint("(status = 'done') = (resolution IS NOT NULL)", name="done_has_resolution"),
        CheckConstraint("duplicate_of_id IS NULL OR resolution = 'duplicate'", name="duplicate_of_what"),
        CheckConstraint("duplicate_of_id <> id", name="not_its_own_duplicate"),
        UniqueConstraint("project_id", "number"),
        Index("ix_issues_updated", "updated_at", "id"),
        Index("ix_issues_reporter_updated", "reporter_id", "updated_at", "id"),
        Index("ix_issues_reporter_position", "reporter_id", "last_position"),
        Index("ix_issues_status_updated", "status", "updated_at", "id"),
    )
    subject_type = "issue"
    untracked = frozenset({"last_position"})
    parts = frozenset({"issue_labels", "issue_keys"})

    project_id: Mapped[int] = refers("projects.id", index=False)
    number: Mapped[int]
    title: Mapped[str]
    description_id: Mapped[int | None] = refers("revisions.id")
    status: Mapped[str]
    resolution: Mapped[str | None]
    duplicate_of_id: Mapped[int | None] = refers("issues.id")
    severity: Mapped[str]
    priority: Mapped[str]
    assignee_id: Mapped[int | None] = refers("users.id")
    reporter_id: Mapped[int | None] = refers("users.id", index=False)
    has_receipt: Mapped[bool | None]
    due_on: Mapped[date | None]
    attachments_count: Mapped[int]
    comments_count: Mapped[int] = mapped_column(default=0, server_default="0")
    occurrences: Mapped[int] = mapped_column(default=1, server_default="1")
    recurred_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    triaged_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    last_position: Mapped[int] = mapped_column(default=0, index=True)

    label_links: Mapped[list[IssueLabel]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=IssueLabel.label_id
    )
    keys: WriteOnlyMapped[IssueKey] = relationship(order_by=IssueKey.id, passive_deletes=True)

    @property
    def about_issue(self) -> int | None:
        return self.id

    @property
    def first_seen_at(self) -> datetime:
        """When it was seen first."""
        return self.created_at

    @property
    def last_seen_at(self) -> datetime:
        """When it was seen last."""
        return self.recurred_at or self.created_at

    @property
    def last_change_at(self) -> datetime | None:
        return self.updated_at

    def reach(self, status: Status, at: datetime) -> None:
        """Note when each stage was reached; going back forgets the stages that lie ahead again."""
        order = list(Status)
        for stage, column in STAGES.items():
            if order.index(stage) > order.index(status):
                setattr(self, column, None)
            elif getattr(self, column) is None:
                setattr(self, column, at)

    @property
    def label_ids(self) -> list[int]:
        """The ids of its labels, ascending."""
        return sorted(link.label_id for link in self.label_links)
