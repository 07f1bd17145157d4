"""Pydantic types that bring what people type into one form before it is checked."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from annotated_types import GroupedMetadata, Len
from pydantic import AfterValidator, BeforeValidator, Field

_LINE: Final = frozenset("\t\n\r")
_DIGITS: Final = re.compile(r"[1-9]\d{0,18}\Z", re.ASCII)


def _clean(value: Any, *, keep: frozenset[str]) -> Any:
    if not isinstance(value, str):
        return value
    return (
        unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
        if keep
        else unicodedata.normalize("NFC", value).strip()
    )


def _refuse_controls(keep: frozenset[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in keep for c in value):
            raise ValueError("must not contain control characters")
        return value

    return check


@dataclass(frozen=True, slots=True)
class Line(GroupedMetadata):
    """Marks a `str` as one trimmed, NFC-normalised line of `low` to `high` characters."""

    low: int
    high: int

    def __iter__(self) -> Iterator[object]:
        yield BeforeValidator(lambda v: _clean(v, keep=frozenset()))
        yield AfterValidator(_refuse_controls(frozenset()))
        yield Len(self.low, self.high)


def _at_most_bytes(limit: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value.encode()) > limit:
            raise ValueError(f"must be at most {limit // 1024} KiB")
        return value

    return check


@dataclass(frozen=True, slots=True)
class Prose(GroupedMetadata):
    """Marks a `str` as NFC-normalised text with line breaks, at most `limit` bytes of UTF-8."""

    limit: int

    def __iter__(self) -> Iterator[object]:
        yield BeforeValidator(lambda v: _clean(v, keep=_LINE))
        yield AfterValidator(_refuse_controls(_LINE))
        yield AfterValidator(_at_most_bytes(self.limit))


def word(synonyms: dict[str, str]) -> BeforeValidator:
    """Return a validator that folds case, spaces and hyphens and translates `synonyms`."""

    def fold(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        plain = value.strip().casefold().replace(" ", "_").replace("-", "_")
        return synonyms.get(plain, plain)

    return BeforeValidator(fold)


def _refuse_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 - Pydantic turns a ValueError into a message
    return value


Whole = Annotated[int, BeforeValidator(_refuse_truth)]


def _only_digits(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.match(value):
        raise ValueError("must be an id")
    return value


RowId = Annotated[Whole, BeforeValidator(_only_digits), Field(ge=1, le=2**63 - 1)]
