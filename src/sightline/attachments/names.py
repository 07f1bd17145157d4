"""File names from outside, made harmless to show, to log and to put into a header."""

import unicodedata
from collections.abc import Sequence
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any, Final
from urllib.parse import quote

LONGEST: Final = 200
# The time that parsers of headers take grows with the square; a name of 200 characters, escaped, is shorter than this.
LONGEST_HEADER: Final = 3_000
LONGEST_ENDING: Final = 20
FALLBACK: Final = "file"


def clean(name: str | None) -> str:
    """Return the last part of a path, in NFC, without control and direction characters, at most 200 long."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(
        c
        for c in unicodedata.normalize("NFC", last)
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    shown = shown.strip(" .") or FALLBACK
    if len(shown) <= LONGEST:
        return shown
    stem, dot, ending = shown.rpartition(".")
    return stem[: LONGEST - LONGEST_ENDING] + dot + ending if dot and len(ending) < LONGEST_ENDING else shown[:LONGEST]


def as_title(name: str) -> str:
    """Return a file's name as one would write it above a letter: no ending, no underscores."""
    stem, dot, ending = name.rpartition(".")
    return " ".join((stem if dot and stem and len(ending) <= len("markdown") else name).replace("_", " ").split())


def from_header(disposition: str | None) -> str:
    """Return the clean file name in a Content-Disposition header (RFC 6266, RFC 8187); `filename*` goes first."""
    message = Message()
    message["Content-Disposition"] = (disposition or "")[:LONGEST_HEADER].replace("\r", " ").replace("\n", " ")
    try:
        parameters: Sequence[tuple[str, Any]] = message.get_params([], "content-disposition")
        named = [value for name, value in parameters if name.lower() == "filename"]
        best = next((value for value in named if isinstance(value, tuple)), named[0] if named else "")
        return clean(collapse_rfc2231_value(best))
    except (LookupError, TypeError, ValueError):  # pieces of a name, some without a number
        return FALLBACK


def as_header(name: str) -> str:
    """Return the Content-Disposition that saves a file under `name`."""
    plain = name.encode("ascii", "replace").decode().replace("\\", "_").replace('"', "_").replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
