"""What somebody without an account can do, from handing in to the end of their link."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from sightline.core.idempotency import IdempotencyKey
from tests.doors.conftest import Outsider
from tests.world import SAMPLES, Person, World

INVOICE = "xrechnung_einfach.cii.xml"


async def test_what_is_handed_in_is_worked_on_answered_and_done(
    world: World, outsider: Outsider, maintainer: Person
) -> None:
    words = {"title": "Billed twice?", "text": "We got this **twice**."}
    submitted = await outsider.submit((INVOICE, (SAMPLES / INVOICE).read_bytes()), **words)
    token, path = submitted["token"], f"/issues/{submitted['key']}"
    assert submitted["receipt"] == f"http://127.0.0.1/r/{token}"
    new = await outsider.receipt(token)
    assert (new["key"], new["title"], new["status"]) == (submitted["key"], "Billed twice?", "open")
    assert new["project"] == {"key": "INBOX", "name": "Inbox"}
    assert (new["missing"], new["replies"]) == ([], [])

    [file] = new["attachments"]
    assert (file["name"], file["size"]) == (INVOICE, (SAMPLES / INVOICE).stat().st_size)
    await world.extracted(maintainer.client, file["id"])
    assert (await outsider.receipt(token))["attachments"][0]["extraction"]["status"] == "done"
    facts = (await maintainer.get(f"{path}/facts")).json()["items"]
    assert "invoice.number" in {fact["name"] for fact in facts}

    issue = (await maintainer.get(path)).json()
    assert (issue["reporter"], issue["description"], issue["receipt"]) == (None, words["text"], "active")
    await maintainer.edit(issue, status="in_progress")
    await maintainer.post(f"{path}/comments", json={"body": "When did the *second* one come?"})
    asked = await outsider.receipt(token)
    assert (asked["status"], [one["kind"] for one in asked["missing"]]) == ("in_progress", ["reply"])
    [question] = asked["replies"]
    assert (question["mine"], question["author"]) == (False, "Mia")
    assert "<em>second</em>" in question["body_html"]

    replied = await outsider.reply(token, "On Monday, attached.")
    assert (replied.status_code, replied.json()["mine"], replied.json()["author"]) == (201, True, None)
    added = await outsider.add(token, ("second.txt", b"the second one"))
    assert (added.status_code, [one["name"] for one in added.json()]) == (201, ["second.txt"])
    answered = await outsider.receipt(token)
    assert (answered["missing"], len(answered["replies"]), len(answered["attachments"])) == ([], 2, 2)

    issue = (await maintainer.get(path)).json()
    assert (issue["comments_count"], issue["attachments_count"]) == (2, 2)
    await maintainer.edit(issue, status="done", resolution="answered")
    await maintainer.post(f"{path}/comments", json={"body": "Paid once, all is well."})
    done = await outsider.receipt(token)
    assert (done["status"], done["resolution"], done["missing"]) == ("done", "answered", [])

    assert (await maintainer.delete(f"{path}/receipt")).status_code == 204
    assert (await outsider.client.get(f"/receipts/{token}")).status_code == 404
    assert (await maintainer.get(path)).json()["receipt"] == "revoked"


async def test_a_receipt_shows_nothing_of_how_the_team_sees_it(outsider: Outsider, maintainer: Person) -> None:
    submitted = await outsider.submit(text="It stops")
    path = f"/issues/{submitted['key']}"
    before = await outsider.receipt(submitted["token"])
    assert before.keys() == {
        *("key", "title", "status", "resolution", "project", "created_at", "updated_at"),
        *("missing", "attachments", "replies", "max_upload_bytes", "max_files"),
    }
    await maintainer.post(f"{path}/comments", json={"body": "A known crank", "internal": True})
    await maintainer.post(f"{path}/facts", json={"name": "impact.cost", "type": "number", "value": 7})
    assert await outsider.receipt(submitted["token"]) == before
    issue = (await maintainer.get(path)).json()
    await maintainer.edit(issue, priority="urgent", assignee_id=maintainer.id)
    await maintainer.put(f"{path}/labels", json={"label_names": ["crank"]})
    await maintainer.post(f"{path}/attachments", files={"file": ("our notes.txt", b"notes")})
    after = await outsider.receipt(submitted["token"])
    assert after | {"updated_at": ""} == before | {"updated_at": ""}


async def test_a_file_that_cannot_be_read_is_missing(world: World, outsider: Outsider, maintainer: Person) -> None:
    submitted = await outsider.submit(("broken.pdf", b"%PDF-1.7\nnothing more"))
    [file] = (await outsider.receipt(submitted["token"]))["attachments"]
    await world.extracted(maintainer.client, file["id"])
    [missing] = (await outsider.receipt(submitted["token"]))["missing"]
    assert missing == {"kind": "file", "detail": "broken.pdf: The PDF is damaged and could not be opened."}


async def test_a_title_comes_from_the_text_or_the_name_of_a_file(outsider: Outsider) -> None:
    for words, files, title in (
        ({"title": "  Own words  ", "text": "Others"}, (), "Own words"),
        ({"title": " ", "text": "\r\n\r\n## It  stops\r\nwhen I press Save"}, (), "It stops"),
        ({"text": "x" * 300}, (), "x" * 200),
        ({}, (("crash_log 2.txt", b"words"), ("b.txt", b"")), "crash log 2"),
        ({"text": "\n"}, (("_", b"words"),), "_"),
    ):
        submitted = await outsider.submit(*files, **words)
        assert (await outsider.receipt(submitted["token"]))["title"] == title


async def test_a_new_link_ends_the_old_one(outsider: Outsider, maintainer: Person, reporter: Person) -> None:
    submitted = await outsider.submit(text="It stops")
    path = f"/issues/{submitted['key']}/receipt"
    renewed = await maintainer.post(path)
    assert (renewed.status_code, renewed.headers["cache-control"]) == (201, "no-store")
    assert renewed.json()["receipt"] == f"http://127.0.0.1/r/{renewed.json()['token']}"
    assert (await outsider.client.get(f"/receipts/{submitted['token']}")).status_code == 404
    assert (await outsider.receipt(renewed.json()["token"]))["key"] == submitted["key"]
    assert [(await maintainer.delete(path)).status_code for _ in range(2)] == [204, 204]
    again = (await maintainer.post(path)).json()["token"]
    assert (await outsider.receipt(again))["key"] == submitted["key"]
    plain = await reporter.file()
    for answer in (
        await maintainer.post(f"/issues/{plain['id']}/receipt"),
        await maintainer.delete(f"/issues/{plain['id']}/receipt"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "no_receipt")
    assert (await maintainer.get(f"/issues/{plain['id']}")).json()["receipt"] is None


async def test_the_trash_takes_the_receipt_along_and_gives_it_back(outsider: Outsider, admin: Person) -> None:
    submitted = await outsider.submit(text="It stops")
    await admin.delete(f"/issues/{submitted['key']}")
    assert (await outsider.client.get(f"/receipts/{submitted['token']}")).status_code == 404
    assert (await outsider.reply(submitted["token"], "Hello?")).status_code == 404
    assert (await outsider.add(submitted["token"], ("a.txt", b"a"))).status_code == 404
    await admin.post(f"/issues/{submitted['key']}/restore")
    assert (await outsider.receipt(submitted["token"]))["status"] == "open"


async def test_what_the_team_sees_says_that_nobody_with_an_account_did_it(
    outsider: Outsider, maintainer: Person
) -> None:
    submitted = await outsider.submit(("a.txt", b"words"))
    await outsider.reply(submitted["token"], "More words")
    path = f"/issues/{submitted['key']}"
    events = (await maintainer.get(f"{path}/events")).json()["items"]
    done = {(event["kind"], event["actor"] and event["actor"]["name"]) for event in events}
    told = ("issue.submitted", "attachment.received", "issue.attached", "comment.received", "issue.commented")
    assert done >= {(kind, None) for kind in told}
    [comment] = (await maintainer.get(f"{path}/comments")).json()["items"]
    assert (comment["author"], comment["internal"], comment["body"]) == (None, False, "More words")
    listed = (await maintainer.get("/issues", params={"reporter": "none"})).json()["items"]
    assert [one["key"] for one in listed] == [submitted["key"]]


async def test_what_is_sent_again_by_a_receipt_because_the_answer_was_lost_is_there_once(
    world: World, outsider: Outsider, stored: Callable[[], list[Path]]
) -> None:
    token, other = [(await outsider.submit(text="It stops"))["token"] for _ in range(2)]
    key = {"Idempotency-Key": "sent-again"}
    replies, files = f"/receipts/{token}/replies", f"/receipts/{token}/attachments"
    answers = [await outsider.client.post(replies, json={"body": "On Monday"}, headers=key) for _ in range(2)]
    sent = {"file": ("second.txt", b"the second one")}
    answers += [await outsider.client.post(files, files=sent, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert [answers[0].json(), answers[2].json()] == [answers[1].json(), answers[3].json()]
    seen = await outsider.receipt(token)
    assert (len(seen["replies"]), len(seen["attachments"]), len(stored())) == (1, 1, 1)

    elsewhere = await outsider.client.post(f"/receipts/{other}/replies", json={"body": "On Monday"}, headers=key)
    assert elsewhere.json()["id"] != answers[0].json()["id"]
    changed = await outsider.client.post(replies, json={"body": "On Tuesday"}, headers=key)
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_mismatch")
    async with world.house.database.reading() as session:
        kept = (await session.scalars(select(IdempotencyKey))).all()
    assert len(kept) == 3
    assert not [one for one in kept if token in f"{one.caller} {one.route}"]
