"""How an issue moves."""

from itertools import pairwise
from typing import Any

from tests.world import Person

STATUSES = ("open", "triaged", "in_progress", "done")
ALLOWED = {
    "open": ["triaged", "in_progress", "done"],
    "triaged": ["open", "in_progress", "done"],
    "in_progress": ["triaged", "done"],
    "done": ["open"],
}


async def at(person: Person, *path: str) -> dict[str, Any]:
    """File an issue and walk it along some statuses."""
    issue: dict[str, Any] = await person.file()
    for status in path:
        moved = await person.edit(issue, status=status)
        assert moved.status_code == 200, moved.text
        issue = moved.json()
    return issue


async def test_every_move_of_the_table_is_made_and_every_other_is_refused_with_what_is_allowed(
    maintainer: Person,
) -> None:
    for before, allowed in ALLOWED.items():
        for after in set(STATUSES) - {before}:
            issue = await at(maintainer, *([] if before == "open" else [before]))
            answer = await maintainer.edit(issue, status=after)
            if after in allowed:
                assert (answer.status_code, answer.json()["status"]) == (200, after), (before, after)
                continue
            assert (answer.status_code, answer.json()["code"]) == (409, "bad_transition"), (before, after)
            assert answer.json()["allowed"] == allowed
            assert (await maintainer.get(f"/issues/{issue['id']}")).json() == issue


async def test_staying_where_it_is_is_no_move(maintainer: Person) -> None:
    issue = await at(maintainer, "triaged")
    same = await maintainer.edit(issue, status="triaged")
    assert (same.status_code, same.json()) == (200, issue)


async def test_skipping_a_stage_stamps_the_stages_passed(maintainer: Person) -> None:
    done = await at(maintainer, "done")
    assert done["triaged_at"] == done["started_at"] == done["done_at"] == done["updated_at"]


async def test_each_stage_keeps_its_own_moment(maintainer: Person) -> None:
    done = await at(maintainer, "triaged", "in_progress", "done")
    moments = [done[name] for name in ("created_at", "triaged_at", "started_at", "done_at")]
    assert all(earlier < later for earlier, later in pairwise(moments))


async def test_going_back_forgets_the_stages_that_lie_ahead_again(maintainer: Person) -> None:
    working = await at(maintainer, "triaged", "in_progress")
    back = (await maintainer.edit(working, status="triaged")).json()
    assert (back["triaged_at"], back["started_at"]) == (working["triaged_at"], None)
    reopened = await at(maintainer, "done", "open")
    assert [reopened[name] for name in ("triaged_at", "started_at", "done_at", "resolution")] == [None] * 4


async def test_done_carries_a_resolution_and_nothing_else_does(maintainer: Person) -> None:
    assert (await at(maintainer, "done"))["resolution"] == "fixed"
    issue = await maintainer.file()
    refused = await maintainer.edit(issue, resolution="wont_fix")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "resolution")
    done = (await maintainer.edit(issue, status="done", resolution="wont_fix")).json()
    changed = (await maintainer.edit(done, resolution="invalid")).json()
    assert (changed["status"], changed["resolution"], changed["done_at"]) == ("done", "invalid", done["done_at"])
    assert (await maintainer.edit(changed, resolution=None)).status_code == 422


async def test_a_duplicate_names_its_original(maintainer: Person) -> None:
    original, issue = await maintainer.file(), await maintainer.file()
    done = (await maintainer.edit(issue, status="done", duplicate_of=original["key"])).json()
    assert (done["resolution"], done["duplicate_of"]) == ("duplicate", original["key"])
    by_id = await maintainer.edit(done, duplicate_of=str(original["id"]))
    assert by_id.json() == done
    reopened = (await maintainer.edit(done, status="open")).json()
    assert (reopened["resolution"], reopened["duplicate_of"]) == (None, None)


async def test_a_duplicate_of_nothing_is_refused(maintainer: Person) -> None:
    issue = await maintainer.file()
    for original in (issue["key"], "INBOX-4711", "4711", "", "no key", "INBOX-0"):
        refused = await maintainer.edit(issue, status="done", resolution="duplicate", duplicate_of=original)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "duplicate_of"), original
    assert (await maintainer.get(f"/issues/{issue['id']}")).json() == issue


async def test_only_a_duplicate_has_an_original(maintainer: Person) -> None:
    original, issue = await maintainer.file(), await maintainer.file()
    for wish in ({"status": "done", "resolution": "fixed"}, {"status": "triaged"}, {}):
        refused = await maintainer.edit(issue, duplicate_of=original["key"], **wish)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "duplicate_of"), wish


async def test_a_hidden_original_is_null_to_a_reporter_everywhere(
    maintainer: Person, reporter: Person, stranger: Person
) -> None:
    hidden, own = await stranger.file(title="Of somebody else"), await reporter.file()
    done = (await maintainer.edit(own, status="done", duplicate_of=hidden["key"])).json()
    assert done["duplicate_of"] == hidden["key"]
    path = f"/issues/{own['id']}"
    assert (await reporter.get(path)).json()["duplicate_of"] is None
    told = (await reporter.get(f"{path}/events")).json()["items"][-1]["changes"]
    assert told["duplicate_of"] == {"from": None, "to": None}
    stale = await reporter.edit(own, status="done")
    assert stale.status_code == 409
    listed = (await reporter.get("/issues")).json()["items"]
    for answer in (stale.json(), listed, told):
        assert hidden["key"] not in str(answer)
    assert stale.json()["current"]["duplicate_of"] is None
    by_maintainer = (await maintainer.get(f"{path}/events")).json()["items"][-1]["changes"]
    assert by_maintainer["duplicate_of"] == {"from": None, "to": hidden["key"]}


async def test_a_reporter_cannot_probe_for_hidden_issues_by_naming_originals(
    reporter: Person, stranger: Person
) -> None:
    hidden, own = await stranger.file(), await reporter.file()
    answers = [await reporter.edit(own, status="done", duplicate_of=key) for key in (hidden["key"], "INBOX-4711")]
    assert {answer.status_code for answer in answers} <= {403, 422}
    assert {**answers[0].json(), "request_id": 0} == {**answers[1].json(), "request_id": 0}
