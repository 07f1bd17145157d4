"""What comes in and goes out about projects."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, StringConstraints

from sightline.core.text import Line

KEY_PATTERN = r"^[A-Z][A-Z0-9]{1,9}$"
Key = Annotated[
    str,
    BeforeValidator(lambda v: v.strip().upper() if isinstance(v, str) else v),
    StringConstraints(pattern=KEY_PATTERN),
]


class ProjectWish(BaseModel):
    """A new project."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"key": "APP", "name": "The app", "description": "What users run"}]},
    )
    key: Key
    name: Annotated[str, Line(1, 100)]
    description: Annotated[str, Line(0, 500)] = ""


class ProjectEdit(BaseModel):
    """What may change of a project; `submissions` opens or closes its public door."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "The mobile app", "submissions": True}]}
    )
    name: Annotated[str, Line(1, 100)] | None = None
    description: Annotated[str, Line(0, 500)] | None = None
    submissions: StrictBool | None = None


class ProjectOut(BaseModel):
    """A project; `issue_count` counts what the caller may see, `submissions` tells whether its public door is open."""

    key: str
    name: str
    description: str
    issue_count: int
    submissions: bool
