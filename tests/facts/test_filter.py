"""Finding issues by what their files say: `GET /issues?fact=NAME:VALUE`."""

from typing import Any

import pytest
from sqlalchemy import select

from sightline.facts.matching import asked
from sightline.facts.models import Fact
from tests.world import Person, World

STATED: list[tuple[str, str, Any]] = [
    ("invoice.total", "money", {"amount": "1000.50", "currency": "EUR"}),
    ("invoice.supplier", "text", "ACME  Ältere GmbH"),
    ("invoice.date", "date", "2026-03-14"),
    ("invoice.lines", "number", "-3.25"),
    ("log.first_at", "datetime", "2026-03-14T23:30:00-02:00"),
    ("test.duration", "duration", "PT1H30M"),
    ("impact.known", "bool", True),
    ("crash.fingerprint", "text", "py1:ab12cd34"),
]


@pytest.fixture
async def told(maintainer: Person) -> Person:
    for title in ("one", "two"):
        issue = (await maintainer.post("/issues", json={"title": title})).json()["key"]
        for name, kind, value in STATED if title == "one" else ():
            answer = await maintainer.post(f"/issues/{issue}/facts", json={"name": name, "type": kind, "value": value})
            assert answer.status_code == 201, answer.text
    return maintainer


async def titles(person: Person, *facts: str) -> list[str]:
    answer = await person.get("/issues", params={"fact": list(facts)})
    assert answer.status_code == 200, answer.text
    return [issue["title"] for issue in answer.json()["items"]]


FOUND = (
    "invoice.total:1000.5",
    "invoice.total:>1000",
    "invoice.total:>=1000.50 eur",
    "invoice.total:<1001",
    "invoice.supplier:acme ältere gmbh",
    'invoice.supplier:"ACME Ältere GmbH"',
    "invoice.supplier:ACME*",
    "invoice.date:2026-03-14",
    "invoice.date:>2026-03-13",
    "invoice.date:<=2026-03-14",
    "invoice.lines:<-3",
    "log.first_at:2026-03-15",
    "log.first_at:>2026-03-15T01:29:59Z",
    "log.first_at:2026-03-15T01:30:00Z",
    "test.duration:PT90M",
    "test.duration:>PT1H",
    "test.duration:5400",
    "impact.known:true",
    "crash.fingerprint:py1:ab12*",
)
NOT_FOUND = (
    "invoice.total:1000",
    "invoice.total:>1000 USD",
    "invoice.total:<-5",
    "invoice.supplier:acme",
    "invoice.date:<2026-03-14",
    "invoice.lines:>-3",
    "log.first_at:2026-03-14",
    "log.first_at:>2026-03-15",
    "impact.known:false",
    "crash.fingerprint:py1:zz*",
    "no.such:1",
    "invoice.total:99999999999999999999",
)


async def test_each_type_is_found_by_its_own_order(told: Person) -> None:
    assert {fact: await titles(told, fact) for fact in FOUND} == {fact: ["one"] for fact in FOUND}
    assert {fact: await titles(told, fact) for fact in NOT_FOUND} == {fact: [] for fact in NOT_FOUND}


@pytest.mark.usefixtures("told")
async def test_a_loaded_fact_is_asked_as_the_database_is(world: World) -> None:
    async with world.house.database.reading() as session:
        facts = (await session.scalars(select(Fact))).all()
    met = {words: any(map(asked(words).is_met_by, facts)) for words in FOUND + NOT_FOUND}
    assert met == dict.fromkeys(FOUND, True) | dict.fromkeys(NOT_FOUND, False)


async def test_several_are_all_asked_for_and_counted(told: Person) -> None:
    assert await titles(told, "invoice.total:>1", "invoice.lines:<0") == ["one"]
    assert await titles(told, "invoice.total:>1", "invoice.lines:>0") == []
    counted = await told.get("/issues", params={"fact": "invoice.total:>1", "count": True, "status": "open"})
    assert counted.json()["count"] == {"exact": 1}


async def test_a_correction_is_found_and_what_it_replaced_is_not(told: Person) -> None:
    issue = (await told.get("/issues", params={"fact": "invoice.total:>1"})).json()["items"][0]["key"]
    facts = (await told.get(f"/issues/{issue}/facts")).json()["items"]
    [total] = [fact for fact in facts if fact["name"] == "invoice.total"]
    right = {"value": {"amount": "7.00", "currency": "EUR"}}
    corrected = (await told.patch(f"/facts/{total['id']}", json=right)).json()
    assert corrected["corrected_by"]["id"] == told.id
    assert corrected["corrected_at"]
    assert await titles(told, "invoice.total:7") == ["one"]
    assert await titles(told, "invoice.total:>1000") == []


async def test_facts_of_hidden_issues_are_not_found(told: Person, reporter: Person) -> None:
    assert await titles(told, "invoice.total:>1") == ["one"]
    assert await titles(reporter, "invoice.total:>1") == []


@pytest.mark.parametrize(
    "asked", ["", "total", "invoice.total:", "Invoice total:1", "invoice.supplier:>acme", "x" * 500]
)
async def test_what_is_no_question_is_refused(told: Person, asked: str) -> None:
    answer = await told.get("/issues", params={"fact": asked})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "fact")
