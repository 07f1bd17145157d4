"""A valid row for any table, made from what its columns and constraints say, with the rows it refers to."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Connection, Table, insert, select

from sightline import models

TABLES = tuple(models.metadata.sorted_tables)
LISTED = re.compile(r"^(\w+) IN \((.+)\)$")
OTHERWISE: dict[str, dict[str, Any]] = {"event_log": {"id": 1}}
# What a column needs beside it, where a CHECK speaks of several.
BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("issues", "duplicate_of_id"): {"status": "done", "resolution": "duplicate"},
    ("issues", "resolution"): {"status": "done"},
    ("facts", "attachment_id"): {"issue_id": None},
    ("facts", "issue_id"): {"attachment_id": None},
}
_numbers = itertools.count(1000)


def enumerations(table: Table) -> Iterator[tuple[str, list[str]]]:
    """Yield (column, values) of the checks that keep a column to a list."""
    for constraint in table.constraints:
        found = LISTED.match(str(constraint.sqltext)) if isinstance(constraint, CheckConstraint) else None
        if found:
            yield found[1], re.findall(r"'(\w+)'", found[2])


def row(connection: Connection, table: Table, **given: Any) -> dict[str, Any]:
    """Return the values of a new row; parents are inserted, columns that may be null are null."""
    lists = dict(enumerations(table))
    values = OTHERWISE.get(table.name, {}) | given
    if table.name == "facts" and not values.keys() & {"attachment_id", "issue_id"}:
        values["issue_id"] = _parent(connection, table.c.issue_id)
    for column in table.columns:
        is_needed = not column.nullable and not (column.autoincrement is True and column.primary_key)
        if column.key not in values and is_needed:
            values[column.key] = _value(connection, column, lists)
    return values


def _value(connection: Connection, column: Column[Any], lists: dict[str, list[str]]) -> Any:
    if column.foreign_keys:
        return _parent(connection, column)
    if column.key in lists:
        return lists[column.key][0]
    return fresh(column)


def fresh(column: Column[Any]) -> Any:
    """Return a value no row has yet, of the column's type."""
    number = next(_numbers)
    kind = column.type.python_type
    known: dict[type, Any] = {
        int: number,
        str: f"value {number}",
        bool: True,
        datetime: datetime.now(UTC),
        date: date(2026, 1, 1),
    }
    return known.get(kind, {"number": number})


def filled(connection: Connection, column: Column[Any]) -> Any:
    """Return a value for a column that may be null: a parent, one of a list, or something new."""
    return _value(connection, column, dict(enumerations(column.table)))


def _parent(connection: Connection, column: Column[Any]) -> Any:
    (reference,) = column.foreign_keys
    return put(connection, reference.column.table)[reference.column.key]


def put(connection: Connection, table: Table, **given: Any) -> dict[str, Any]:
    """Insert a valid row and return it as the database has it."""
    values = row(connection, table, **given)
    keys = list(table.primary_key.columns)
    inserted = connection.execute(insert(table).values(values).returning(*keys)).one()
    where = [column == inserted[n] for n, column in enumerate(keys)]
    return dict(connection.execute(select(table).where(*where)).mappings().one())
