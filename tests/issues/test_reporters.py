"""What reporters may do with their own issues."""

from typing import Any

from tests.world import Person, ids


async def test_a_reporter_files_without_the_fields_of_the_team(reporter: Person) -> None:
    fields: tuple[dict[str, Any], ...] = (
        {"status": "done"},
        {"priority": "none"},
        {"assignee_id": reporter.id},
        {"labels": []},
    )
    for field in fields:
        refused = await reporter.post("/issues", json={"title": "Mine first"} | field)
        assert (refused.status_code, refused.json()["code"]) == (403, "field_forbidden"), field
    assert (await reporter.get("/issues")).json()["items"] == []


async def test_a_reporter_files_with_severity_and_is_the_reporter(reporter: Person) -> None:
    issue = await reporter.file(severity="critical", due_on="2026-12-24")
    assert (issue["severity"], issue["status"], issue["priority"]) == ("critical", "open", "none")
    assert issue["reporter"] == {"id": reporter.id, "name": "Rae"}
    assert (issue["assignee"], issue["labels"], issue["due_on"]) == (None, [], "2026-12-24")


async def test_a_reporter_edits_words_and_severity_while_the_issue_is_open(
    reporter: Person, maintainer: Person
) -> None:
    issue = await reporter.file()
    edited = await reporter.edit(issue, title="In other words", description="More", severity="high")
    assert edited.status_code == 200
    triaged = (await maintainer.edit(edited.json(), status="triaged")).json()
    for wish in ({"title": "Too late"}, {"description": "Too late"}, {"severity": "low"}):
        refused = await reporter.edit(triaged, **wish)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_open"), wish


FOR_THE_TEAM: list[dict[str, Any]] = [
    {"status": "triaged"},
    {"status": "in_progress"},
    {"priority": "urgent"},
    {"assignee_id": None},
    {"project": "INBOX"},
    {"status": "done", "resolution": "fixed"},
    {"duplicate_of": "INBOX-1"},
    {"title": "x", "priority": "low"},
]


async def test_a_reporter_does_not_do_the_teams_work(reporter: Person) -> None:
    issue = await reporter.file()
    for wish in FOR_THE_TEAM:
        assert (await reporter.edit(issue, **wish)).status_code == 403, wish
    assert (await reporter.get(f"/issues/{issue['id']}")).json() == issue


async def test_a_reporter_closes_as_answered_and_reopens_what_is_theirs(reporter: Person, maintainer: Person) -> None:
    closed = (await reporter.edit(await reporter.file(), status="done")).json()
    assert (closed["status"], closed["resolution"]) == ("done", "answered")
    reopened = (await reporter.edit(closed, status="open")).json()
    assert (reopened["status"], reopened["resolution"]) == ("open", None)
    fixed = (await maintainer.edit(reopened, status="done")).json()
    again = await reporter.edit(fixed, status="open")
    assert (again.status_code, again.json()["status"]) == (200, "open")


async def test_labels_trash_and_restore_are_not_for_reporters(reporter: Person, maintainer: Person) -> None:
    issue = await reporter.file()
    path = f"/issues/{issue['id']}"
    assert (await reporter.put(f"{path}/labels", json={"label_names": ["ui"]})).status_code == 403
    for person in (reporter, maintainer):
        assert (await person.delete(path)).status_code == 403
        assert (await person.post(f"{path}/restore")).status_code == 403
    assert (await reporter.get("/labels")).json()["items"] == []


async def test_reporters_live_in_a_world_of_their_own_issues(
    reporter: Person, stranger: Person, maintainer: Person
) -> None:
    own, other = await reporter.file(), await stranger.file()
    assert ids((await reporter.get("/issues")).json()["items"]) == [own["id"]]
    assert ids((await maintainer.get("/issues")).json()["items"]) == [other["id"], own["id"]]
    counts = {one["key"]: one["issue_count"] for one in (await reporter.get("/projects")).json()["items"]}
    assert counts == {"INBOX": 1}
    for ref in (other["id"], other["key"], other["key"].lower()):
        for path in (f"/issues/{ref}", f"/issues/{ref}/events", f"/issues/{ref}/facts", f"/issues/{ref}/attachments"):
            assert (await reporter.get(path)).status_code == 404, path
