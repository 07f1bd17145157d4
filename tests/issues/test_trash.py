"""The trash."""

from tests.world import Person, World, ids


async def test_a_trashed_issue_is_gone_for_everybody_and_comes_back_whole(
    admin: Person, maintainer: Person, reporter: Person
) -> None:
    issue = await reporter.file(title="Come back")
    path = f"/issues/{issue['key']}"
    assert (await admin.delete(path)).status_code == 204
    missing = await reporter.get("/issues/INBOX-4711")
    for person in (admin, maintainer, reporter):
        gone = await person.get(path)
        assert gone.status_code == 404
        assert {**gone.json(), "request_id": 0} == {**missing.json(), "request_id": 0}
        assert (await person.get("/issues")).json()["items"] == []
        assert (await person.edit(issue, title="x")).status_code == 404
    assert (await admin.delete(path)).status_code == 404
    assert (await reporter.post(f"{path}/restore")).status_code == 404
    restored = await admin.post(f"{path}/restore")
    assert restored.status_code == 200
    back = (await reporter.get(path)).json()
    own = {"version": 3, "updated_at": back["updated_at"]}
    assert back == issue | own
    assert (await admin.post(f"{path}/restore")).status_code == 404


async def test_what_duplicates_a_trashed_issue_no_longer_names_it(admin: Person) -> None:
    original, issue = await admin.file(), await admin.file()
    done = (await admin.edit(issue, status="done", duplicate_of=original["key"])).json()
    await admin.delete(f"/issues/{original['id']}")
    assert (await admin.get(f"/issues/{done['id']}")).json()["duplicate_of"] is None


async def test_counts_and_project_counts_leave_the_trash_out(world: World, admin: Person) -> None:
    kept, trashed = await admin.file(), await admin.file()
    await admin.delete(f"/issues/{trashed['id']}")
    await world.settle()
    assert (await admin.get("/insights/summary")).json()["total"] == 1
    assert (await admin.get("/projects/INBOX")).json()["issue_count"] == 1
    counted = (await admin.get("/issues", params={"count": "true"})).json()
    assert (counted["count"], ids(counted["items"])) == ({"exact": 1}, [kept["id"]])
    await admin.post(f"/issues/{trashed['id']}/restore")
    await world.settle()
    assert (await admin.get("/insights/summary")).json()["total"] == 2
