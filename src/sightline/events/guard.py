"""Refuses, at the engine, a statement that changes a tracked column outside `record()`.

ORM, Core, bulk and raw statements all pass here. It reads SQL text: it is a net for our own
mistakes, not a wall against an attacker who can already run SQL.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from sqlalchemy import MetaData, event, inspect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

_COMMENT: Final = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_WRITES: Final = re.compile(
    r"\b(INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)"
    r"\s+(?:ONLY\s+)?(?:[\"`\[]?\w+[\"`\]]?\s*\.\s*)?[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_TRACKED: Final[list[Any]] = []
_permits: Final[ContextVar[tuple[tuple[str, int | None], ...]]] = ContextVar("permits", default=())


class Unrecorded(RuntimeError):
    """A tracked column was about to change without an event."""


def track(model: Any) -> None:
    """Watch the table of `model` from now on."""
    _TRACKED.append(model)


def tracked_models() -> Sequence[Any]:
    """Return every model whose rows change by events alone."""
    return tuple(_TRACKED)


@contextmanager
def recording(session: AsyncSession, *subjects: Any) -> Iterator[None]:
    """Permit the flush of exactly these rows; raises `Unrecorded` when `session` holds an edit of others."""
    _must_hold_no_edit(session, subjects)
    names: list[tuple[str, int | None]] = []
    for subject in subjects:
        names.append((subject.__tablename__, subject.id))
        names.extend((part, None) for part in subject.parts)
    token = _permits.set(tuple(names))
    try:
        yield
    finally:
        _permits.reset(token)


def _must_hold_no_edit(session: AsyncSession, subjects: Sequence[Any]) -> None:
    ours = {part for model in _TRACKED for part in (model.__tablename__, *model.parts)}
    for row in (*session.new, *session.deleted, *session.dirty):
        is_subject = any(row is subject for subject in subjects)
        is_edit = row.__tablename__ in ours and (_is_edited(row) if row in session.dirty else not is_subject)
        if is_edit:
            raise Unrecorded(f"{row.__tablename__} changed outside record()")


def _is_edited(row: Any) -> bool:
    watched = _columns(type(row)) | _links(type(row))
    return any(a.key in watched and a.history.has_changes() for a in inspect(row).attrs)


def _columns(model: Any) -> set[str]:
    return {c.key for c in inspect(model).column_attrs} - getattr(model, "untracked", frozenset())


def _links(model: Any) -> set[str]:
    parts: frozenset[str] = getattr(model, "parts", frozenset())
    return {r.key for r in inspect(model).relationships if r.target.name in parts}


def watch(engine: AsyncEngine, metadata: MetaData) -> None:
    """Check every statement that runs on `engine` and changes a tracked table of `metadata`."""
    tables: dict[str, set[str]] = {}
    for model in (one for one in _TRACKED if one.__tablename__ in metadata.tables):
        tables[model.__tablename__] = _columns(model)
        tables |= {part: set() for part in model.parts}

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def check(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:  # noqa: FBT001 - the shape of the hook
        plain = _COMMENT.sub(" ", statement)
        for found in _WRITES.finditer(plain):
            verb, table = found[1].split()[0].upper(), found[2].lower()
            if (
                table in tables
                and _matters(verb, plain[found.end() :], tables[table])
                and not _permitted(verb, table, context)
            ):
                raise Unrecorded(f"{verb} {table} outside record()")


def _matters(verb: str, rest: str, columns: set[str]) -> bool:
    if verb != "UPDATE" or not columns:
        return True
    assigned = re.split(r"\bWHERE\b", rest, maxsplit=1, flags=re.IGNORECASE)[0]
    any_column = "|".join(sorted(columns))
    return bool(re.search(rf"\b(?:{any_column})(?:[\"`\]]?|[^=()]*\))\s*=", assigned, re.IGNORECASE))


def _permitted(verb: str, table: str, context: Any) -> bool:
    permits = _permits.get()
    if (table, None) in permits:
        return True
    if verb != "UPDATE":
        return False
    rows = [p.get(f"{table}_id") for p in (getattr(context, "compiled_parameters", None) or [{}])]
    return all((table, row) in permits for row in rows if row is not None) and None not in rows
