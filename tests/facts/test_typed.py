"""The form in which values are compared."""

import pytest

from sightline.facts.typed import Typed, typed
from tests.extractors.effort import effort
from tests.world import Person, World

MAIL = b"From: a@example.org\nTo: b@example.org\nSubject: hello\nDate: Fri, 31 Dec 9999 23:59:59 -0100\n\nJust words.\n"


@pytest.mark.parametrize(
    ("number", "quantity"),
    [
        ("1.5", 1_500_000),
        ("9223372036854.775807", 2**63 - 1),
        ("-9223372036854.775808", None),
        ("1e13", None),
        ("1e999990", None),
        ("1e-999990", 0),
        ("0e-999990", 0),
    ],
)
def test_a_number_is_an_integer_of_millionths_if_that_is_one_of_64_bits(number: str, quantity: int | None) -> None:
    found: list[Typed] = []
    assert effort(lambda: found.append(typed("number", number))) < 1
    assert found == [Typed(quantity=quantity)]


async def test_a_moment_after_all_times_is_no_fact_and_loses_no_other(world: World, reporter: Person) -> None:
    stored = await reporter.upload("late.eml", MAIL)
    read = await world.extracted(reporter.client, stored["id"])
    assert read["extraction"]["status"] == "done"
    facts = (await reporter.get(f"/attachments/{stored['id']}/facts")).json()["items"]
    assert {fact["name"]: fact["value"] for fact in facts}["mail.subject"] == "hello"
    assert "mail.date" not in {fact["name"] for fact in facts}
