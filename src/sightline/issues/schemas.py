"""What comes in and goes out about issues."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sightline.core.text import Line, Prose, RowId, Whole
from sightline.core.times import Moment
from sightline.issues.workflow import (
    Priority,
    PriorityWord,
    Resolution,
    ResolutionWord,
    Severity,
    SeverityWord,
    Status,
    StatusWord,
)
from sightline.labels.schemas import LabelName
from sightline.projects.schemas import Key
from sightline.users.schemas import Person

Title = Annotated[str, Line(1, 200)]
Description = Annotated[str, Prose(64 * 1024)]


NULLABLE: Final = frozenset({"duplicate_of", "assignee_id", "due_on", "version"})


class Wish(BaseModel):
    """An input: unknown and server-owned fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IssueWish(Wish):
    """A new issue. Status, priority, assignee and labels are for maintainers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "The export loses umlauts", "severity": "high", "attachment_ids": []}]
        }
    )
    title: Title
    description: Description = ""
    project: Key = "INBOX"
    severity: SeverityWord = Severity.medium
    status: StatusWord = Status.open
    priority: PriorityWord = Priority.none
    assignee_id: RowId | None = None
    labels: list[LabelName] = Field([], max_length=50)
    due_on: date | None = None
    attachment_ids: list[RowId] = Field([], max_length=50)


class IssueEdit(Wish):
    """Fields to change, and the `version` they were seen in (or send `If-Match`)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1, "status": "triaged", "priority": "high"}]})
    version: Annotated[Whole, Field(ge=1, le=2**53)] | None = None
    title: Title | None = None
    description: Description | None = None
    status: StatusWord | None = None
    resolution: ResolutionWord | None = None
    duplicate_of: Annotated[str, Field(max_length=40)] | None = None
    severity: SeverityWord | None = None
    priority: PriorityWord | None = None
    assignee_id: RowId | None = None
    due_on: date | None = None
    project: Key | None = None

    @model_validator(mode="after")
    def _only_some_can_be_empty(self) -> Self:
        for name in self.model_fields_set - NULLABLE:
            if getattr(self, name) is None:
                raise ValueError(f"{name} must not be null")
        return self


class OccurrenceWish(Wish):
    """The staged files in which an issue was seen again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"attachment_ids": [1]}]})
    attachment_ids: list[RowId] = Field([], max_length=50)


class LabelSet(Wish):
    """The labels an issue is to have, by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"label_names": ["ui", "regression"]}]})
    label_names: list[LabelName] = Field(max_length=50)


class IssueRow(BaseModel):
    """An issue in a list."""

    id: int
    key: str
    project: str
    number: int
    title: str
    status: Status
    resolution: Resolution | None
    duplicate_of: str | None
    severity: Severity
    priority: Priority
    labels: list[str]
    reporter: Person | None
    assignee: Person | None
    attachments_count: int
    comments_count: int
    occurrences: int
    first_seen_at: Moment
    last_seen_at: Moment
    version: int
    created_at: Moment
    updated_at: Moment
    triaged_at: Moment | None
    started_at: Moment | None
    done_at: Moment | None
    due_on: date | None


class ReceiptState(StrEnum):
    """Whether the link to a receipt holds."""

    active = "active"
    revoked = "revoked"


class IssueOut(IssueRow):
    """One issue with its text; `receipt` is for maintainers, and null unless it came through the public door."""

    receipt: ReceiptState | None
    description: str
    description_html: str


class Count(BaseModel):
    """How many match: exactly, or at least so many."""

    exact: int | None = None
    at_least: int | None = None


class Issues(BaseModel):
    """A page of issues; `count` on `?count=true`."""

    items: list[IssueRow]
    next_cursor: str | None
    count: Count | None = None


class Step(BaseModel):
    """What a field was and became."""

    model_config = ConfigDict(populate_by_name=True)
    before: Any = Field(alias="from")
    after: Any = Field(alias="to")


class EventOut(BaseModel):
    """One line of the timeline."""

    position: int | None
    kind: str
    at: Moment
    actor: Person | None
    changes: dict[str, Step]


class Timeline(BaseModel):
    """A page of events, oldest first."""

    items: list[EventOut]
    next_cursor: str | None


class FieldConflict(BaseModel):
    """A field that somebody changed since the version the caller saw."""

    field: str
    base: Any
    theirs: Any
    yours: Any
    by: Person | None
    at: datetime
