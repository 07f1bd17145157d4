"""Projects, and issues that move between them."""

import asyncio

from tests.world import Person, World


async def test_inbox_is_there_from_the_start(reporter: Person) -> None:
    listed = (await reporter.get("/projects")).json()["items"]
    assert [(one["key"], one["issue_count"]) for one in listed] == [("INBOX", 0)]


async def test_maintainers_make_and_rename_projects_and_reporters_do_not(maintainer: Person, reporter: Person) -> None:
    wish = {"key": " app ", "name": "The app"}
    assert (await reporter.post("/projects", json=wish)).status_code == 403
    made = await maintainer.post("/projects", json=wish)
    assert (made.status_code, made.json()) == (
        201,
        {"key": "APP", "name": "The app", "description": "", "issue_count": 0, "submissions": False},
    )
    assert (await maintainer.post("/projects", json=wish)).json()["code"] == "key_taken"
    assert (await reporter.patch("/projects/APP", json={"name": "Mine"})).status_code == 403
    renamed = await maintainer.patch("/projects/app", json={"name": "The best app", "description": "Runs"})
    assert (renamed.json()["name"], renamed.json()["description"]) == ("The best app", "Runs")


async def test_what_is_no_key_is_refused(maintainer: Person) -> None:
    for key in ("A", "1APP", "APP-1", "ELEVENCHARS", "ÄPP", "A P", "", None, 7):
        assert (await maintainer.post("/projects", json={"key": key, "name": "x"})).status_code == 422, key


async def test_only_a_project_that_never_had_an_issue_is_deleted_and_its_key_stays_taken(
    admin: Person, maintainer: Person
) -> None:
    for key in ("APP", "WEB"):
        await maintainer.post("/projects", json={"key": key, "name": key})
    await maintainer.file(project="WEB")
    assert (await maintainer.delete("/projects/APP")).status_code == 403
    for key in ("WEB", "INBOX"):
        assert (await admin.delete(f"/projects/{key}")).json()["code"] == "project_in_use"
    assert (await admin.delete("/projects/APP")).status_code == 204
    assert (await admin.get("/projects/APP")).status_code == 404
    assert (await admin.post("/projects", json={"key": "APP", "name": "Again"})).status_code == 409
    assert (await admin.post("/issues", json={"title": "x", "project": "APP"})).status_code == 422


async def test_numbers_count_from_one_in_each_project_without_a_double(maintainer: Person, admin: Person) -> None:
    await maintainer.post("/projects", json={"key": "APP", "name": "App"})
    # All at once, and no more than there are connections: who waits two seconds for one is told to come again.
    filed = await asyncio.gather(
        *(person.file(project=key) for person in (maintainer, admin) for key in ("APP", "INBOX") for _ in range(3))
    )
    expected = [f"{key}-{n}" for key in ("APP", "INBOX") for n in range(1, 7)]
    assert sorted(issue["key"] for issue in filed) == sorted(expected)


async def test_a_moved_issue_gets_a_new_key_and_the_old_one_keeps_leading_to_it(
    world: World, maintainer: Person, reporter: Person, stranger: Person
) -> None:
    await maintainer.post("/projects", json={"key": "APP", "name": "App"})
    await maintainer.file(project="APP")
    issue = await reporter.file()
    moved = (await maintainer.edit(issue, project="app")).json()
    assert (moved["key"], moved["project"], moved["number"]) == ("APP-2", "APP", 2)
    for ref in ("INBOX-1", "inbox-1", "APP-2", issue["id"]):
        assert (await reporter.get(f"/issues/{ref}")).json()["id"] == issue["id"]
        assert (await stranger.get(f"/issues/{ref}")).status_code == 404
    assert (await maintainer.file())["key"] == "INBOX-2", "a number is never given out again"
    back = (await maintainer.edit(moved, project="INBOX")).json()
    assert back["key"] == "INBOX-1"
    again = (await maintainer.edit(back, project="APP")).json()
    assert again["key"] == "APP-2"
    told = (await reporter.get(f"/issues/{issue['id']}/events")).json()["items"][1]["changes"]
    assert told == {"project": {"from": "INBOX", "to": "APP"}}
    await world.settle()


async def test_moving_nowhere_is_refused(maintainer: Person) -> None:
    issue = await maintainer.file()
    refused = await maintainer.edit(issue, project="NONE")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "project")
