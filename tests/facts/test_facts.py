"""Facts over HTTP: read with proof, corrected, stated."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from sightline.core import clock
from sightline.core.actor import Role
from sightline.core.config import Settings
from sightline.jobs import queue
from tests.facts.quiet import quiet, work
from tests.world import SAMPLES, Person, World

INVOICE = (SAMPLES / "zugferd_en16931_1_teilrechnung.pdf").read_bytes()
OTHER = (SAMPLES / "zugferd_v1_comfort_einfach.pdf").read_bytes()
EUR = "EUR"


@pytest.fixture
async def still(settings: Settings) -> AsyncIterator[World]:
    """Give an application whose worker works when told to."""
    async with quiet(settings) as world:
        yield world
    clock.reset()


@pytest.fixture
async def rae(still: World) -> Person:
    return await still.person("Rae")


async def facts_of(person: Person, attachment: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = (await person.get(f"/attachments/{attachment['id']}/facts")).json()["items"]
    return {fact["name"]: fact for fact in listed}


async def read_again(world: World, attachment: dict[str, Any], content: bytes) -> None:
    """Let the file be another one, and read it once more."""
    [path] = [path for path in world.files.rglob("*") if path.is_file()]
    path.write_bytes(content)
    async with world.house.database.writing() as session:
        await queue.enqueue(session, "extract", {"attachment_id": attachment["id"]})
    assert await work(world) == 1


async def test_the_facts_of_an_invoice_are_exactly_those_on_it(still: World, rae: Person) -> None:
    one = await rae.upload("bill.pdf", INVOICE)
    assert (await facts_of(rae, one), one["extraction"]["status"]) == ({}, "queued")
    await work(still)
    read = await facts_of(rae, one)
    assert {name: fact["value"] for name, fact in read.items()} == {
        "document.pages": "3",
        "invoice.number": "471102",
        "invoice.date": "2018-06-05",
        "invoice.type": "invoice",
        "invoice.supplier": "Lieferant GmbH",
        "invoice.supplier_vat": "DE123456789",
        "invoice.buyer": "Kunden AG Mitte",
        "invoice.currency": EUR,
        "invoice.net": {"amount": "177.49", "currency": EUR},
        "invoice.tax": {"amount": "20.16", "currency": EUR},
        "invoice.total": {"amount": "197.65", "currency": EUR},
        "invoice.due": {"amount": "147.65", "currency": EUR},
        "invoice.order_ref": "2018-471331",
        "invoice.lines": "4",
    }
    assert {fact["attachment_id"] for fact in read.values()} == {one["id"]}
    assert list(read) == sorted(read)
    lines = (await rae.get(f"/attachments/{one['id']}/text")).json()["items"]
    assert any("197,65" in line["text"] and line["page"] == read["invoice.total"]["locator"]["page"] for line in lines)


async def test_nobody_corrects_or_states_facts_of_what_they_cannot_see(still: World, rae: Person) -> None:
    rob = await still.person("Rob")
    one = await rae.upload("bill.pdf", INVOICE)
    await work(still)
    issue = await rae.file(attachment_ids=[one["id"]])
    fact = (await facts_of(rae, one))["invoice.number"]
    for attempt in (
        await rob.patch(f"/facts/{fact['id']}", json={"value": "0"}),
        await rob.patch("/facts/4711", json={"value": "0"}),
        await rob.post(f"/issues/{issue['id']}/facts", json={"name": "a.b", "type": "text", "value": "x"}),
        await rob.get(f"/issues/{issue['id']}/facts"),
    ):
        assert (attempt.status_code, attempt.json()["code"]) == (404, "not_found")
    assert (await facts_of(rae, one))["invoice.number"] == fact


async def test_a_correction_stands_however_often_the_file_is_read_again(still: World, rae: Person) -> None:
    one = await rae.upload("bill.pdf", INVOICE)
    await work(still)
    before = await facts_of(rae, one)
    total = before["invoice.total"]
    corrected = await rae.patch(f"/facts/{total['id']}", json={"value": {"amount": "197.66", "currency": "eur"}})
    assert corrected.status_code == 200
    right = {"amount": "197.66", "currency": EUR}
    assert (corrected.json()["value"], corrected.json()["corrected_by"]["id"]) == (right, rae.id)
    assert corrected.json()["read_value"] == total["value"]
    assert corrected.json()["locator"] == total["locator"]
    await read_again(still, one, OTHER)
    after = await facts_of(rae, one)
    assert (after["invoice.total"]["value"], after["invoice.total"]["corrected_by"]["id"]) == (right, rae.id)
    assert after["invoice.total"]["read_value"] == {"amount": "529.87", "currency": EUR}
    assert after["invoice.date"]["value"] == "2013-03-05"
    assert "invoice.order_ref" in before
    assert "invoice.order_ref" not in after, "what is not in the file any more is no fact"
    assert {name: fact["id"] for name, fact in after.items() if name in before} == {
        name: fact["id"] for name, fact in before.items() if name in after
    }


async def test_reading_the_same_again_leaves_no_trace(still: World, rae: Person) -> None:
    one = await rae.upload("bill.pdf", INVOICE)
    await work(still)
    issue = await rae.file(attachment_ids=[one["id"]])
    before = (await rae.get(f"/issues/{issue['id']}/events")).json()["items"]
    await read_again(still, one, INVOICE)
    after = (await rae.get(f"/issues/{issue['id']}/events")).json()["items"]
    assert [event["kind"] for event in after[len(before) :]] == ["attachment.extracted"]


async def test_a_file_that_cannot_be_read_is_failed_with_a_sentence_after_three_tries(
    still: World, rae: Person
) -> None:
    one = await rae.upload("gone.pdf", INVOICE)
    for path in still.files.rglob("*"):
        if path.is_file():
            path.unlink()
    for attempt in range(3):
        shown = (await rae.get(f"/attachments/{one['id']}")).json()["extraction"]
        assert shown["status"] == "queued", attempt
        assert await work(still) == 1
        clock.turn(timedelta(seconds=10))
    failed = (await rae.get(f"/attachments/{one['id']}")).json()["extraction"]
    assert failed == {
        "status": "failed",
        "kind": None,
        "problems": ["This file could not be read: the stored file cannot be opened."],
    }
    issue = await rae.file(attachment_ids=[one["id"]])
    assert issue["attachments_count"] == 1, "a file that cannot be read can still be handed in"


async def test_the_moment_a_file_is_done_its_facts_are_there(reporter: Person) -> None:
    one = await reporter.upload("bill.pdf", INVOICE)
    seen: set[tuple[bool, bool]] = set()
    while (True, True) not in seen:
        is_done = (await reporter.get(f"/attachments/{one['id']}")).json()["extraction"]["status"] == "done"
        facts = await facts_of(reporter, one)
        was_early = bool(facts) and not is_done
        if was_early:
            is_done = (await reporter.get(f"/attachments/{one['id']}")).json()["extraction"]["status"] == "done"
        seen.add((is_done, bool(facts)))
    assert (True, False) not in seen
    assert len(await facts_of(reporter, one)) == 14


FORMS: dict[str, tuple[list[tuple[Any, Any]], list[Any]]] = {
    "text": ([(" as typed ", " as typed "), ("Cafe\u0301", "Café")], ["", 7, None, "nul\x00", "x" * 4097, ["a"]]),
    "number": ([("12.50", "12.50"), (7, "7"), ("-0.001", "-0.001")], ["", "1e5", "1,5", True, "NaN", "1" * 19, None]),
    "money": (
        [({"amount": "12.30", "currency": "eur"}, {"amount": "12.30", "currency": EUR})],
        ["12.30", {"amount": "12.30"}, {"amount": "x", "currency": EUR}, {"amount": "1", "currency": "€"}, None,
         {"amount": "1", "currency": EUR, "more": 1}],
    ),
    "date": ([("2026-12-24", "2026-12-24")], ["24.12.2026", "2026-02-30", 20261224, None, ""]),
    "datetime": ([("2026-03-01T12:00:00+00:00", "2026-03-01T12:00:00+00:00")], ["noon", 0, None]),
    "duration": ([("PT1H30M", "PT1H30M"), ("P2D", "P2D")], ["P", "PT", "90 minutes", 5400, None]),
    "bool": ([(True, True), (False, False)], ["true", 1, 0, None]),
}  # fmt: skip


async def test_a_stated_fact_has_the_one_form_of_its_type(maintainer: Person) -> None:
    issue = await maintainer.file()
    path = f"/issues/{issue['key']}/facts"
    for kind, (good, bad) in FORMS.items():
        for n, (said, kept) in enumerate(good):
            made = await maintainer.post(path, json={"name": f"said.{kind}{n}", "type": kind, "value": said})
            assert (made.status_code, made.json()["value"]) == (201, kept), (kind, said)
            assert (made.json()["corrected_by"]["id"], made.json()["attachment_id"]) == (maintainer.id, None)
        for said in bad:
            refused = await maintainer.post(path, json={"name": f"bad.{kind}", "type": kind, "value": said})
            assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "value"), (kind, said)
            changed = await maintainer.patch(f"/facts/{made.json()['id']}", json={"value": said})
            assert changed.status_code == 422, (kind, said)
    listed = (await maintainer.get(path)).json()["items"]
    assert len(listed) == sum(len(good) for good, _ in FORMS.values())


async def test_a_fact_has_a_dotted_name_and_an_issue_has_it_once(maintainer: Person) -> None:
    issue = await maintainer.file()
    path = f"/issues/{issue['id']}/facts"
    wish = {"type": "text", "value": "x"}
    for name in ("plain", "Upper.case", "a..b", ".a", "a.b.c.d.e", "a b.c", "a.b; --", "x" * 40 + ".y", ""):
        assert (await maintainer.post(path, json=wish | {"name": name})).status_code == 422, name
    assert (await maintainer.post(path, json=wish | {"name": "impact.customers"})).status_code == 201
    again = await maintainer.post(path, json=wish | {"name": "impact.customers"})
    assert (again.status_code, again.json()["code"]) == (409, "fact_exists")


async def test_a_reporter_corrects_facts_of_own_issues_also_when_the_team_works_on_them(
    still: World, rae: Person
) -> None:
    mia = await still.person("Mia", Role.maintainer)
    one = await rae.upload("bill.pdf", INVOICE)
    await work(still)
    issue = await rae.file(attachment_ids=[one["id"]])
    await mia.edit(issue, status="triaged")
    fact = (await facts_of(rae, one))["invoice.number"]
    assert (await rae.patch(f"/facts/{fact['id']}", json={"value": "471103"})).status_code == 200
    told = (await mia.get(f"/issues/{issue['id']}/events")).json()["items"][-1]
    assert (told["kind"], told["actor"]["id"]) == ("fact.corrected", rae.id)
    assert told["changes"] == {"invoice.number": {"from": "471102", "to": "471103"}}
