"""What can happen to a fact."""

from datetime import datetime
from typing import Any

from sightline.events.change import Change
from sightline.facts.models import Fact, FactType


class Read(Change[Fact]):
    """An extractor read a value; `reading` holds value, locator, confidence, version and alternatives."""

    kind = "fact.read"
    attachment_id: int
    name: str
    type: FactType
    extractor: str
    reading: dict[str, Any]

    def apply(self, fact: Fact, at: datetime) -> None:
        fact.attachment_id, fact.name, fact.extractor = self.attachment_id, self.name, self.extractor
        fact.reading, fact.created_at = self.reading, at
        fact.hold(self.type, self.reading["value"])

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {self.name: (None, self.reading["value"])}


class Reread(Change[Fact]):
    """The file was read again, with another result; a correction stands. No `reading`: it is not found any more."""

    kind = "fact.reread"
    name: str
    type: FactType
    extractor: str
    before: Any
    reading: dict[str, Any] | None

    def apply(self, fact: Fact, at: datetime) -> None:
        fact.reading, fact.extractor = self.reading, self.extractor
        if fact.corrected_by_id is None:
            fact.hold(self.type, self.reading["value"] if self.reading else None)

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {self.name: (self.before, self.reading["value"] if self.reading else None)}


class Corrected(Change[Fact]):
    """A person said what is right."""

    kind = "fact.corrected"
    name: str
    by_id: int
    before: Any
    after: Any

    def apply(self, fact: Fact, at: datetime) -> None:
        fact.hold(fact.type, self.after)
        fact.corrected_by_id, fact.corrected_at = self.by_id, at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {self.name: (self.before, self.after)}


class Stated(Change[Fact]):
    """A person stated a fact of an issue."""

    kind = "fact.stated"
    issue_id: int
    name: str
    type: FactType
    by_id: int
    value: Any

    def apply(self, fact: Fact, at: datetime) -> None:
        fact.issue_id, fact.name, fact.created_at = self.issue_id, self.name, at
        fact.hold(self.type, self.value)
        fact.corrected_by_id, fact.corrected_at = self.by_id, at

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {self.name: (None, self.value)}
