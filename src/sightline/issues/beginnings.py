"""How an issue comes to be."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sightline.events.change import Change, Hold
from sightline.issues.models import Issue, IssueKey, IssueLabel
from sightline.issues.workflow import Priority, Resolution, Severity, Status


class Begun(Change[Issue]):
    """An issue came to be, with everything it began with."""

    project_id: int
    number: int
    title: str
    description_id: int | None
    status: Status
    resolution: Resolution | None
    severity: Severity
    priority: Priority
    assignee_id: int | None
    due_on: date | None
    label_ids: list[int]

    def apply(self, issue: Issue, at: datetime) -> None:
        for name in type(self).model_fields.keys() - {"label_ids"}:
            setattr(issue, name, getattr(self, name))
        issue.label_links = [IssueLabel(label_id=i) for i in self.label_ids]
        issue.keys.add(IssueKey(project_id=self.project_id, number=self.number))
        issue.created_at, issue.updated_at, issue.attachments_count, issue.occurrences = at, at, 0, 1
        issue.comments_count = 0
        issue.reach(self.status, at)

    def steps(self) -> dict[str, tuple[Any, Any]]:
        shown = {"title": self.title, "status": self.status, "severity": self.severity, "priority": self.priority}
        return {name: (None, value) for name, value in shown.items()}

    def holds(self) -> Iterator[Hold]:
        for field in ("status", "severity", "priority"):
            yield Hold(field, str(getattr(self, field)))
        yield Hold("project", str(self.project_id))
        if self.assignee_id is not None:
            yield Hold("assignee", str(self.assignee_id))
        for label in self.label_ids:
            yield Hold("label", str(label), is_on=True)


class Filed(Begun):
    """Somebody with an account filed it."""

    kind = "issue.filed"
    reporter_id: int


class Submitted(Begun):
    """Somebody without an account handed it in at the public door, and got a link to its receipt."""

    kind = "issue.submitted"

    def apply(self, issue: Issue, at: datetime) -> None:
        super().apply(issue, at)
        issue.has_receipt = True
