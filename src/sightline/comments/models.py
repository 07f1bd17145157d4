"""Comments: who wrote what about an issue, for everybody who sees it or for the team alone."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from sightline.core.rows import Row, refers
from sightline.events.log import Tracked


class Comment(Row, Tracked):
    """One comment; its text is a revision. Without an author it came from outside, by the link to a receipt."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_issue_id", "issue_id", "id"),)
    subject_type = "comment"

    issue_id: Mapped[int] = refers("issues.id", index=False)
    author_id: Mapped[int | None] = refers("users.id")
    text_id: Mapped[int] = refers("revisions.id")
    is_internal: Mapped[bool]
    created_at: Mapped[datetime]

    @property
    def about_issue(self) -> int | None:
        return self.issue_id

    @property
    def is_for_team(self) -> bool:
        return self.is_internal
