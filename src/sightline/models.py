"""Every table, in one import: for migrations and for the guard."""

from sightline.attachments.models import Attachment, StorageKey
from sightline.comments.models import Comment
from sightline.core.idempotency import IdempotencyKey
from sightline.core.rows import Row
from sightline.doors.models import Receipt
from sightline.events.models import Cursor, Event, EventLog, Span
from sightline.facts.models import Fact, TextChunk
from sightline.issues.models import Issue, IssueKey, IssueLabel, Revision
from sightline.jobs.models import Job
from sightline.labels.models import Label
from sightline.projects.models import Project
from sightline.readers.insights.models import CountedIssue, IssueCount
from sightline.users.models import ApiToken, Device, RefreshToken, Try, User, UserSession

metadata = Row.metadata

__all__ = [
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
