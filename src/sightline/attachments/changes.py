"""What can happen to a file."""

from datetime import datetime
from typing import Any

from sightline.attachments.models import Attachment, Extraction, Serving
from sightline.events.change import Change


class Entered(Change[Attachment]):
    """A file arrived; its bytes are in the store already."""

    name: str | None
    size: int
    media_type: str
    sha256: str

    def apply(self, attachment: Attachment, at: datetime) -> None:
        for name in type(self).model_fields:
            setattr(attachment, name, getattr(self, name))
        attachment.extraction, attachment.problems, attachment.created_at = Extraction.queued, [], at
        attachment.serving = Serving.original


class Stored(Entered):
    """Somebody with an account sent it."""

    kind = "attachment.stored"
    uploader_id: int


class Received(Entered):
    """Somebody without an account sent it to an issue."""

    kind = "attachment.received"
    issue_id: int


class Unwrapped(Received):
    """A file came out of one that somebody without an account sent."""

    kind = "attachment.unwrapped"
    parent_id: int
    part: str


class Unpacked(Stored):
    """A file came out of another one."""

    kind = "attachment.unpacked"
    parent_id: int
    part: str
    issue_id: int | None


class Prepared(Change[Attachment]):
    """It was decided what people get; `copy_size` in bytes, of the copy when there is one."""

    kind = "attachment.prepared"
    serving: Serving
    copy_size: int | None

    def apply(self, attachment: Attachment, at: datetime) -> None:
        attachment.serving, attachment.copy_size = self.serving, self.copy_size


class Claimed(Change[Attachment]):
    """An issue took the file."""

    kind = "attachment.claimed"
    issue_id: int

    def apply(self, attachment: Attachment, at: datetime) -> None:
        attachment.issue_id = self.issue_id


class Extracted(Change[Attachment]):
    """The file was read, or could not be; `problems` are sentences for people."""

    kind = "attachment.extracted"
    status: Extraction
    found: str | None
    problems: list[str]

    def apply(self, attachment: Attachment, at: datetime) -> None:
        attachment.extraction, attachment.kind, attachment.problems = self.status, self.found, list(self.problems)

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"extraction": (None, self.status.value)}


class Discarded(Change[Attachment]):
    """The file was taken away; its bytes go at the next sweep."""

    kind = "attachment.discarded"

    def apply(self, attachment: Attachment, at: datetime) -> None:
        attachment.discarded_at = at
