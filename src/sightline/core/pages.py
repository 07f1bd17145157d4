"""Keyset pages: a cursor holds the sort values of the last row, so a page costs the same anywhere in the list."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, and_, or_

from sightline.core.errors import Invalid

CURSOR_LIMIT: Final = 1024


class PageWish(BaseModel):
    """Which page is wanted."""

    model_config = ConfigDict(frozen=True)
    limit: int = 50
    cursor: str | None = None


def page_wish(
    limit: Annotated[int, Query(ge=1, le=100, description="Rows a page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=CURSOR_LIMIT, description="`next_cursor` of the page before.")
    ] = None,
) -> PageWish:
    """Read `limit` and `cursor` from the query string."""
    return PageWish(limit=limit, cursor=cursor)


class Keyset:
    """An order with a unique last column, and the pages along it."""

    def __init__(self, name: str, *columns: tuple[ColumnElement[Any], bool]) -> None:
        """Take the name of the order and its (expression, is_descending) pairs; none may be null."""
        self.name = name
        self.columns = columns

    def page_of(self, query: Select[Any], wish: PageWish) -> Select[Any]:
        """Return `query` in this order, after the cursor, one row longer than the page; raises `Invalid`."""
        ordered = query.order_by(*(c.desc() if down else c.asc() for c, down in self.columns)).limit(wish.limit + 1)
        keyed = ordered.add_columns(*(c.label(f"sort_{n}") for n, (c, _) in enumerate(self.columns)))
        return keyed.where(self._after(self._decode(wish.cursor))) if wish.cursor else keyed

    def split(self, rows: Sequence[Any], wish: PageWish) -> tuple[list[Any], str | None]:
        """Return the entities of the page and the cursor of the next, from the rows of `page_of`."""
        shown = [row[0] for row in rows[: wish.limit]]
        if len(rows) <= wish.limit:
            return shown, None
        return shown, self._encode(rows[wish.limit - 1][-len(self.columns) :])

    def _after(self, values: list[Any]) -> ColumnElement[bool]:
        beyond = []
        for at, (column, down) in enumerate(self.columns):
            equal = [c == v for (c, _), v in zip(self.columns[:at], values[:at], strict=True)]
            beyond.append(and_(*equal, column < values[at] if down else column > values[at]))
        return or_(*beyond)

    def _encode(self, values: Sequence[Any]) -> str:
        plain = [v.isoformat() if isinstance(v, date) else v for v in values]
        return base64.urlsafe_b64encode(json.dumps([self.name, *plain]).encode()).decode().rstrip("=")

    def _decode(self, cursor: str) -> list[Any]:
        try:
            name, *values = json.loads(
                base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            )
            typed = [_typed(c, v) for (c, _), v in zip(self.columns, values, strict=True)]
        except (ValueError, TypeError, binascii.Error, RecursionError) as error:
            raise Invalid("cursor", "is not a cursor of this list") from error
        if name != self.name:
            raise Invalid("cursor", "is not a cursor of this list")
        return typed


def _typed(column: ColumnElement[Any], value: Any) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind or (kind is int and not -(2**63) <= value < 2**63):
        raise ValueError(value)
    return value
