"""The form in which a value is compared: words that sort as text, or a quantity that sorts and sums as an integer."""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, NamedTuple

LONGEST: Final = 200
MILLIONTHS: Final = 1_000_000
_BIGGEST: Final = 2**63 - 1
_MOST_DIGITS: Final = 13
DURATION: Final = re.compile(r"P(?=[\dT])(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII)
_SECONDS: Final = (86400, 3600, 60, 1)


class Typed(NamedTuple):
    """`words` for text, date, datetime and bool; `quantity` in millionths for number, money and duration (seconds)."""

    words: str | None = None
    quantity: int | None = None
    currency: str | None = None


def typed(kind: str, value: Any) -> Typed:
    """Return what a value of a fact is found by; nothing for none, and no quantity beyond 9 * 10^12."""
    if value is None:
        return Typed()
    if kind == "money":
        return Typed(quantity=millionths(Decimal(value["amount"])), currency=value["currency"])
    if kind in {"number", "duration"}:
        return Typed(quantity=millionths(Decimal(value) if kind == "number" else seconds(value)))
    if kind == "datetime":
        return Typed(words=moment(datetime.fromisoformat(value)))
    return Typed(words=folded(value) if kind == "text" else str(value).lower())


def folded(text: str) -> str:
    """Return a text as it is compared: one case, one spelling of each letter, single spaces, 200 characters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())[:LONGEST]


def moment(at: datetime) -> str:
    """Return a moment in UTC, sortable; one without a zone counts as UTC."""
    in_utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return in_utc.replace(tzinfo=None).isoformat(timespec="microseconds")


def seconds(duration: str) -> Decimal:
    """Return the seconds of an ISO 8601 duration of days and less."""
    found = DURATION.fullmatch(duration)
    parts = found.groups() if found else ()
    return sum((Decimal(part or 0) * each for part, each in zip(parts, _SECONDS, strict=False)), Decimal())


def millionths(number: Decimal) -> int | None:
    """Return a number as an integer of millionths; None for one that a 64-bit integer cannot hold."""
    # Making an integer of a number with a million digits would take a minute.
    if number.adjusted() >= _MOST_DIGITS:
        return None
    scaled = int((number * MILLIONTHS).to_integral_value(ROUND_HALF_EVEN))
    return scaled if abs(scaled) <= _BIGGEST else None
