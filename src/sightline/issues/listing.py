"""Which issues a list shows, and in which order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Select, Text, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from sightline.core.actor import Actor
from sightline.core.errors import Invalid, NotFound
from sightline.core.pages import Keyset
from sightline.issues import refs
from sightline.issues.models import Issue, IssueKey, IssueLabel
from sightline.issues.workflow import Priority, PriorityWord, Severity, SeverityWord, Status, StatusWord
from sightline.labels.changes import name_key
from sightline.labels.models import Label
from sightline.projects.models import Project
from sightline.users.models import User

LONGEST: Final = 1024
MOST_TERMS: Final = 32
LONGEST_ID: Final = 18
_TERM: Final = re.compile(r'(?:([^\s":]+):)?("[^"]*"|[^\s"]+)')
_WORDS: Final[dict[str, Any]] = {
    "status": TypeAdapter(StatusWord),
    "severity": TypeAdapter(SeverityWord),
    "priority": TypeAdapter(PriorityWord),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: any of `values` in `field`, or a word of the title when `field` is empty."""

    field: str
    values: tuple[str, ...]


def parse(query: str) -> list[Term]:
    """Return the terms of a query such as `status:open,triaged severity:high "exact words"`; raises `Invalid`."""
    if len(query) > LONGEST:
        raise Invalid("q", f"may have at most {LONGEST} characters")
    terms = [_term(field, text) for field, text in _TERM.findall(query)]
    if len(terms) > MOST_TERMS:
        raise Invalid("q", f"may have at most {MOST_TERMS} terms")
    return terms


def _term(field: str, text: str) -> Term:
    if field and field not in CONDITIONS:
        raise Invalid("q", f"has no such field; there are {', '.join(CONDITIONS)}")
    values = (text[1:-1],) if text.startswith('"') else tuple(text.split(",")) if field else (text,)
    return Term(field, values)


def select_matching(query: Select[Any], actor: Actor, terms: Sequence[Term]) -> Select[Any]:
    """Narrow a selection of issues by all the terms; raises `Invalid` for a value a field cannot have."""
    for term in terms:
        condition = CONDITIONS[term.field](actor, term.values) if term.field else _has_words(term.values[0])
        query = query.where(condition)
    return query


def _has_words(text: str) -> ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    in_title = func.lower(Issue.title).like(func.lower(f"%{escaped}%"), escape="\\")
    try:
        ref = refs.parse(text)
    except NotFound:
        return in_title
    if ref.id is not None:
        return or_(in_title, Issue.number == ref.id)
    keyed = select(IssueKey.issue_id).join(Project, Project.id == IssueKey.project_id)
    return or_(in_title, Issue.id.in_(keyed.where(Project.key == ref.project, IssueKey.number == ref.number)))


def _one_of(name: str) -> Callable[[Actor, tuple[str, ...]], ColumnElement[bool]]:
    def condition(_actor: Actor, values: tuple[str, ...]) -> ColumnElement[bool]:
        column: ColumnElement[str] = getattr(Issue, name)
        try:
            return column.in_([_WORDS[name].validate_python(value) for value in values])
        except ValidationError as error:
            raise Invalid(name, f"has no such value; there are {', '.join(_RANKS[name])}") from error

    return condition


def _person(name: str) -> Callable[[Actor, tuple[str, ...]], ColumnElement[bool]]:
    column: InstrumentedAttribute[int | None] = getattr(Issue, f"{name}_id")

    def condition(actor: Actor, values: tuple[str, ...]) -> ColumnElement[bool]:
        return or_(*(_is_person(column, actor, value.strip()) for value in values))

    return condition


def _is_person(column: InstrumentedAttribute[int | None], actor: Actor, value: str) -> ColumnElement[bool]:
    if value.casefold() == "none":
        return column.is_(None)
    if value.casefold() == "@me":
        return column == actor.id
    if value.isascii() and value.isdigit() and len(value) <= LONGEST_ID:
        return column == int(value)
    return column.in_(select(User.id).where(func.lower(User.name) == func.lower(value)))


def _label(_actor: Actor, values: tuple[str, ...]) -> ColumnElement[bool]:
    keys = [name_key(value.strip()) for value in values]
    tagged = select(IssueLabel.issue_id).join(Label, Label.id == IssueLabel.label_id).where(Label.name_key.in_(keys))
    return Issue.id.in_(tagged)


def _project(_actor: Actor, values: tuple[str, ...]) -> ColumnElement[bool]:
    keys = [value.strip().upper() for value in values]
    return Issue.project_id.in_(select(Project.id).where(Project.key.in_(keys)))


CONDITIONS: Final[dict[str, Callable[[Actor, tuple[str, ...]], ColumnElement[bool]]]] = {
    "status": _one_of("status"),
    "severity": _one_of("severity"),
    "priority": _one_of("priority"),
    "assignee": _person("assignee"),
    "reporter": _person("reporter"),
    "label": _label,
    "project": _project,
}
_RANKS: Final = {"status": tuple(Status), "severity": tuple(Severity), "priority": tuple(Priority)}


def _rank(name: str) -> ColumnElement[int]:
    ranked = {value.value: literal(rank) for rank, value in enumerate(_RANKS[name])}
    return case(ranked, value=getattr(Issue, name))


FAR: Final = date(9999, 12, 31)
SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "created_at": Issue.created_at.expression,
    "updated_at": Issue.updated_at.expression,
    "status": _rank("status"),
    "severity": _rank("severity"),
    "priority": _rank("priority"),
    "due_on": func.coalesce(Issue.due_on, FAR),
    "number": Issue.number.expression,
    "title": func.lower(Issue.title, type_=Text()),
    "age": Issue.created_at.expression,
}


def order(sort: str) -> Keyset:
    """Return the order named by `sort`, descending with a leading `-`; raises `Invalid`."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise Invalid("sort", f"there is no such order; there are {', '.join(SORTS)}")
    is_descending = sort.startswith("-") != (name == "age")
    return Keyset(sort, (SORTS[name], is_descending), (Issue.id.expression, is_descending))
