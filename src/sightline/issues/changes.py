"""What can happen to an issue that is there; how one begins is in `beginnings`."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sightline.events.change import Change, FieldChange, Hold
from sightline.issues.models import Issue, IssueKey, IssueLabel
from sightline.issues.workflow import Priority, Resolution, Severity, Status


class IssueChange(FieldChange[Issue]):
    """A change of one column."""

    def apply(self, issue: Issue, at: datetime) -> None:
        super().apply(issue, at)
        issue.updated_at = at


class Retitled(IssueChange):
    """The title changed."""

    kind = "issue.retitled"
    field = "title"
    before: str
    after: str


class Described(IssueChange):
    """The description changed from one revision to another."""

    kind = "issue.described"
    field = "description_id"
    before: int | None
    after: int | None

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"description": (self.before, self.after)}


class StatusChanged(Change[Issue]):
    """The status moved; with it go the resolution and what it duplicates."""

    kind = "issue.status_changed"
    before: Status
    after: Status
    resolution_before: Resolution | None
    resolution: Resolution | None
    duplicate_of_id_before: int | None
    duplicate_of_id: int | None

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.status, issue.resolution, issue.duplicate_of_id = self.after, self.resolution, self.duplicate_of_id
        issue.reach(self.after, at)
        issue.updated_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        told: dict[str, tuple[Any, Any]] = {"status": (self.before, self.after)} if self.before != self.after else {}
        if self.resolution_before != self.resolution:
            told["resolution"] = (self.resolution_before, self.resolution)
        if self.duplicate_of_id_before != self.duplicate_of_id:
            told["duplicate_of"] = (self.duplicate_of_id_before, self.duplicate_of_id)
        return told

    def holds(self) -> Iterable[Hold]:
        return [Hold("status", self.after)] if self.before != self.after else []


class SeverityChanged(IssueChange):
    """The severity changed."""

    kind = "issue.severity_changed"
    field = "severity"
    is_held = True
    before: Severity
    after: Severity


class PriorityChanged(IssueChange):
    """The priority changed."""

    kind = "issue.priority_changed"
    field = "priority"
    is_held = True
    before: Priority
    after: Priority


class Assigned(IssueChange):
    """Somebody took it, or nobody has it any more."""

    kind = "issue.assigned"
    field = "assignee_id"
    is_held = True
    before: int | None
    after: int | None


class DueChanged(IssueChange):
    """The due day changed."""

    kind = "issue.due_changed"
    field = "due_on"
    before: date | None
    after: date | None


class Relabelled(Change[Issue]):
    """The set of labels was replaced."""

    kind = "issue.relabelled"
    before: list[int]
    after: list[int]

    def apply(self, issue: Issue, at: datetime) -> None:
        kept = {link.label_id: link for link in issue.label_links}
        issue.label_links = [kept.get(i) or IssueLabel(label_id=i) for i in self.after]
        issue.updated_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"labels": (self.before, self.after)}

    def holds(self) -> Iterator[Hold]:
        for label in sorted(set(self.before) ^ set(self.after)):
            yield Hold("label", str(label), is_on=label in self.after)


class Moved(Change[Issue]):
    """The issue went to another project; its old key keeps leading to it.

    It gets a number there, or the one it had when it was there before.
    """

    kind = "issue.moved"
    before: int
    after: int
    number_before: int
    number: int
    is_first_visit: bool

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.project_id, issue.number, issue.updated_at = self.after, self.number, at
        if self.is_first_visit:
            issue.keys.add(IssueKey(project_id=self.after, number=self.number))

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"project": (self.before, self.after)}

    def holds(self) -> Iterable[Hold]:
        return [Hold("project", str(self.after))]


class Attached(Change[Issue]):
    """A file was attached."""

    kind = "issue.attached"
    attachment_id: int

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.attachments_count += 1
        issue.updated_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"attachments": (None, self.attachment_id)}


class Detached(Change[Issue]):
    """A file was taken off."""

    kind = "issue.detached"
    attachment_id: int

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.attachments_count -= 1
        issue.updated_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"attachments": (self.attachment_id, None)}


class Recurred(Change[Issue]):
    """It was seen again, and counted instead of filed anew."""

    kind = "issue.recurred"
    before: int
    after: int

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.occurrences = self.after
        issue.recurred_at = issue.updated_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"occurrences": (self.before, self.after)}


class Trashed(Change[Issue]):
    """The issue went to the trash."""

    kind = "issue.trashed"

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.deleted_at = issue.updated_at = at


class Restored(Change[Issue]):
    """The issue came back from the trash."""

    kind = "issue.restored"

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.deleted_at, issue.updated_at = None, at
