"""What comes in and goes out without an account."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sightline.attachments.schemas import ExtractionOut
from sightline.comments.schemas import Body
from sightline.core.times import Moment
from sightline.issues.schemas import Description, Title, Wish
from sightline.issues.workflow import Resolution, Status


class Submission(Wish):
    """What is written beside the files; without a title, the text or a file gives one."""

    title: Title | None = None
    text: Description = ""


class ReplyWish(Wish):
    """A reply in Markdown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"body": "It is version 2.1."}]})
    body: Body


class DoorProject(BaseModel):
    """The project behind an open door."""

    key: str
    name: str
    description: str


class Door(BaseModel):
    """An open door: what it leads to, and how much it takes at once."""

    project: DoorProject
    max_upload_bytes: int
    max_files: int


class Link(BaseModel):
    """The address of a receipt, and the token in it: shown here once, and never again."""

    receipt: str
    token: str


class SubmittedOut(Link):
    """What was handed in became the issue `key`."""

    key: str


class ReceiptProject(BaseModel):
    """The project that an issue is in."""

    key: str
    name: str


class MissingKind(StrEnum):
    """What the team waits for."""

    reply = "reply"
    file = "file"


class Missing(BaseModel):
    """One thing that would help: an answer to what the team wrote last, or a file that can be read."""

    kind: MissingKind
    detail: str


class ReceiptFile(BaseModel):
    """A file that was sent without an account."""

    id: int
    name: str
    size: int
    media_type: str
    extraction: ExtractionOut


class Reply(BaseModel):
    """A comment that is not internal; `mine` when it was written with the receipt, else by `author` of the team."""

    id: int
    mine: bool
    author: str | None
    body: str
    body_html: str
    created_at: Moment


class ReceiptOut(BaseModel):
    """What became of something handed in, and what is missing; nothing of how the team sees it."""

    key: str
    title: str
    status: Status
    resolution: Resolution | None
    project: ReceiptProject
    created_at: Moment
    updated_at: Moment
    missing: list[Missing]
    attachments: list[ReceiptFile]
    replies: list[Reply]
    max_upload_bytes: int
    max_files: int
