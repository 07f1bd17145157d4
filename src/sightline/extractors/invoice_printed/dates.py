"""Days as people write them, in some twenty languages."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.invoice_printed.vocabulary import wordings
from sightline.extractors.regex import regex

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = (
    ("ymd", rf"(?<![\d./-]){_YEAR}\s?[-./年]\s?(?P<month>\d{{1,2}})\s?[-./月]\s?(?P<day>\d{{1,2}})(?![\d])"),
    (
        "dmy",
        r"(?<![\d./-])(?P<day>\d{1,2})\s?(?P<mark>[-./])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>(?:19|20)\d\d|\d\d)(?!\d|[./]\d|-\d)",
    ),
    (
        "name",
        (
            r"(?<![\d.,/-])(?P<day>\d{1,2})(?:st|nd|rd|th|er|re|º|ª|°|\.|\. ?)?[\s\-./]{0,2}(?:de |of |d['\u2019]|"
            r"den )?"
            r"(?P<name>[^\W\d_]{3,12})\.?,?[\s\-./]{0,2}(?:de |del |of )?['\u2019]?(?P<year>(?:19|20)\d\d|"
            r"\d\d)(?![\d.,]\d|\d)"
        ),
    ),
    (
        "name",
        r"(?<![^\W\d_])(?P<name>[^\W\d_]{3,12})\.?[\s\-]{0,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?\s?,?[\s\-]{0,2}(?P<year>(?:19|20)\d\d)(?!\d)",
    ),
    ("name", rf"(?<!\d){_YEAR}[\s\-./]{{1,2}}(?P<name>[^\W\d_]{{3,12}})\.?[\s\-./]{{1,2}}(?P<day>\d{{1,2}})(?!\d)"),
    ("compact", r"(?<![\w./-])(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?![\w./-]\d?)"),
)
_PATTERNS = tuple((form, regex(pattern)) for form, pattern in _FORMS)
_CENTURY_TURNS = 70


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    return {name: number for number in range(1, 13) for name in wordings(f"month {number}")}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is written somewhere.

    `swapped` is the other reading of a numeric date whose order of day and month its digits leave open; `mark` the
    character between its numbers.
    """

    value: date
    span: Span
    swapped: date | None = None
    mark: str = ""
    is_month_first: bool = False
    is_compact: bool = False


def days(span: Span) -> list[Day]:
    """Find the days in a span, from left to right; they do not overlap."""
    text = span.text
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Day]] = []
    for form, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            day = (
                None if any(match.start() < end and match.end() > start for start, end in taken) else _read(form, match)
            )
            if day is not None:
                taken.append(match.span())
                found.append((match.start(), _placed(day, form, match, span)))
    return [day for _, day in sorted(found, key=lambda one: one[0])]


def _placed(read: tuple[date, date | None], form: str, match: re.Match[str], span: Span) -> Day:
    value, swapped = read
    mark = match["mark"] if form == "dmy" else ""
    month_first = form == "dmy" and swapped is None and int(match["day"]) == value.month != int(match["month"])
    return Day(value, span.part(*match.span()), swapped, mark, month_first, form == "compact")


def _read(form: str, match: re.Match[str]) -> tuple[date, date | None] | None:
    year, day = _year(match["year"]), int(match["day"])
    if form == "name":
        month = _months().get(plain(match["name"]))
        value = _date(year, month, day) if month else None
        return (value, None) if value else None
    month = int(match["month"])
    written, swapped = _date(year, month, day), _date(year, day, month)
    if form != "dmy":
        return (written, None) if written else None
    if written and swapped and written != swapped and match["mark"] != ".":
        return written, swapped
    value = written or (swapped if match["mark"] != "." else None)
    return (value, None) if value else None


def _year(written: str) -> int:
    year = int(written)
    if len(written) > 2:  # noqa: PLR2004 - two digits leave the century open
        return year
    return year + (1900 if year >= _CENTURY_TURNS else 2000)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
