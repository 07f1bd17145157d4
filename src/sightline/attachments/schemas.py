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
    """A stored file; `issue_id` is null while it is staged.

    `parent_id` is the file it came out of, a mail or an archive, and `part` its place there. `is_copy`: what is
    downloaded is a copy without secrets, place or camera. `withheld`: the caller may not download it, because there is
    no such copy (yet).
    """

    id: int
    name: str
    size: int
    media_type: str
    sha256: str
    issue_id: int | None
    parent_id: int | None
    part: str | None
    is_copy: bool
    withheld: bool
    created_at: Moment
    extraction: ExtractionOut


class Attachments(BaseModel):
    """The files of an issue, or those inside a file, oldest first."""

    items: list[AttachmentOut]
