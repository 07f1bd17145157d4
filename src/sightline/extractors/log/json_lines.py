"""Log entries that are JSON objects, one a line."""

from typing import Any, Final, NamedTuple

import orjson

from sightline.extractors.log.levels import Level, level_in, named, numbered

_LONGEST = 64 * 1024
_HEADING = 160
_TIMES = ("time", "timestamp", "@timestamp", "ts", "@t", "t", "datetime", "date", "asctime", "eventTime", "Timestamp")
_LEVELS = ("level", "severity", "lvl", "levelname", "log.level", "loglevel", "@l", "Level", "LogLevel", "level_name")
_MESSAGES = ("msg", "message", "event", "@m", "@mt", "Message", "text", "log", "error", "err")


class Stated(NamedTuple):
    """What one object says; `time` as written, a number as its digits."""

    time: str | None
    level: Level | None
    message: str


NOTHING: Final = Stated(None, None, "")


def entry(line: str) -> Stated:
    """Read one line; `NOTHING` when it is no object with a time or a level."""
    if len(line) > _LONGEST:
        return NOTHING
    try:
        stated = orjson.loads(line)
    except orjson.JSONDecodeError:
        return NOTHING
    time, level, message = (_first(stated, names) for names in (_TIMES, _LEVELS, _MESSAGES))
    text = message if isinstance(message, str) else ""
    meant = _meant(level) if level is not None else level_in(text[:_HEADING])[0]
    if time is None and meant is None:
        return NOTHING
    return Stated(str(time) if isinstance(time, str | int | float) else None, meant, text)


def _first(stated: dict[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        if name in stated:
            return stated[name]
    return None


def _meant(level: object) -> Level | None:
    if isinstance(level, int) and not isinstance(level, bool):
        return numbered(level)
    return named(level) if isinstance(level, str) else None
