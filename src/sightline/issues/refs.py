"""How an address names an issue: `KEY-n`, or its numeric id."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Path

from sightline.core.errors import NotFound

_KEY: Final = re.compile(r"^([A-Za-z][A-Za-z0-9]{1,9})-([1-9]\d{0,17})$", re.ASCII)
_ID: Final = re.compile(r"^[1-9]\d{0,17}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ref:
    """Either `id`, or `project` (a key in upper case) and `number`."""

    id: int | None = None
    project: str = ""
    number: int = 0


def parse(text: str) -> Ref:
    """Return the reference in `text`; raises `NotFound` for anything that cannot be one."""
    if _ID.match(text):
        return Ref(id=int(text))
    if found := _KEY.match(text):
        return Ref(project=found[1].upper(), number=int(found[2]))
    raise NotFound


def _from_path(issue_ref: Annotated[str, Path(description="`KEY-n` or the numeric id.", examples=["INBOX-1"])]) -> Ref:
    return parse(issue_ref)


IssueRef = Annotated[Ref, Depends(_from_path)]
