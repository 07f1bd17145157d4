"""What invoices of every syntax have in common: terms with their places, and how their values are written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lxml import etree

from sightline.extractors.hardened_xml import path_of
from sightline.extractors.reading import FactType, Money, Value
from sightline.extractors.regex import regex

STATED = 1.0
SUMMED = 0.95
COMPUTED = 0.9
UNSURE = 0.7

_LONGEST_TEXT = 1000
_AMOUNT = regex(r"[+-]?(?:\d{1,16}(?:\.\d{0,10})?|\.\d{1,10})", re.ASCII)
_IBAN = regex(r"[A-Z]{2}\d\d[A-Z0-9]{10,30}", re.ASCII)
_DAY = regex(r"\d{4}-\d\d-\d\d(?:T.{1,40}|Z|[+-]\d\d:\d\d)?", re.ASCII)
_DIGITS_OF_FORMAT = {"": 8, "102": 8, "203": 12, "204": 14}


@dataclass(frozen=True, slots=True)
class Term:
    """One business term of an invoice; `path` is the XPath of the element, or of all that were added up."""

    name: str
    type: FactType
    value: Value
    path: str
    confidence: float = STATED


@dataclass(slots=True)
class Invoice:
    """What one invoice says, and what is wrong with it."""

    terms: list[Term] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)

    def add(self, term: Term) -> None:
        """Take a term over; the first one of a name counts, later ones are other readings of it."""
        self.mentioned.add(term.name)
        self.terms.append(term)

    def add_texts(self, name: str, elements: Iterable[etree._Element]) -> None:
        """Take the text of each element that has one."""
        for element in elements:
            if value := text_of(element)[:_LONGEST_TEXT]:
                self.add(Term(name, "text", value, path_of(element)))

    def add_days(self, name: str, elements: Iterable[etree._Element]) -> None:
        """Take the date of each element; one that names no day is a problem."""
        for element in elements:
            self.mentioned.add(name)
            if day := day_of(element):
                self.add(Term(name, "date", day, path_of(element)))
            else:
                written = text_of(element)[:40]
                self.problems.append(f'The {spoken(name)} "{written}" is no date in a format that names a day.')

    def add_amount(self, name: str, element: etree._Element, currency: str | None) -> None:
        """Take the amount of an element in its own currency, or else in the invoice's; one that is none is a problem."""
        own = currency_of(element) or currency
        amount = self.amount_in(name, element)
        if amount is None:
            return
        if own != currency:
            theirs = f"{str(own)[:10]}, the invoice in {currency or 'no currency'}"
            self.problems.append(f"The {spoken(name)} is in {theirs}.")
        self.add_money(name, amount, own, path_of(element))

    def add_money(
        self, name: str, amount: Decimal, currency: str | None, path: str, confidence: float = STATED
    ) -> None:
        """Take an amount that was read before."""
        self.add(Term(name, "money", Money(amount=f"{amount:f}", currency=currency), path, confidence))

    def amount_in(self, name: str, element: etree._Element) -> Decimal | None:
        """Read the amount of an element; one that is no decimal number is a problem."""
        amount = amount_of(element)
        if amount is None:
            self.mentioned.add(name)
            self.problems.append(f'The {spoken(name)} "{text_of(element)[:40]}" is no number.')
        return amount

    def add_accounts(self, elements: Iterable[etree._Element]) -> None:
        """Take account numbers, those written like an IBAN first; another may be a domestic one, and is a question."""
        found = []
        for element in elements:
            if account := text_of(element).replace(" ", "").upper()[:_LONGEST_TEXT]:
                sure = STATED if _IBAN.fullmatch(account) else UNSURE
                found.append(Term("invoice.iban", "text", account, path_of(element), sure))
        for term in sorted(found, key=lambda term: -term.confidence):
            self.add(term)

    def add_currency(self, stated: Iterable[etree._Element], amounts: Iterable[etree._Element]) -> str | None:
        """Take and give the currency of the document; where it states none, the one that all its amounts are in."""
        self.add_texts("invoice.currency", stated)
        if "invoice.currency" not in self.mentioned:
            named = {currency: element for element in amounts if (currency := currency_of(element))}
            if len(named) == 1:
                [(currency, element)] = named.items()
                self.add(Term("invoice.currency", "text", currency, path_of(element), COMPUTED))
        return next((str(term.value).upper() for term in self.terms if term.name == "invoice.currency"), None)

    def add_count(self, name: str, number: int, path: str) -> None:
        """Take a number of elements; none says nothing, since some profiles leave them out."""
        if number:
            self.add(Term(name, "number", str(number), path))

    def amount(self, name: str) -> Decimal | None:
        """Give the amount that counts under a name."""
        values = (term.value for term in self.terms if term.name == name)
        return next((Decimal(value["amount"]) for value in values if isinstance(value, dict)), None)


def find(root: etree._Element, path: str) -> Iterator[etree._Element]:
    """Walk a path of `/` steps with `|` alternatives in any namespace."""
    elements = iter([root])
    for step in path.split("/"):
        elements = _children(elements, [f"{{*}}{name}" for name in step.split("|")])
    return elements


def _children(elements: Iterator[etree._Element], tags: list[str]) -> Iterator[etree._Element]:
    return (child for element in elements for child in element.iterchildren(*tags))


def first(root: etree._Element, path: str) -> etree._Element | None:
    """Give the first element of a path."""
    return next(find(root, path), None)


def text_at(root: etree._Element, path: str) -> str:
    """Give the first text of a path, or an empty one."""
    return next(map(text_of, find(root, path)), "")


def text_of(element: etree._Element) -> str:
    """Give the text of an element in one line."""
    return " ".join((element.text or "").split())


def amount_of(element: etree._Element) -> Decimal | None:
    """Read an `xs:decimal` of sane length."""
    written = text_of(element)
    return Decimal(written) if _AMOUNT.fullmatch(written) else None


def currency_of(element: etree._Element) -> str | None:
    """Give the currency that an amount itself is in; UBL 1 has another name for it."""
    return (element.get("currencyID") or element.get("amountCurrencyID") or "").upper() or None


def day_of(element: etree._Element) -> str | None:
    """Read ISO 8601, also without hyphens, and formats 102, 203 and 204 of UNTDID 2379 where the element names them."""
    written = text_of(element)
    digits = _DIGITS_OF_FORMAT.get(element.get("format", ""))
    if not _DAY.fullmatch(written) and not (digits == len(written) and written.isascii() and written.isdecimal()):
        return None
    day = written.replace("-", "")[:8]
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])).isoformat()
    except ValueError:
        return None


def spoken(name: str) -> str:
    """Say the name of a fact in words."""
    return name.removeprefix("invoice.").replace("_", " ")
