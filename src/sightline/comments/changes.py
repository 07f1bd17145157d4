"""What can happen to a comment, and to an issue by it."""

from datetime import datetime
from typing import Any

from sightline.comments.models import Comment
from sightline.events.change import Change
from sightline.issues.models import Issue


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
        comment.issue_id, comment.text_id = self.issue_id, self.text_id
        comment.is_internal, comment.created_at = False, at


class Commented(Change[Issue]):
    """A comment was made that everybody who sees the issue may read."""

    kind = "issue.commented"
    comment_id: int

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.comments_count += 1
        issue.updated_at = at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {"comments": (None, self.comment_id)}
