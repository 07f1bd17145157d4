"""What an extractor hands over: typed facts, each with the place it was read, and the text of the file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, NamedTuple, TypedDict

from sightline.extractors.decoding import clean

Kind = Literal[
    "invoice",
    "crash",
    "log",
    "test_report",
    "scan_report",
    "network",
    "mail",
    "image",
    "table",
    "document",
    "archive",
]
FactType = Literal["text", "number", "money", "date", "datetime", "duration", "bool"]


class Money(TypedDict):
    """An exact amount as written, and its ISO 4217 currency when the source names one."""

    amount: str
    currency: str | None


Value = str | bool | Money
Box = tuple[float, float, float, float]


class Unreadable(Exception):
    """The file, or one inside it, is broken or locked; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in the file a value was read.

    `page` counts from 1; `box` is (x0, y0, x1, y1) in PDF points from the top left corner of the page, y down; `line`
    and `end_line` count from 1; `path` is the XPath of an XML element, with the name of the embedded file and a `:` in
    front when the XML travels inside a PDF (`factur-x.xml:/rsm:CrossIndustryInvoice/…`).
    """

    page: int | None = None
    box: Box | None = None
    line: int | None = None
    end_line: int | None = None
    path: str | None = None

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Locator:
        """Read a locator back from its JSON object."""
        box = given.get("box")
        return cls(**{**given, "box": tuple(box) if box else None})

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object, without what is not known."""
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a fact: less sure, or a second one in the same file."""

    value: Value
    locator: Locator
    confidence: float


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed value with its proof.

    `value` by type: text, date (`YYYY-MM-DD`), datetime and duration (ISO 8601) and number (exact decimal) are strings;
    money is `{"amount": "12.30", "currency": "EUR"}` with the scale of the source, the currency `None` when the source
    names none; bool is a bool.
    """

    name: str
    type: FactType
    value: Value
    locator: Locator
    confidence: float
    extractor: str
    version: int
    alternatives: tuple[Alternative, ...] = ()

    def as_alternative(self) -> Alternative:
        """Give this reading in the form it takes below a better one."""
        return Alternative(self.value, self.locator, self.confidence)

    def also(self, *others: Alternative) -> Fact:
        """Add other readings; those whose value is there already say nothing new and are left out."""
        kept = list(self.alternatives)
        for other in others:
            if other.value != self.value and all(other.value != known.value for known in kept):
                kept.append(other)
        return replace(self, alternatives=tuple(kept))


class TextLine(NamedTuple):
    """One line of the file's text and its place; a named tuple because a file has thousands of them."""

    line: int
    text: str
    page: int | None = None
    box: Box | None = None


class Part(NamedTuple):
    """A file inside the file: `path` names it for good (`part:2`, `entry:3`), `size` is in bytes once unpacked.

    The name is the one that the file gives, folders included, made printable and no longer than 255 characters; it is
    as untrusted as before.
    """

    name: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one file; `problems` are sentences for people, such as why an XML could not be read.

    `parts` are the files inside it, which are read like files of their own (`sandbox.part_limited` unpacks one);
    `pictures` are the pages, from 1, whose text can only be recognised (`sandbox.recognise_limited`). `is_recording` says
    that the file itself, and not one inside it, is or holds a HAR, so that only a masked copy of it may be served.
    """

    kind: Kind | None = None
    media_type: str = "application/octet-stream"
    facts: tuple[Fact, ...] = ()
    text: tuple[TextLine, ...] = field(default=(), repr=False)
    problems: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    pictures: tuple[int, ...] = ()
    is_recording: bool = False

    def to_json(self) -> str:
        """Write the reading as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, written: str | bytes) -> Reading:
        """Read back what `to_json` wrote; raises ValueError, KeyError or TypeError when it is something else."""
        given = json.loads(written)
        return cls(
            kind=given["kind"],
            media_type=given["media_type"],
            facts=tuple(map(_fact, given["facts"])),
            text=tuple(map(_line, given["text"])),
            problems=tuple(given["problems"]),
            parts=tuple(Part(*part) for part in given["parts"]),
            pictures=tuple(given["pictures"]),
            is_recording=given["is_recording"],
        )


def _fact(given: dict[str, Any]) -> Fact:
    others = tuple(map(_alternative, given["alternatives"]))
    locator = Locator.from_dict(given["locator"])
    return Fact(**{**given, "value": _storable(given["value"]), "locator": locator, "alternatives": others})


def _storable(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _alternative(given: dict[str, Any]) -> Alternative:
    return Alternative(**{**given, "value": _storable(given["value"]), "locator": Locator.from_dict(given["locator"])})


def _line(given: list[Any]) -> TextLine:
    line, text, page, box = given
    return TextLine(line, text, page, tuple(box) if box else None)
