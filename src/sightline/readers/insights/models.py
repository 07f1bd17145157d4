"""What insights keep: the standing of each issue as counted, and the counts."""

from typing import Final

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import BigInt, Row, one_of
from sightline.issues.workflow import Severity, Status

NOBODY: Final = 0  # the reporter of what came through the public door: a key cannot be null


class CountedIssue(Row):
    """An issue as the counts have it."""

    __tablename__ = "counted_issues"
    __table_args__ = (one_of("status", Status), one_of("severity", Severity))

    issue_id: Mapped[int] = mapped_column(BigInt, ForeignKey("issues.id"), primary_key=True, autoincrement=False)
    reporter_id: Mapped[int] = mapped_column(index=True)
    status: Mapped[str]
    severity: Mapped[str]
    is_trashed: Mapped[bool]


class IssueCount(Row):
    """How many issues of a reporter have this status and severity, the trash apart."""

    __tablename__ = "issue_counts"
    __table_args__ = (
        one_of("status", Status),
        one_of("severity", Severity),
        Index("ix_issue_counts_standing", "status", "severity"),
    )

    reporter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
