"""What comes in and goes out about labels."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from sightline.core.text import Line

LabelName = Annotated[str, Line(1, 50)]


class LabelWish(BaseModel):
    """A new label; the colour is `#rrggbb`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "ui", "colour": "#4466cc"}]})
    name: LabelName
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)] = "#7a869a"
    description: Annotated[str, Line(0, 200)] = ""


class LabelOut(BaseModel):
    """A label."""

    id: int
    name: str
    colour: str
    description: str
