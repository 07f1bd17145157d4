"""The words of an issue and the moves its status may make."""

from enum import StrEnum
from typing import Annotated, Final

from sightline.core.text import word


class Status(StrEnum):
    """How far the work is."""

    open = "open"
    triaged = "triaged"
    in_progress = "in_progress"
    done = "done"


class Resolution(StrEnum):
    """Why an issue is done."""

    fixed = "fixed"
    wont_fix = "wont_fix"
    duplicate = "duplicate"
    invalid = "invalid"
    answered = "answered"


class Severity(StrEnum):
    """How bad it is for the reporter."""

    low = "low"
    medium = "medium"
    high = "high"
    critical = "critical"


class Priority(StrEnum):
    """In which order the team takes it."""

    none = "none"
    low = "low"
    medium = "medium"
    high = "high"
    urgent = "urgent"


MOVES: Final = {
    Status.open: (Status.triaged, Status.in_progress, Status.done),
    Status.triaged: (Status.open, Status.in_progress, Status.done),
    Status.in_progress: (Status.triaged, Status.done),
    Status.done: (Status.open,),
}
STAGES: Final = {Status.triaged: "triaged_at", Status.in_progress: "started_at", Status.done: "done_at"}

_STATUS: Final = {
    **dict.fromkeys(("resolved", "closed", "fixed", "complete", "completed", "finished"), "done"),
    **dict.fromkeys(("new", "todo", "to_do", "reopened", "backlog"), "open"),
    **dict.fromkeys(("doing", "started", "wip", "in_work", "inprogress"), "in_progress"),
    **dict.fromkeys(("accepted", "confirmed", "acknowledged"), "triaged"),
}
_LEVELS: Final = {
    **dict.fromkeys(("normal", "moderate", "major", "p3"), "medium"),
    **dict.fromkeys(("minor", "trivial", "p4", "s4"), "low"),
    **dict.fromkeys(("important", "serious", "p2", "s2"), "high"),
    "s3": "medium",
}
_SEVERITY: Final = _LEVELS | dict.fromkeys(("blocker", "crash", "urgent", "p1", "s1", "p0"), "critical")
_PRIORITY: Final = (
    _LEVELS | dict.fromkeys(("critical", "blocker", "immediate", "p1", "p0"), "urgent") | {"": "none", "no": "none"}
)
_RESOLUTION: Final = {
    "wontfix": "wont_fix",
    "won't_fix": "wont_fix",
    "dupe": "duplicate",
    "not_a_bug": "invalid",
    "resolved": "fixed",
}

StatusWord = Annotated[Status, word(_STATUS)]
SeverityWord = Annotated[Severity, word(_SEVERITY)]
PriorityWord = Annotated[Priority, word(_PRIORITY)]
ResolutionWord = Annotated[Resolution, word(_RESOLUTION)]
