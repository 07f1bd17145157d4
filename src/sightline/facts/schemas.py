"""What comes in and goes out about facts."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from sightline.facts.models import FactType
from sightline.users.schemas import Person

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,30}(\.[a-z][a-z0-9_]{0,30}){1,3}$"


class Locator(BaseModel):
    """Where a value was read; `box` is [x0, y0, x1, y1] in PDF points from the top left of the page."""

    page: int | None = None
    box: list[float] | None = None
    line: int | None = None
    end_line: int | None = None
    path: str | None = None


class Alternative(BaseModel):
    """Another reading of the same fact."""

    value: Any
    locator: Locator
    confidence: float


class FactOut(BaseModel):
    """One typed value with its proof; `read_value` is what the file says when a person corrected it."""

    id: int
    name: str
    type: FactType
    value: Any
    read_value: Any
    attachment_id: int | None
    locator: Locator
    extractor: str | None
    extractor_version: int | None
    confidence: float | None
    corrected_by: Person | None
    corrected_at: datetime | None
    alternatives: list[Alternative]


class Facts(BaseModel):
    """Facts, by name."""

    items: list[FactOut]


class FactEdit(BaseModel):
    """The right value, in the form of the fact's type."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"value": {"amount": "12.30", "currency": "EUR"}}]}
    )
    value: Any


class FactWish(FactEdit):
    """A fact that a person states of an issue."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "impact.customers", "type": "number", "value": "12"}]}
    )
    name: Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=80)]
    type: FactType


class TextLineOut(BaseModel):
    """A line of a file's text and its place."""

    page: int | None
    line: int
    box: list[float] | None
    text: str


class TextOut(BaseModel):
    """Up to 500 lines of a file's text."""

    items: list[TextLineOut]
    next_cursor: str | None
