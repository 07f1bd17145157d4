"""What every format gives: cases with their outcome, and how they become facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from sightline.extractors.decoding import clean
from sightline.extractors.reading import Alternative, Fact, FactType, Locator

Outcome = Literal["passed", "failed", "skipped"]

_COUNTED = 1.0
_STATED_ONLY = 0.9
_OTHER = 0.5
MOST_SHOWN = 6
_LONGEST_VALUE = 500


@dataclass(frozen=True, slots=True)
class Case:
    """One test: what came of it and where it says so; the message is the first line."""

    name: str
    outcome: Outcome
    place: Locator
    message: str = ""

    @property
    def told(self) -> str:
        told = f"{self.name}: {self.message}" if self.message else self.name
        return clean(" ".join(told.split()))[:_LONGEST_VALUE]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the report says of itself; None for what it does not say."""

    total: int | None = None
    failed: int | None = None
    skipped: int | None = None


@dataclass(slots=True)
class Report:
    """The cases in the order of the file, and the time in seconds that they took together."""

    place: Locator
    cases: list[Case]
    seconds: Decimal | None = None
    stated: Totals = Totals()
    problems: list[str] = field(default_factory=list)

    def facts(self, extractor: str, version: int) -> Iterator[Fact]:
        """Give the facts, and add to the problems where the report contradicts itself."""
        failed = [case for case in self.cases if case.outcome == "failed"]
        skipped = [case for case in self.cases if case.outcome == "skipped"]
        counted = {"total": len(self.cases), "failed": len(failed), "skipped": len(skipped)}
        places = {"failed": failed[:1], "skipped": skipped[:1]}
        confidence = _COUNTED if self.cases or not self.stated.total else _STATED_ONLY
        for noun, count in self._settled(counted).items():
            place = next((case.place for case in places.get(noun, ())), self.place)
            yield self._fact(f"test.{noun}", "number", str(count), place, confidence, extractor, version)
        if self.seconds is not None:
            value = f"PT{self.seconds.quantize(Decimal('0.000001')).normalize():f}S"
            yield self._fact("test.duration", "duration", value, self.place, _COUNTED, extractor, version)
        if failed:
            first, *others = failed
            fact = self._fact("test.first_failure", "text", first.told, first.place, _COUNTED, extractor, version)
            yield fact.also(*(Alternative(other.told, other.place, _OTHER) for other in others[: MOST_SHOWN - 1]))

    def _settled(self, counted: dict[str, int]) -> dict[str, int]:
        stated = {"total": self.stated.total, "failed": self.stated.failed, "skipped": self.stated.skipped}
        if not self.cases and self.stated.total:
            self.problems.append("The report lists no tests: the totals are those that it states.")
            return {noun: count or 0 for noun, count in stated.items()}
        for noun, count in counted.items():
            said = stated[noun]
            if said is not None and said != count:
                what = "tests" if noun == "total" else f"{noun} tests"
                self.problems.append(f"The report states {said} {what}, but lists {count}: those listed are counted.")
        return counted

    @staticmethod
    def _fact(  # noqa: PLR0913, PLR0917 - a fact has as many parts
        name: str, fact_type: FactType, value: str, place: Locator, confidence: float, extractor: str, version: int
    ) -> Fact:
        return Fact(name, fact_type, value, place, confidence, extractor, version)
