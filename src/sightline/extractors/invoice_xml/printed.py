"""How a value that a program wrote may look on paper."""

from decimal import Decimal

from sightline.extractors.reading import FactType, Value

_NEVER_PRINTED_ALIKE = {"invoice.type", "invoice.currency", "invoice.lines"}
_SHORTEST = 4


def spellings(name: str, kind: FactType, value: Value) -> list[str]:
    """List the spellings to look for in a document's text; empty when a match would prove nothing."""
    if name in _NEVER_PRINTED_ALIKE:
        return []
    if isinstance(value, dict):
        return _amounts(Decimal(value["amount"] or "0"))
    if isinstance(value, str) and len(value) >= _SHORTEST:
        return _days(value) if kind == "date" else [value, *_grouped(name, value)]
    return []


def _amounts(amount: Decimal) -> list[str]:
    english = f"{amount:,.2f}"
    swapped = english.translate({ord(","): ".", ord("."): ","})
    plain = f"{amount:.2f}"
    spaced = [english.replace(",", gap).replace(".", ",") for gap in (" ", "\u00a0", "\u202f")]
    return list(dict.fromkeys([english, swapped, plain, plain.replace(".", ","), english.replace(",", "'"), *spaced]))


def _days(day: str) -> list[str]:
    year, month, of_month = day.split("-")
    return [
        day,
        *(mark.join((of_month, month, year)) for mark in ("./-")),
        f"{year}/{month}/{of_month}",
        f"{month}/{of_month}/{year}",
    ]


def _grouped(name: str, value: str) -> list[str]:
    if name != "invoice.iban":
        return []
    return [" ".join(value[at : at + 4] for at in range(0, len(value), 4))]
