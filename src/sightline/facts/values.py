"""What a value of each type looks like, however it was typed."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final

from pydantic import TypeAdapter, ValidationError

from sightline.core.errors import Invalid
from sightline.core.text import Prose
from sightline.facts.models import FactType

_TEXT: Final[TypeAdapter[str]] = TypeAdapter(Annotated[str, Prose(4096)])
_DURATION: Final = re.compile(r"^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$", re.ASCII)
_DECIMAL: Final = re.compile(r"^-?\d{1,18}(\.\d{1,9})?$", re.ASCII)
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$", re.ASCII)


def normalised(kind: FactType, value: Any) -> Any:
    """Return a value in its one form: exact decimals as strings, ISO 8601 dates, money as amount and currency.

    Raises `Invalid` with the expected form.
    """
    try:
        return _READERS[kind](value)
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation, ValidationError) as error:
        raise Invalid("value", f"is not a {kind.value}: {_FORMS[kind]}") from error


def _text(value: Any) -> str:
    text = _TEXT.validate_python(value, strict=True)
    if not text:
        raise ValueError("empty")
    return text


def _number(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not _DECIMAL.match(text):
        raise ValueError("number")
    return str(Decimal(text))


def _money(value: Any) -> dict[str, str]:
    currency = str(value["currency"]).strip().upper()
    if set(value) != {"amount", "currency"} or not _CURRENCY.match(currency):
        raise ValueError("money")
    return {"amount": _number(value["amount"]), "currency": currency}


def _date(value: Any) -> str:
    return date.fromisoformat(value.strip()).isoformat()


def _datetime(value: Any) -> str:
    return datetime.fromisoformat(value.strip()).isoformat()


def _duration(value: Any) -> str:
    if not _DURATION.match(value):
        raise ValueError("duration")
    return str(value)


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("bool")
    return value


_READERS: Final = {
    FactType.text: _text,
    FactType.number: _number,
    FactType.money: _money,
    FactType.date: _date,
    FactType.datetime: _datetime,
    FactType.duration: _duration,
    FactType.bool: _bool,
}
_FORMS: Final = {
    FactType.text: "1 to 4096 bytes of text",
    FactType.number: "digits, with at most 9 after the point",
    FactType.money: '{"amount": "12.30", "currency": "EUR"}',
    FactType.date: "YYYY-MM-DD",
    FactType.datetime: "ISO 8601, such as 2026-03-01T12:00:00Z",
    FactType.duration: "ISO 8601, such as PT1H30M",
    FactType.bool: "true or false",
}
