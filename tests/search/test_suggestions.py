"""What files propose for their issue says why, and labels are proposed to those who may set them."""

from typing import Any

from tests.search.test_similar import CRASH, read
from tests.world import SAMPLES, Person, World


async def proposed(person: Person, *files: dict[str, Any]) -> dict[str, Any]:
    answer = await person.get("/suggestions", params={"attachment_id": [file["id"] for file in files]})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_crash_in_own_code_speaks_for_the_files_beside_it(world: World, maintainer: Person) -> None:
    notes = await read(world, maintainer, "till_notes.txt", b"It happened at noon.\n")
    crash = await read(world, maintainer, "till.log", CRASH.format(line=3, number=1).encode())
    assert await proposed(maintainer, notes, crash) == {
        "title": {"value": "KeyError: 'basket 1'", "why": "Read in till.log"},
        "severity": {"value": "high", "why": "A crash in own code"},
        "project": None,
        "labels": [{"value": "crash", "why": "The kind of till.log"}],
    }


async def test_an_invoice_is_named_by_number_supplier_and_total(world: World, reporter: Person) -> None:
    invoice = await read(world, reporter, "a.xml", (SAMPLES / "xrechnung_einfach.cii.xml").read_bytes())
    told = await proposed(reporter, invoice)
    assert told["title"]["value"] == "Invoice 471102 from Lieferant GmbH, 529.87 EUR"
    assert (told["severity"], told["labels"]) == (None, [])


async def test_a_file_that_says_nothing_proposes_its_name(world: World, reporter: Person) -> None:
    plain = await read(world, reporter, "the_left_printer.txt", b"It is on fire.\n")
    assert (await proposed(reporter, plain))["title"] == {"value": "the left printer", "why": "The name of the file"}


async def test_files_of_others_are_like_files_that_never_were(world: World, reporter: Person, stranger: Person) -> None:
    theirs = await read(world, stranger, "a.txt", b"words")
    for wish in (theirs["id"], 999_999):
        assert (await reporter.get("/suggestions", params={"attachment_id": wish})).status_code == 404
