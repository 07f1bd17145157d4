"""From the words of a document to the facts of its invoices."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from sightline.extractors.invoice_printed.character import TitleKind, decide, titles
from sightline.extractors.invoice_printed.currencies import Currency, find_currency, is_american
from sightline.extractors.invoice_printed.date_fields import Dated, dated, fallback
from sightline.extractors.invoice_printed.dates import Day
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.evidence import is_evident
from sightline.extractors.invoice_printed.fields import Found, order_refs
from sightline.extractors.invoice_printed.identifiers import ibans
from sightline.extractors.invoice_printed.items import count_items
from sightline.extractors.invoice_printed.layout import Page, Span
from sightline.extractors.invoice_printed.number_fields import numbers
from sightline.extractors.invoice_printed.parties import find_parties
from sightline.extractors.invoice_printed.sums import Sums, find_sums
from sightline.extractors.reading import Alternative, Fact, FactType, Money, Reading, Value
from sightline.extractors.words import Word

_MOST_ALTERNATIVES = 4
_STATED_ENOUGH = 0.85
_WEAK_DATE = 0.75
_ORDERED = 0.6
_EVIDENT = 0.7


class _Facts:
    """The facts of one invoice, in the making."""

    def __init__(self, extractor: str, version: int) -> None:
        self.extractor = extractor
        self.version = version
        self.made: list[Fact] = []

    def add(self, name: str, kind: FactType, found: Sequence[tuple[Value, Span, float]]) -> None:
        """Add the first reading as a fact, the others as its alternatives."""
        if not found:
            return
        first, *others = found[: _MOST_ALTERNATIVES + 1]
        fact = Fact(f"invoice.{name}", kind, first[0], first[1].locator, _sure(first), self.extractor, self.version)
        self.made.append(fact.also(*(Alternative(one[0], one[1].locator, _sure(one)) for one in others)))


def _sure(found: tuple[Value, Span, float]) -> float:
    return round(max(min(found[2] * found[1].sureness, 0.95), 0.05), 2)


def read_invoices(pages: Sequence[tuple[int, list[Word]]], extractor: str, version: int) -> Reading:
    """Read the invoices on these pages; `pages` are numbers from 1 with their words.

    Facts have the names of the exact readers. Amounts are checked against each other: 0.95 means that net and tax add
    up to the total. Below 0.8 a value is a question. Of several invoices in the file the first gives the facts, the
    others give alternatives. Kind `invoice` only when the paper calls itself one.
    """
    readings = [_read(document, extractor, version) for document in _split([Page(*page) for page in pages])]
    found = [facts for facts in readings if facts]
    if not found:
        return Reading()
    first, *others = found
    return Reading(kind="invoice", facts=tuple(_with_others(fact, others) for fact in first))


def _with_others(fact: Fact, others: list[list[Fact]]) -> Fact:
    same = (one for facts in others for one in facts if one.name == fact.name)
    return fact.also(*(one.as_alternative() for one in same))


def _split(pages: list[Page]) -> Iterator[Document]:
    """Cut the file where a page has an invoice number of its own that differs from the one before."""
    current: list[Page] = []
    number = None
    for page in pages:
        if not page.rows:
            continue
        alone = Document([page])
        own = next((one.value for one in numbers(alone) if one.confidence >= _STATED_ENOUGH), None)
        if current and own and number and own != number and any(title.kind != "other" for title in titles(alone)):
            yield Document(current)
            current = []
        number = own or number
        current.append(page)
    if current:
        yield Document(current)


def _read(document: Document, extractor: str, version: int) -> list[Fact]:
    own = numbers(document)
    sums = find_sums(document)
    dates = dated(document, "date")
    kind, sure = _kind(document, own, sums)
    if kind is None:
        return []
    if not own and (kind == "receipt" or sure == _EVIDENT):
        own = [replace(one, confidence=one.confidence * _ORDERED) for one in order_refs(document)]
    facts = _Facts(extractor, version)
    facts.add("number", "text", [(one.value, one.span, one.confidence) for one in own])
    facts.add("type", "text", [("credit_note" if kind == "credit_note" else "invoice", _titled(document), sure)])
    parties = find_parties(document)
    facts.add("supplier", "text", [(one.value, one.span, one.confidence) for one in parties.suppliers])
    facts.add("supplier_vat", "text", [(one.value, one.span, one.confidence) for one in parties.supplier_vats])
    facts.add("buyer", "text", [(one.value, one.span, one.confidence) for one in parties.buyers])
    accounts = [(value, span, 0.95 - 0.1 * bool(at)) for at, (value, span) in enumerate(_accounts(document))]
    facts.add("iban", "text", accounts)
    countries = [str(value)[:2] for value, _, _ in accounts] + [one.value[:2] for one in parties.supplier_vats]
    currency = find_currency(document, sums.chosen["total"][0].amount, countries)
    if currency is not None:
        facts.add("currency", "text", [(currency.code, currency.span, currency.confidence)])
    _add_sums(facts, sums, currency)
    _add_dates(facts, document, dates, currency)
    facts.add(
        "order_ref",
        "text",
        [(one.value, one.span, one.confidence) for one in order_refs(document) if not own or one.value != own[0].value],
    )
    lines = count_items(document, sums)
    if lines is not None:
        facts.add("lines", "number", [(str(lines.count), lines.span, lines.confidence)])
    return facts.made


def _kind(document: Document, own: list[Found], sums: Sums) -> tuple[TitleKind | None, float]:
    has_total = "total" in sums.chosen
    kind, sure = decide(
        document,
        has_number=bool(own) and own[0].confidence >= _STATED_ENOUGH,
        has_total=has_total,
        has_date=bool(document.days),
    )
    if kind is None and has_total and is_evident(document, has_tax="tax" in sums.chosen, has_date=bool(document.days)):
        return "invoice", _EVIDENT
    return kind, sure


def _titled(document: Document) -> Span:
    found = [title for title in titles(document) if title.kind != "other"]
    return found[0].span if found else document.rows[0].span


def _accounts(document: Document) -> list[tuple[str, Span]]:
    found: dict[str, Span] = {}
    for row, below in zip_longest(document.rows, document.rows[1:]):
        for value, span in ibans(row, below):
            found.setdefault(value, span)
    return list(found.items())


def _add_sums(facts: _Facts, sums: Sums, currency: Currency | None) -> None:
    code = currency.code if currency else None
    for name in ("net", "tax", "total", "due"):
        if name in sums.chosen:
            one, sure = sums.chosen[name]
            others = [
                (Money(amount=str(other.value), currency=code), other.amount.span, 0.3)
                for other in sums.others.get(name, ())
            ]
            facts.add(name, "money", [(Money(amount=str(one.value), currency=code), one.amount.span, sure), *others])


def _add_dates(facts: _Facts, document: Document, dates: list[Dated], currency: Currency | None) -> None:
    order = _Order(document, currency)
    payable = dated(document, "due date")
    dates = [one for one in dates if not any(_is_surer(other, one) for other in payable)]
    is_weak = not dates or dates[0].confidence < _WEAK_DATE
    chosen = order.settle([*dates, *(fallback(document) if is_weak else [])])
    facts.add("date", "date", chosen)
    issued = date.fromisoformat(str(chosen[0][0])) if chosen else None
    due = [one for one in order.settle(payable) if issued is None or date.fromisoformat(str(one[0])) >= issued]
    facts.add("due_date", "date", due)


def _is_surer(other: Dated, one: Dated) -> bool:
    """Say whether a label claims the very words of a day more surely, as `Due date` does beside `Date` of another row."""
    return other.confidence > one.confidence and other.day.span.words[0] is one.day.span.words[0]


class _Order:
    """Whether numeric dates of a document have the day or the month first, and how sure that is."""

    def __init__(self, document: Document, currency: Currency | None) -> None:
        plain_ones = [day for day in document.days if day.mark and not day.swapped]
        months_first = sum(day.is_month_first for day in plain_ones)
        days_first = sum(not day.is_month_first and day.value.day > 12 for day in plain_ones)  # noqa: PLR2004 - no month
        known = {day.value for day in document.days if not day.mark}
        agreeing = [
            day.swapped in known
            for day in document.days
            if day.swapped and (day.swapped in known) != (day.value in known)
        ]
        american = currency is not None and is_american(currency.code, document.text)
        if months_first or days_first:
            self.month_first, self.sure = months_first > days_first, 0.97 if not (months_first and days_first) else 0.7
        elif agreeing:
            self.month_first, self.sure = all(agreeing), 0.95
        else:
            self.month_first, self.sure = american, self._by_habit(currency, american=american)

    def _by_habit(self, currency: Currency | None, *, american: bool) -> float:
        if currency is None or currency.confidence < 0.8:  # noqa: PLR2004 - a question itself
            return 0.7
        return 0.86 if american else 0.9

    def settle(self, found: list[Dated]) -> list[tuple[Value, Span, float]]:
        """Give the days in ISO 8601, each other reading of an open one after it."""
        settled: list[tuple[Value, Span, float]] = []
        for one in found:
            settled += self._readings(one.day, one.confidence)
        return sorted(settled, key=lambda one: -one[2])

    def _readings(self, day: Day, sure: float) -> list[tuple[Value, Span, float]]:
        if day.swapped is None:
            return [(day.value.isoformat(), day.span, sure)]
        first, second = (day.swapped, day.value) if self.month_first else (day.value, day.swapped)
        return [(first.isoformat(), day.span, sure * self.sure), (second.isoformat(), day.span, 0.1)]
