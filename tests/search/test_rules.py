"""Rules of projects propose where files belong, and say why to those who may see the rules."""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import event

from sightline.events.log import history
from sightline.events.models import Event
from tests.search.test_similar import CRASH, read
from tests.search.test_suggestions import proposed
from tests.world import SAMPLES, Person, World

INVOICE = (SAMPLES / "xrechnung_einfach.cii.xml").read_bytes()
TRACE = CRASH.format(line=3, number=1).encode()


async def ruled(maintainer: Person, **rules: Sequence[str]) -> None:
    """Make projects with rules."""
    for key, lines in rules.items():
        await maintainer.post("/projects", json={"key": key, "name": key})
        answer = await maintainer.put(f"/projects/{key}/rules", json={"rules": lines})
        assert (answer.status_code, answer.json()) == (200, {"rules": lines}), answer.text


async def place(person: Person, *files: dict[str, Any]) -> str | None:
    """Return the project that files propose."""
    told = (await proposed(person, *files))["project"]
    return told and str(told["value"])


async def test_only_who_may_change_a_project_sees_and_replaces_its_rules(maintainer: Person, reporter: Person) -> None:
    assert (await reporter.put("/projects/INBOX/rules", json={"rules": ["kind:log"]})).status_code == 403
    assert (await maintainer.get("/projects/INBOX/rules")).json() == {"rules": []}
    await ruled(maintainer, APP=["kind:crash", 'invoice.supplier:"ACME"'])
    assert (await maintainer.get("/projects/app/rules")).json() == {"rules": ["kind:crash", 'invoice.supplier:"ACME"']}
    assert (await reporter.get("/projects/APP/rules")).status_code == 403
    for person in (maintainer, reporter):
        assert (await person.get("/projects/NONE/rules")).status_code == 404


async def test_a_rule_that_cannot_be_read_is_named_and_nothing_is_replaced(maintainer: Person) -> None:
    await ruled(maintainer, APP=["kind:crash"])
    lines = ["kind:log", "invoice.total:>ten", "kind:poem", "words", "", "a.b:" + "x" * 200]
    refused = await maintainer.put("/projects/APP/rules", json={"rules": lines})
    told = {one["field"]: one["message"] for one in refused.json()["errors"]}
    assert (refused.status_code, sorted(told)) == (422, [f"rules.{n}" for n in range(1, 6)])
    assert told["rules.1"] == "compares by > and < what is a number, an amount, a duration, a day or a moment"
    assert told["rules.2"].startswith("kind is to be one of invoice, crash")
    assert (await maintainer.put("/projects/APP/rules", json={"rules": ["kind:log"] * 21})).status_code == 422
    assert (await maintainer.get("/projects/APP/rules")).json() == {"rules": ["kind:crash"]}


async def test_replacing_rules_is_an_event_and_the_same_rules_are_none(world: World, maintainer: Person) -> None:
    for lines in (["kind:crash"], ["kind:crash"], []):
        await ruled(maintainer, INBOX=lines)
    async with world.house.database.reading() as session:
        events = await history(session, Event.kind == "project.rules_replaced")
    assert [one.payload for one in events] == [
        {"before": [], "after": ["kind:crash"]},
        {"before": ["kind:crash"], "after": []},
    ]


async def test_a_proposed_project_says_why_but_reporters_are_not_told_the_rule(
    world: World, maintainer: Person, reporter: Person
) -> None:
    await ruled(maintainer, BILLS=["kind:log", "invoice.supplier:lieferant*"])
    for person, why in ((maintainer, "Rule of BILLS: invoice.supplier:lieferant*"), (reporter, "A rule of BILLS")):
        invoice = await read(world, person, "a.xml", INVOICE)
        assert (await proposed(person, invoice))["project"] == {"value": "BILLS", "why": why}
        plain = await read(world, person, "a.txt", b"It is on fire.\n")
        assert await place(person, plain) is None
        assert await place(person, plain, invoice) == "BILLS"


async def test_the_most_special_rule_wins_then_the_first_key(world: World, maintainer: Person) -> None:
    invoice = await read(world, maintainer, "a.xml", INVOICE)
    await ruled(maintainer, CC=["kind:invoice"], BB=["kind:invoice"])
    assert await place(maintainer, invoice) == "BB"
    await ruled(maintainer, CC=["kind:invoice", "invoice.total:>500"])
    assert await place(maintainer, invoice) == "CC"
    await ruled(maintainer, DD=["invoice.number:471102"])
    assert await place(maintainer, invoice) == "DD"
    await ruled(maintainer, DD=[], CC=["invoice.total:>530"])
    assert await place(maintainer, invoice) == "BB"


async def test_what_is_inside_a_file_counts_for_the_project(world: World, maintainer: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("crash.txt", TRACE)
    await ruled(maintainer, APP=["crash.type:keyerror"])
    bundle = await read(world, maintainer, "all.zip", packed.getvalue())
    async with asyncio.timeout(30):
        while await place(maintainer, bundle) != "APP":  # noqa: ASYNC110 - the inner file is read by a job of its own
            await asyncio.sleep(0.05)


async def test_a_deleted_project_proposes_nothing(world: World, maintainer: Person, admin: Person) -> None:
    await ruled(maintainer, APP=["kind:crash"])
    crash = await read(world, maintainer, "till.log", TRACE)
    assert await place(maintainer, crash) == "APP"
    await admin.delete("/projects/APP")
    assert await place(maintainer, crash) is None


async def test_suggestions_cost_the_same_with_one_rule_and_with_two_hundred(world: World, maintainer: Person) -> None:
    crash = await read(world, maintainer, "till.log", TRACE)
    counts = []
    for projects in (1, 10):
        lines = [f"crash.type:E{n}*" for n in range(19)] + ["crash.type:key*"]
        await ruled(maintainer, **{f"P{n}": lines if projects > 1 else lines[-1:] for n in range(projects)})
        ran: list[str] = []
        note = partial(_note, ran)
        event.listen(world.house.database.reader.sync_engine, "before_cursor_execute", note)
        assert await place(maintainer, crash) == "P0"
        event.remove(world.house.database.reader.sync_engine, "before_cursor_execute", note)
        counts.append((len(ran), sum(" projects" in one for one in ran)))
    assert counts[0] == counts[1]
    assert counts[0][1] == 1


def _note(ran: list[str], _c: object, _cursor: object, statement: str, *_rest: object) -> None:
    if "attachments" in statement or " facts" in statement or " projects" in statement:
        ran.append(statement)
