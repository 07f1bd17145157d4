"""What goes out about repeats and suggestions."""

from enum import StrEnum

from pydantic import BaseModel

from sightline.issues.workflow import Severity, Status


class ReasonKind(StrEnum):
    """What two things have in common."""

    checksum = "checksum"
    fingerprint = "fingerprint"
    invoice = "invoice"


class Reason(BaseModel):
    """Why an issue is a repeat: a sentence for people, and how sure it is, from 0 to 1."""

    kind: ReasonKind
    detail: str
    score: float


class SimilarIssue(BaseModel):
    """The issue that is like what is at hand."""

    id: int
    key: str
    title: str
    status: Status
    occurrences: int


class Similar(BaseModel):
    """A repeat, best reason first."""

    issue: SimilarIssue
    reasons: list[Reason]


class Suggestion(BaseModel):
    """A value to file with, and why."""

    value: str
    why: str


class SeveritySuggestion(BaseModel):
    """A severity to file with, and why."""

    value: Severity
    why: str


class Suggestions(BaseModel):
    """What the files propose for an issue; what they say nothing about is null."""

    title: Suggestion | None
    severity: SeveritySuggestion | None
    project: Suggestion | None
    labels: list[Suggestion]
