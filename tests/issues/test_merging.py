"""Several people edit one issue: different fields merge, the same field is a conflict with both values."""

import asyncio
from itertools import pairwise
from typing import Any

from tests.world import Person


async def test_a_stranger_edits_nothing_and_learns_nothing(reporter: Person, stranger: Person) -> None:
    issue = await reporter.file()
    hidden = await stranger.edit(issue, title="Mine now")
    missing = await stranger.patch("/issues/999999", json={"version": 1, "title": "Mine now"})
    assert hidden.status_code == 404
    assert {**hidden.json(), "request_id": 0} == {**missing.json(), "request_id": 0}
    assert (await reporter.get(f"/issues/{issue['id']}")).json() == issue


async def test_an_edit_names_the_version_it_saw(maintainer: Person) -> None:
    issue = await maintainer.file()
    path = f"/issues/{issue['key']}"
    blind = await maintainer.patch(path, json={"title": "Blind"})
    assert (blind.status_code, blind.json()["code"]) == (428, "version_required")
    early = await maintainer.patch(path, json={"title": "Early", "version": 2})
    assert (early.status_code, early.json()["errors"][0]["field"]) == (422, "version")
    for version in (0, -1, 2**60, "one", 1.5, True):
        assert (await maintainer.patch(path, json={"title": "Odd", "version": version})).status_code == 422, version
    assert (await maintainer.get(path)).json() == issue


async def test_the_version_may_come_as_the_entity_tag(maintainer: Person) -> None:
    issue = await maintainer.file()
    path = f"/issues/{issue['key']}"
    tag = (await maintainer.get(path)).headers["etag"]
    edited = await maintainer.patch(path, json={"title": "Seen"}, headers={"If-Match": tag})
    assert (edited.status_code, edited.json()["title"], edited.json()["version"]) == (200, "Seen", 2)
    assert edited.headers["etag"].startswith('"2-')
    stale = await maintainer.patch(path, json={"title": "Stale"}, headers={"If-Match": tag})
    assert stale.status_code == 409
    for odd in ("2", '"x-y"', "''", '"2-zz"'):
        assert (await maintainer.patch(path, json={"title": "Odd"}, headers={"If-Match": odd})).status_code == 422
    assert (await maintainer.patch(path, json={"title": "Any"}, headers={"If-Match": "*"})).status_code == 428


async def test_different_fields_merge_without_a_word(maintainer: Person, admin: Person) -> None:
    issue = await maintainer.file()
    assert (await admin.edit(issue, title="A better title")).status_code == 200
    merged = await maintainer.edit(issue, severity="high", priority="low")
    assert merged.status_code == 200
    assert (merged.json()["title"], merged.json()["severity"], merged.json()["version"]) == (
        "A better title",
        "high",
        4,
    )


async def test_a_conflict_names_base_theirs_yours_by_and_at_of_every_field(maintainer: Person, admin: Person) -> None:
    issue = await maintainer.file(title="First", description="one", severity="low")
    await admin.post("/projects", json={"key": "APP", "name": "App"})
    theirs: dict[str, Any] = {
        "title": "Second",
        "description": "two",
        "severity": "high",
        "priority": "urgent",
        "assignee_id": admin.id,
        "due_on": "2026-12-24",
        "project": "APP",
    }
    changed = (await admin.edit(issue, **theirs)).json()
    yours = theirs | {"title": "Third", "description": "three", "assignee_id": None, "project": "INBOX"}
    refused = await maintainer.edit(issue, **yours)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    conflicts = {one.pop("field"): one for one in refused.json()["conflicts"]}
    assert {one["by"]["id"] for one in conflicts.values()} == {admin.id}
    assert {one["at"] for one in conflicts.values()} <= {
        changed["updated_at"],
        *(one["at"] for one in conflicts.values()),
    }
    assert all(issue["updated_at"] < one["at"] <= changed["updated_at"] for one in conflicts.values())
    values = {field: (one["base"], one["theirs"], one["yours"]) for field, one in conflicts.items()}
    assert values == {
        "title": ("First", "Second", "Third"),
        "description": ("one", "two", "three"),
        "severity": ("low", "high", "high"),
        "priority": ("none", "urgent", "urgent"),
        "assignee_id": (None, admin.id, None),
        "due_on": (None, "2026-12-24", "2026-12-24"),
        "project": ("INBOX", "APP", "INBOX"),
    }
    assert refused.json()["current"] == changed
    assert (await maintainer.get(f"/issues/{issue['id']}")).json() == changed


async def test_even_the_same_value_and_even_ones_own_change_conflict(maintainer: Person) -> None:
    issue = await maintainer.file()
    await maintainer.edit(issue, severity="high")
    again = await maintainer.edit(issue, severity="high")
    assert (again.status_code, again.json()["conflicts"][0]["field"]) == (409, "severity")


async def test_the_base_is_what_the_caller_saw_however_often_it_changed_since(maintainer: Person) -> None:
    issue = await maintainer.file(title="First")
    second = (await maintainer.edit(issue, title="Second")).json()
    await maintainer.edit(second, title="Third")
    from_first = (await maintainer.edit(issue, title="Mine")).json()["conflicts"][0]
    from_second = (await maintainer.edit(second, title="Mine")).json()["conflicts"][0]
    assert [one["base"] for one in (from_first, from_second)] == ["First", "Second"]


async def test_a_move_made_twice_at_once_conflicts_before_the_workflow_speaks(
    maintainer: Person, admin: Person
) -> None:
    issue = await maintainer.file()
    await admin.edit(issue, status="done")
    late = await maintainer.edit(issue, status="triaged")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    status = next(one for one in late.json()["conflicts"] if one["field"] == "status")
    assert (status["base"], status["theirs"], status["yours"]) == ("open", "done", "triaged")


async def test_one_refused_field_keeps_the_whole_edit_out(maintainer: Person, admin: Person) -> None:
    issue = await maintainer.file()
    changed = (await admin.edit(issue, title="Theirs")).json()
    assert (await maintainer.edit(issue, title="Mine", severity="critical")).status_code == 409
    assert (await maintainer.edit(changed, status="done", due_on="2026-02-30")).status_code == 422
    assert (await maintainer.edit(changed, severity="low", assignee_id=999_999)).status_code == 422
    assert (await maintainer.edit(changed, assignee_id=True)).status_code == 422
    assert (await maintainer.get(f"/issues/{issue['id']}")).json() == changed


async def test_of_many_edits_at_once_none_is_lost(maintainer: Person, admin: Person) -> None:
    issue = await maintainer.file()

    async def rename(person: Person, name: str) -> None:
        seen, status = issue, 0
        while status != 200:
            answer = await person.edit(seen, title=name)
            status = answer.status_code
            seen = answer.json().get("current", seen)

    await asyncio.gather(*(rename(person, f"{person.name} {n}") for person in (maintainer, admin) for n in range(6)))
    events = (await maintainer.get(f"/issues/{issue['id']}/events")).json()["items"]
    titles = [event["changes"]["title"] for event in events]
    assert len(titles) == 13
    assert all(later["from"] == earlier["to"] for earlier, later in pairwise(titles))
    assert (await maintainer.get(f"/issues/{issue['id']}")).json()["version"] == 13


async def test_null_empties_what_can_be_empty_and_is_refused_elsewhere(maintainer: Person) -> None:
    issue = await maintainer.file(assignee_id=maintainer.id, due_on="2026-12-24")
    emptied = (await maintainer.edit(issue, assignee_id=None, due_on=None)).json()
    assert (emptied["assignee"], emptied["due_on"], emptied["version"]) == (None, None, 3)
    for field in ("title", "description", "status", "resolution", "severity", "priority", "project"):
        refused = await maintainer.edit(emptied, **{field: None})
        assert refused.status_code == 422, field


async def test_an_edit_that_changes_nothing_leaves_no_trace(maintainer: Person) -> None:
    issue = await maintainer.file(description="The same")
    same = await maintainer.edit(issue, title=issue["title"], description="The same", project="inbox", assignee_id=None)
    assert (same.status_code, same.json()) == (200, issue)
    assert len((await maintainer.get(f"/issues/{issue['id']}/events")).json()["items"]) == 1
