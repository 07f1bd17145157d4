"""What comes in and goes out about comments."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StrictBool

from sightline.core.text import Prose, RowId
from sightline.core.times import Moment
from sightline.issues.schemas import Wish
from sightline.users.schemas import Person


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Body = Annotated[str, Prose(64 * 1024), AfterValidator(_not_blank)]


class CommentWish(Wish):
    """A new comment in Markdown; an internal one is for maintainers. `author_id` can only be one's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"body": "Which version is it?", "internal": False}]})
    body: Body
    internal: StrictBool = False
    author_id: RowId | None = None


class CommentOut(BaseModel):
    """A comment; without an author it was written with the link to a receipt. `issue` is an id."""

    id: int
    issue: int
    author: Person | None
    body: str
    body_html: str
    internal: bool
    created_at: Moment
    edited_at: Moment | None


class Comments(BaseModel):
    """A page of comments, oldest first."""

    items: list[CommentOut]
    next_cursor: str | None
