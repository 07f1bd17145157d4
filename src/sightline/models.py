"""Every table and every kind of event, in one import: for migrations, the guard, and whoever reads the log."""

from typing import Final

from sightline.attachments import changes as attachment_changes
from sightline.attachments.models import Attachment, StorageKey
from sightline.comments import changes as comment_changes
from sightline.comments.models import Comment
from sightline.core.idempotency import IdempotencyKey
from sightline.core.rows import Row
from sightline.doors import changes as door_changes
from sightline.doors.models import Receipt
from sightline.events.models import Cursor, Event, EventLog, Span
from sightline.facts import changes as fact_changes
from sightline.facts.models import Fact, TextChunk
from sightline.issues import changes as issue_changes
from sightline.issues.models import Issue, IssueKey, IssueLabel, Revision
from sightline.jobs.models import Job
from sightline.labels import changes as label_changes
from sightline.labels.models import Label
from sightline.projects import changes as project_changes
from sightline.projects.models import Project
from sightline.readers.insights.models import CountedIssue, IssueCount
from sightline.users import changes as user_changes
from sightline.users.models import ApiToken, Device, RefreshToken, Try, User, UserSession

metadata = Row.metadata
CHANGES: Final = (
    attachment_changes,
    comment_changes,
    door_changes,
    fact_changes,
    issue_changes,
    label_changes,
    project_changes,
    user_changes,
)

__all__ = [
    "CHANGES",
    "ApiToken",
    "Attachment",
    "Comment",
    "CountedIssue",
    "Cursor",
    "Device",
    "Event",
    "EventLog",
    "Fact",
    "IdempotencyKey",
    "Issue",
    "IssueCount",
    "IssueKey",
    "IssueLabel",
    "Job",
    "Label",
    "Project",
    "Receipt",
    "RefreshToken",
    "Revision",
    "Span",
    "StorageKey",
    "TextChunk",
    "Try",
    "User",
    "UserSession",
    "metadata",
]
