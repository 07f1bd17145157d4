"""What goes out about files."""

from pydantic import BaseModel

from sightline.attachments.models import Extraction
from sightline.core.times import Moment


class ExtractionOut(BaseModel):
    """How far reading the file is, what it turned out to be, and what could not be read."""

    status: Extraction
    kind: str | None
    problems: list[str]


class AttachmentOut(BaseModel):
    """A stored file; `issue_id` is null while it is staged."""

    id: int
    name: str
    size: int
    media_type: str
    sha256: str
    issue_id: int | None
    created_at: Moment
    extraction: ExtractionOut


class Attachments(BaseModel):
    """The files of an issue, oldest first."""

    items: list[AttachmentOut]
