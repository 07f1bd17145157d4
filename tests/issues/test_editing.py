"""Changing issues: versions, merging, conflicts, the workflow."""

from tests.world import Person


async def test_a_stale_edit_changes_nothing(maintainer: Person) -> None:
    issue = await maintainer.file(title="Before")
    await maintainer.edit(issue, title="Theirs")
    refused = await maintainer.edit(issue, title="Yours", severity="high")
    assert refused.status_code == 409
    assert refused.json()["code"] == "conflict"
    (conflict,) = refused.json()["conflicts"]
    assert (conflict["field"], conflict["base"], conflict["theirs"], conflict["yours"]) == (
        "title",
        "Before",
        "Theirs",
        "Yours",
    )
    assert conflict["by"] == {"id": maintainer.id, "name": maintainer.name}
    now = (await maintainer.get(f"/issues/{issue['key']}")).json()
    assert (now["title"], now["severity"]) == ("Theirs", "medium")


async def test_different_fields_merge(maintainer: Person) -> None:
    issue = await maintainer.file()
    await maintainer.edit(issue, title="A better title")
    merged = await maintainer.edit(issue, priority="high")
    assert merged.status_code == 200
    assert (merged.json()["title"], merged.json()["priority"]) == ("A better title", "high")
