"""The question `NAME:VALUE` about facts, as in `invoice.total:>1000` or `crash.fingerprint:py1:ab12*`."""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from sightline.attachments.models import Attachment
from sightline.core.errors import Invalid
from sightline.facts.models import Fact
from sightline.facts.schemas import NAME_PATTERN
from sightline.facts.typed import DURATION, Typed, folded, millionths, moment, seconds
from sightline.issues.models import Issue

LONGEST: Final = 400
_ASKED: Final = re.compile(r"(?P<name>[^:]{1,80}):(?P<mark>[<>]=?)?(?P<value>.+)", re.DOTALL)
_NAME: Final = re.compile(NAME_PATTERN)
_MONEY: Final = re.compile(r"(?P<amount>[+-]?\d{1,18}(?:\.\d{1,9})?) ?(?P<currency>[A-Za-z]{3})?", re.ASCII)
_Compare = Callable[[Any, Any], Any]
_MARKS: Final[dict[str, _Compare]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "": operator.eq,
}
_Test = tuple[str, _Compare, Any]  # a column, how it is compared, and with what: in the database or on a loaded row
_All = tuple[_Test, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a fact: its name, and one of several groups of tests, of which all must pass."""

    name: str
    either: tuple[_All, ...]
    is_exact: bool

    def condition(self) -> ColumnElement[bool]:
        """Return the condition that a row is such a fact."""
        groups = (and_(*(compare(getattr(Fact, column), value) for column, compare, value in g)) for g in self.either)
        return and_(Fact.name == self.name, or_(*groups))

    def is_met_by(self, fact: Fact) -> bool:
        """Tell whether a loaded fact is one."""
        return fact.name == self.name and any(all(_passes(fact, *test) for test in group) for group in self.either)


def _passes(fact: Fact, column: str, compare: _Compare, value: Any) -> bool:
    held = getattr(fact, column)
    return held is not None and bool(compare(held, value))


def asked(words: str) -> Asked:
    """Read `NAME:VALUE`; raises `ValueError`.

    Text is equal whatever its case, or begins so with `*` at the end; numbers, money (`12.50`, `12.50 EUR`), durations
    (`PT90S`), days and moments are compared by `>`, `<`, `>=`, `<=` too. A day compared with moments is all of that day.
    """
    found = _ASKED.fullmatch(words) if len(words) <= LONGEST else None
    if found is None or not _NAME.fullmatch(found["name"]):
        raise ValueError("is to be NAME:VALUE, as in invoice.total:>1000")
    mark, value = found["mark"] or "", found["value"].strip()
    either = tuple(_groups(mark, value))
    if not either:
        raise ValueError("compares by > and < what is a number, an amount, a duration, a day or a moment")
    return Asked(found["name"], either, is_exact=not mark and not value.endswith("*"))


def has_fact(words: str) -> ColumnElement[bool]:
    """Return the condition that an issue has such a fact now; raises `Invalid`."""
    try:
        return _of_issue(asked(words).condition())
    except ValueError as error:
        raise Invalid("fact", str(error)) from error


def _of_issue(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    by_file = select(Attachment.issue_id).join(Fact, Fact.attachment_id == Attachment.id)
    of_files = by_file.where(condition, Attachment.issue_id.is_not(None), Attachment.discarded_at.is_(None))
    stated = select(Fact.issue_id).where(condition, Fact.issue_id.is_not(None))
    return Issue.id.in_(of_files.union_all(stated))


def _groups(mark: str, value: str) -> Iterator[_All]:
    if not mark:
        yield from _texts(value)
    quantity = _quantity(value)
    if quantity is not None:
        yield _quantity_is(mark, quantity)
    yield from _times(mark, value)


def _texts(value: str) -> Iterator[_All]:
    words = folded(value.removeprefix('"').removesuffix('"') if value[:1] == '"' else value)
    if words.endswith("*") and len(words) > 1:
        begin = words[:-1]
        yield ("words", operator.ge, begin), ("words", operator.lt, begin + "\U0010ffff")
    elif words:
        yield from ((("words", operator.eq, words), ("type", operator.eq, kind)) for kind in ("text", "bool"))


def _quantity_is(mark: str, wanted: Typed) -> _All:
    compared = ("quantity", _MARKS[mark], wanted.quantity)
    return (compared, ("currency", operator.eq, wanted.currency)) if wanted.currency else (compared,)


def _quantity(value: str) -> Typed | None:
    money = _MONEY.fullmatch(value)
    if money:
        wanted = Typed(None, millionths(Decimal(money["amount"])), (money["currency"] or "").upper() or None)
    elif DURATION.fullmatch(value):
        wanted = Typed(None, millionths(seconds(value)))
    else:
        return None
    return None if wanted.quantity is None else wanted


def _times(mark: str, value: str) -> Iterator[_All]:
    day, at = _day(value), _moment(value)
    if day:
        yield ("type", operator.eq, "date"), ("words", _MARKS[mark], day.isoformat())
        yield ("type", operator.eq, "datetime"), *_within(mark, day)
    elif at:
        yield ("type", operator.eq, "datetime"), ("words", _MARKS[mark], moment(at))


def _within(mark: str, day: date) -> _All:
    begin = datetime.combine(day, datetime.min.time())
    first, after = moment(begin), moment(begin + timedelta(days=1))
    if not mark:
        return ("words", operator.ge, first), ("words", operator.lt, after)
    return (("words", *{">": (operator.ge, after), "<=": (operator.lt, after)}.get(mark, (_MARKS[mark], first))),)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
    except ValueError:
        return None


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d", value, re.ASCII) else None
    except ValueError:
        return None
