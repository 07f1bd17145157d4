"""Levels as logs write them."""

from enum import Enum
from typing import Final


class Level(Enum):
    """How bad an entry is; what is neither error nor warning is `other`."""

    error = "error"
    warning = "warning"
    other = "other"


_BY_WORD: Final = {
    **dict.fromkeys(
        (
            "error",
            "err",
            "fatal",
            "ftl",
            "critical",
            "crit",
            "crt",
            "severe",
            "emerg",
            "emergency",
            "alert",
            "panic",
            "fail",
            "eror",
            "fehler",
            "erreur",
        ),
        Level.error,
    ),
    **dict.fromkeys(("warning", "warn", "wrn", "warnung", "attention", "avertissement"), Level.warning),
    **dict.fromkeys(
        (
            "info",
            "information",
            "informational",
            "inf",
            "debug",
            "dbug",
            "dbg",
            "trace",
            "trce",
            "notice",
            "verbose",
            "vrb",
            "fine",
            "finer",
            "finest",
        ),
        Level.other,
    ),
}
# Understood only where nothing but a level stands: between brackets or before a colon.
_BY_SET_OFF_WORD: Final = {
    **_BY_WORD,
    **dict.fromkeys(("e", "f", "c"), Level.error),
    "w": Level.warning,
    **dict.fromkeys(("i", "d", "v", "t", "n", "log", "config", "hint", "detail", "statement", "silly"), Level.other),
}
_BY_LETTER: Final = {"E": Level.error, "F": Level.error, "W": Level.warning} | dict.fromkeys("IDV", Level.other)
_NAMES = ("level", "lvl", "severity", "loglevel")
# What stands in every heading with an error or a warning, in small letters; looking for these is much the quickest.
_SIGNS: Final = (
    *(word for word, level in _BY_WORD.items() if level is not Level.other),
    *(f"{before}{letter}{after}" for letter in "cefw" for before, after in ((" ", " "), (" ", "/"), ("[", "]"))),
    *(f"{letter}:" for letter in "cefw"),
    *(f"{name}=" for name in ("level", "lvl", "severity")),
    '" 4',
    '" 5',
)
_FIRST_SIGNS: Final = "<[(|CEFW"
_MOST_WORDS = 14
_AROUND = "[](){}<>|\"',;"
_GLOG_LENGTH = len("E0524")
_ERRORS_FROM, _WARNING, _PINO_FROM = 50, 40, 10
_SYSLOG_ERROR, _SYSLOG_WARNING = 3, 4


def numbered(number: int) -> Level:
    """Read a level that is a number: from 10 to 60 as bunyan and pino write it, from 0 to 7 as syslog (RFC 5424)."""
    if number >= _ERRORS_FROM or (number < _PINO_FROM and number <= _SYSLOG_ERROR):
        return Level.error
    return Level.warning if number in {_WARNING, _SYSLOG_WARNING} else Level.other


def named(word: str) -> Level:
    """Read the value of a field that holds a level."""
    return (
        numbered(int(word))
        if word.isdecimal() and len(word) < _PINO_FROM
        else _BY_SET_OFF_WORD.get(word.strip().lower(), Level.other)
    )


def may_be_trouble(heading: str) -> bool:
    """Say whether there is anything in a heading that could say error or warning; mostly there is not."""
    if heading[0] in _FIRST_SIGNS:
        return True
    lower = heading.lower()
    for sign in _SIGNS:  # noqa: SIM110 - a generator takes twice as long, on every line of a log
        if sign in lower:
            return True
    return False


def level_in(heading: str) -> tuple[Level | None, int]:
    """Find the first level among the words that a line begins with, and where it ends.

    In capitals a level may stand alone; spelled otherwise it is between brackets, before a colon or after `level=`.
    """
    place, before = 0, ""
    for word in heading.split(None, _MOST_WORDS)[:_MOST_WORDS]:
        place = heading.find(word, place) + len(word)
        level = _level_of(word, before)
        if level is not None:
            return level, place - len(_rest(word))
        before = word
    return None, 0


def _level_of(word: str, before: str) -> Level | None:
    bare = word.strip(_AROUND)
    known = _BY_WORD.get(bare) if not bare.isupper() else _BY_WORD.get(bare.lower())
    if known is not None and (bare.isupper() or word[0] in "[(<|"):
        return known
    if len(bare) <= 1:
        return _letter(word, bare, before)
    if "=" in bare:
        name, _, value = bare.partition("=")
        return named(value.strip(_AROUND)) if name.lower() in _NAMES else None
    if bare[1] == "/":
        return _BY_LETTER.get(bare[0])
    if ":" in bare:
        return _before_colon(word, bare)
    is_glog = len(bare) == _GLOG_LENGTH and bare[1:].isdecimal()
    return _BY_LETTER.get(bare[0]) if is_glog else None


def _letter(word: str, bare: str, before: str) -> Level | None:
    """Read `[E]`, and the letter after the number of a process as Android writes it."""
    if word[0] in "[(<|":
        return _BY_SET_OFF_WORD.get(bare.lower())
    return _BY_LETTER.get(bare) if before.isdecimal() else None


def _before_colon(word: str, bare: str) -> Level | None:
    """Read `error:`, `ERROR:name:text` and `[core:error]`."""
    first = bare.partition(":")[0].partition("[")[0]
    if first.isupper() or bare.endswith(":"):
        return _BY_SET_OFF_WORD.get(first.lower()) if len(first) > 1 else None
    return _BY_SET_OFF_WORD.get(bare.rpartition(":")[2].lower()) if word[0] == "[" else None


def _rest(word: str) -> str:
    """Give what belongs to the message though no space parts it from the level: `root:text` of `ERROR:root:text`."""
    return word.partition(":")[2] if word.partition(":")[0].isupper() else ""
