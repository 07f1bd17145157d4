"""What can happen to a comment."""

from datetime import datetime
from typing import Any

from sightline.comments.models import Comment
from sightline.events.change import Change


class Posted(Change[Comment]):
    """Somebody with an account wrote it."""

    kind = "comment.posted"
    issue_id: int
    author_id: int
    text_id: int
    is_internal: bool

    def apply(self, comment: Comment, at: datetime) -> None:
        for name in type(self).model_fields:
            setattr(comment, name, getattr(self, name))
        comment.created_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"internal": (None, True)} if self.is_internal else {}


class Received(Change[Comment]):
    """Somebody without an account wrote it, with the link to a receipt."""

    kind = "comment.received"
    issue_id: int
    text_id: int

    def apply(self, comment: Comment, at: datetime) -> None:
        comment.issue_id, comment.text_id, comment.is_internal, comment.created_at = (
            self.issue_id,
            self.text_id,
            False,
            at,
        )
