"""What insights answer."""

from pydantic import BaseModel


class Counted(BaseModel):
    """How many issues have this value; `q` lists exactly those."""

    value: str
    count: int
    q: str


class Crossed(BaseModel):
    """How many issues have this status and this severity; `q` lists exactly those."""

    status: str
    severity: str
    count: int
    q: str


class Summary(BaseModel):
    """Counts over the issues the caller may see, as of a position of the log."""

    total: int
    by: dict[str, list[Counted]]
    status_by_severity: list[Crossed]
    definition: str
    position: int
