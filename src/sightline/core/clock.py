"""The time of day, in one place, so that tests can turn it."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """Return the present moment as an aware UTC datetime, microsecond resolution."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """Return by how much tests have turned the clock; zero in production."""
    return _offset


def turn(by: timedelta) -> None:
    """Move the clock of this process by `by`, on top of earlier turns."""
    global _offset  # noqa: PLW0603 - one clock a process is the point
    _offset += by


def reset() -> None:
    """Return to the real time."""
    global _offset  # noqa: PLW0603 - likewise
    _offset = timedelta()


def rfc3339(moment: datetime) -> str:
    """Render an aware datetime as RFC 3339 in UTC with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
