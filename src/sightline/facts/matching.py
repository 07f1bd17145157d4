"""The filter `NAME:VALUE` over the facts of issues, as in `invoice.total:>1000` or `crash.fingerprint:py1:ab12*`."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

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
_MARKS: Final = {">": "__gt__", "<": "__lt__", ">=": "__ge__", "<=": "__le__", "": "__eq__"}


def has_fact(asked: str) -> ColumnElement[bool]:
    """Return the condition that an issue has such a fact now; raises `Invalid`.

    Text is equal whatever its case, or begins so with `*` at the end; numbers, money (`12.50`, `12.50 EUR`), durations
    (`PT90S`), days and moments are compared by `>`, `<`, `>=`, `<=` too. A day compared with moments is all of that day.
    """
    found = _ASKED.fullmatch(asked) if len(asked) <= LONGEST else None
    if found is None or not _NAME.fullmatch(found["name"]):
        raise Invalid("fact", "is to be NAME:VALUE, as in invoice.total:>1000")
    conditions = list(_conditions(found["mark"] or "", found["value"].strip()))
    if not conditions:
        raise Invalid("fact", "compares by > and < what is a number, an amount, a duration, a day or a moment")
    return _of_issue(and_(Fact.name == found["name"], or_(*conditions)))


def _of_issue(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    by_file = select(Attachment.issue_id).join(Fact, Fact.attachment_id == Attachment.id)
    of_files = by_file.where(condition, Attachment.issue_id.is_not(None), Attachment.discarded_at.is_(None))
    stated = select(Fact.issue_id).where(condition, Fact.issue_id.is_not(None))
    return Issue.id.in_(of_files.union_all(stated))


def _conditions(mark: str, value: str) -> Iterator[ColumnElement[bool]]:
    if not mark:
        yield from _texts(value)
    quantity = _quantity(value)
    if quantity is not None:
        yield _quantity_is(mark, quantity)
    yield from _times(mark, value)


def _texts(value: str) -> Iterator[ColumnElement[bool]]:
    words = folded(value.removeprefix('"').removesuffix('"') if value[:1] == '"' else value)
    if words.endswith("*") and len(words) > 1:
        begin = words[:-1]
        yield and_(Fact.words >= begin, Fact.words < begin + "\U0010ffff")
    elif words:
        yield and_(Fact.words == words, Fact.type.in_(("text", "bool")))


def _quantity_is(mark: str, asked: Typed) -> ColumnElement[bool]:
    compared: ColumnElement[bool] = getattr(Fact.quantity, _MARKS[mark])(asked.quantity)
    return and_(compared, Fact.currency == asked.currency) if asked.currency else compared


def _quantity(value: str) -> Typed | None:
    money = _MONEY.fullmatch(value)
    if money:
        asked = Typed(None, millionths(Decimal(money["amount"])), (money["currency"] or "").upper() or None)
    elif DURATION.fullmatch(value):
        asked = Typed(None, millionths(seconds(value)))
    else:
        return None
    return None if asked.quantity is None else asked


def _times(mark: str, value: str) -> Iterator[ColumnElement[bool]]:
    day, at = _day(value), _moment(value)
    if day:
        yield and_(Fact.type == "date", getattr(Fact.words, _MARKS[mark])(day.isoformat()))
        yield and_(Fact.type == "datetime", _within(mark, day))
    elif at:
        yield and_(Fact.type == "datetime", getattr(Fact.words, _MARKS[mark])(moment(at)))


def _within(mark: str, day: date) -> ColumnElement[bool]:
    begin = datetime.combine(day, datetime.min.time())
    first, after = moment(begin), moment(begin + timedelta(days=1))
    if not mark:
        return and_(Fact.words >= first, Fact.words < after)
    return {">": Fact.words >= after, ">=": Fact.words >= first, "<": Fact.words < first, "<=": Fact.words < after}[
        mark
    ]


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
