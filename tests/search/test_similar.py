"""Repeats are found at the door, each with its reason, and counted instead of filed again."""

from typing import Any

from tests.world import SAMPLES, Person, World

CRASH = """Traceback (most recent call last):
  File "/srv/shop/till.py", line {line}, in price
    return basket[number]
KeyError: 'basket {number}'
"""


async def read(world: World, person: Person, name: str, content: bytes) -> dict[str, Any]:
    stored = await person.upload(name, content)
    return await world.extracted(person.client, stored["id"])


async def filed(world: World, person: Person, name: str, content: bytes) -> dict[str, Any]:
    stored = await read(world, person, name, content)
    return await person.file(title=name, attachment_ids=[stored["id"]])


async def similar(person: Person, path: str) -> list[tuple[str, list[str]]]:
    answer = await person.get(f"{path}/similar")
    assert answer.status_code == 200, answer.text
    return [(one["issue"]["key"], [reason["kind"] for reason in one["reasons"]]) for one in answer.json()]


async def test_the_same_bytes_and_the_same_crash_are_repeats(world: World, reporter: Person) -> None:
    first = CRASH.format(line=3, number=1).encode()
    issue = await filed(world, reporter, "monday.log", first)
    other = await filed(world, reporter, "other.log", first.replace(b"KeyError", b"OSError"))
    same = await read(world, reporter, "again.log", first)
    moved = await read(world, reporter, "tuesday.log", CRASH.format(line=9, number=22).encode())
    assert await similar(reporter, f"/attachments/{same['id']}") == [(issue["key"], ["checksum", "fingerprint"])]
    assert await similar(reporter, f"/attachments/{moved['id']}") == [(issue["key"], ["fingerprint"])]
    assert await similar(reporter, f"/issues/{other['key']}") == []


async def test_an_invoice_in_another_format_is_called_billed_twice(world: World, reporter: Person) -> None:
    pdf = (SAMPLES / "zugferd_en16931_1_teilrechnung.pdf").read_bytes()
    issue = await filed(world, reporter, "bill.pdf", pdf)
    xml = (SAMPLES / "xrechnung_einfach.cii.xml").read_bytes()
    same = await read(world, reporter, "bill.xml", xml)
    ((found,),) = ((await reporter.get(f"/attachments/{same['id']}/similar")).json(),)
    assert (found["issue"]["key"], found["reasons"][0]["kind"]) == (issue["key"], "invoice")
    assert found["reasons"][0]["detail"] == "Billed twice? Invoice 471102 of Lieferant GmbH is there already"
    other_supplier = xml.replace(b"Lieferant GmbH", b"Another GmbH").replace(b"DE123456789", b"DE987654321")
    other = await read(world, reporter, "other.xml", other_supplier)
    assert await similar(reporter, f"/attachments/{other['id']}") == []


async def test_what_one_may_not_see_is_like_nothing(
    world: World, reporter: Person, stranger: Person, maintainer: Person
) -> None:
    content = CRASH.format(line=3, number=1).encode()
    issue = await filed(world, reporter, "mine.log", content)
    theirs = await filed(world, stranger, "theirs.log", content)
    assert await similar(stranger, f"/issues/{theirs['key']}") == []
    kinds = ["checksum", "fingerprint"]
    assert await similar(maintainer, f"/issues/{theirs['key']}") == [(issue["key"], kinds)]


async def test_a_repeat_is_counted_and_its_file_kept(world: World, reporter: Person, stranger: Person) -> None:
    issue = await filed(world, reporter, "one.log", CRASH.format(line=3, number=1).encode())
    assert (issue["occurrences"], issue["last_seen_at"]) == (1, issue["created_at"])
    again = await read(world, reporter, "two.log", CRASH.format(line=4, number=2).encode())
    path, wish = f"/issues/{issue['key']}/occurrences", {"attachment_ids": [again["id"]]}
    refused = await stranger.post(path, json=wish)
    headers = {"Idempotency-Key": "the-same-tap-twice"}
    counted = [(await reporter.post(path, json=wish, headers=headers)) for _ in range(2)]
    assert [refused.status_code, *(one.status_code for one in counted)] == [404, 201, 201]
    now = (await reporter.get(f"/issues/{issue['key']}")).json()
    assert (now["occurrences"], now["attachments_count"], now["first_seen_at"]) == (2, 2, issue["created_at"])
    assert now["last_seen_at"] > issue["last_seen_at"]
    (step,) = [
        event["changes"]
        for event in (await reporter.get(f"/issues/{issue['key']}/events")).json()["items"]
        if event["kind"] == "issue.recurred"
    ]
    assert step == {"occurrences": {"from": 1, "to": 2}}


async def test_a_file_that_is_not_theirs_counts_nothing(reporter: Person, stranger: Person) -> None:
    issue = await reporter.file()
    theirs = await stranger.upload("a.txt", b"words")
    answer = await reporter.post(f"/issues/{issue['key']}/occurrences", json={"attachment_ids": [theirs["id"]]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "attachment_ids")
    assert (await reporter.get(f"/issues/{issue['key']}")).json()["occurrences"] == 1
