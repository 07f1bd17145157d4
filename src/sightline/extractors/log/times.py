"""Times as logs write them."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from sightline.extractors.regex import regex

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_CLOCK = r"(?<!\d)\d{1,2}:\d\d:\d\d"
_FRACTION = r"(?:[.,:]\d{1,9})?"
_ZONE = r"(?:\s?(?:Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?"

# One time: ISO 8601 and RFC 3339 also with slashes; 31.12.2024; access logs; ctime with and without year (syslog, RFC
# 3164); java.util.logging; Android's month and day; glog's letter, month and day; a bare clock.
TIME: Final = regex(
    rf"""\d{{4}}[-/.]\d\d[-/.]\d\d[T\ _]{_CLOCK}{_FRACTION}{_ZONE}
    |\d{{4}}\d\d\d\dT\d{{6}}{_FRACTION}{_ZONE}
    |\d{{1,2}}\.\d{{1,2}}\.\d{{4}}[ ,]\s?{_CLOCK}{_FRACTION}
    |\d{{1,2}}[/ -]{_MONTH}[/ -]\d{{4}}[: T]{_CLOCK}{_FRACTION}{_ZONE}
    |{_MONTH}\ {{1,2}}\d{{1,2}},?\ (?:\d{{4}},?\ )?{_CLOCK}{_FRACTION}(?:\ [AP]M\b)?(?:\ \d{{4}}\b)?
    |\d\d?[-/]\d\d?(?:[-/]\d{{2,4}})?\ {_CLOCK}{_FRACTION}
    |(?<=[IWEF])\d{{4}}\ {_CLOCK}{_FRACTION}
    |{_CLOCK}{_FRACTION}(?=[\]\s|]|$)""",
    re.VERBOSE,
)

_PARTS = regex(rf"({_CLOCK}|(?<=T)\d{{6}})(?:[.,:](\d{{1,9}}))?(?:\ ([AP])M)?")
_ISO_DAY = regex(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)[T _]")
_GERMAN_DAY = regex(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_NAMED_MONTH = regex(r"([A-Z][a-z]{2})[a-z]{0,6}")
_YEAR = regex(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY = regex(r"(?<![\d:.,])\d{1,2}(?![\d:])")
_OFFSET = regex(r"\s?(Z|UTC|GMT|([+-])(\d\d):?(\d\d))$")
_NUMBER = regex(r"\d{9,19}(?:\.\d{1,9})?")
# Since 1970 in seconds, milliseconds, microseconds or nanoseconds: whichever falls between 2001 and 2100.
_EARLIEST, _LATEST = 1_000_000_000, 4_102_444_800


def as_datetime(text: str) -> datetime | None:
    """Read a time; None when it names no year or is none. Without a zone when it names none."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return _since_1970(text)
    day, clock = _day(text), _PARTS.search(text)
    if day is None or clock is None:
        return None
    hour, minute, second = (int(digits) for digits in re.findall(r"\d\d?", clock[1]))
    if clock[3]:
        hour = hour % 12 + (12 if clock[3] == "P" else 0)
    with suppress(ValueError):
        # A leap second has no place in a datetime.
        moment = datetime(*day, hour, minute, min(second, 59), int((clock[2] or "0")[:6].ljust(6, "0")))  # noqa: DTZ001 - the zone follows, if the log names one
        return _in_its_zone(moment, text)
    return None


def _since_1970(text: str) -> datetime | None:
    whole, _, fraction = text.partition(".")
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        if _EARLIEST <= int(whole) // scale < _LATEST:
            microseconds = int(whole) * 1_000_000 // scale
            microseconds += int(fraction[:6].ljust(6, "0")) // scale if fraction else 0
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return None


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _ISO_DAY.match(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _GERMAN_DAY.match(text):
        return int(found[3]), int(found[2]), int(found[1])
    month, year, day = _NAMED_MONTH.search(text), _YEAR.search(text), _DAY.search(text)
    if month and year and day and month[1].lower() in _MONTHS:
        return int(year[0]), _MONTHS.index(month[1].lower()) + 1, int(day[0])
    return None


def _in_its_zone(moment: datetime, text: str) -> datetime:
    offset = _OFFSET.search(text)
    if offset is None:
        return moment
    if not offset[2]:
        return moment.replace(tzinfo=UTC)
    ahead = timedelta(hours=int(offset[3]), minutes=int(offset[4])) * (1 if offset[2] == "+" else -1)
    return (moment - ahead).replace(tzinfo=UTC)
