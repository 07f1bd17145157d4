"""Invoices for the tests, and what was read from them."""

from typing import Any

from sightline.extractors import Reading

EUR = "EUR"


def euro(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": EUR}


def values(reading: Reading) -> dict[str, Any]:
    return {
        fact.name.removeprefix("invoice."): fact.value for fact in reading.facts if fact.name.startswith("invoice.")
    }


def sureness(reading: Reading) -> dict[str, float]:
    return {fact.name.removeprefix("invoice."): fact.confidence for fact in reading.facts}


def places(reading: Reading) -> dict[str, str | None]:
    return {fact.name.removeprefix("invoice."): fact.locator.path for fact in reading.facts}


def others(reading: Reading) -> dict[str, list[Any]]:
    return {
        fact.name.removeprefix("invoice."): [other.value for other in fact.alternatives]
        for fact in reading.facts
        if fact.alternatives
    }
