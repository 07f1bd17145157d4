"""Nothing that a reporter is answered depends on issues they may not see."""

from typing import Any

from tests.search.test_similar import CRASH
from tests.world import Person, World

PATHS = (
    "/issues?count=true",
    "/issues?q=words&sort=title",
    "/issues?limit=1",
    "/issues/INBOX-1",
    "/issues/INBOX-1/events",
    "/issues/INBOX-1/facts",
    "/issues/INBOX-1/comments",
    "/issues/INBOX-2",
    "/projects",
    "/suggestions?attachment_id=1",
    "/labels",
    "/users",
    "/me",
    "/attachments/2",
)


async def answers(world: World, person: Person) -> dict[str, Any]:
    """Return everything a person is answered, but for the ids of requests."""
    await world.settle()
    found: dict[str, Any] = {}
    for path in PATHS:
        answer = await person.get(path)
        body = answer.json()
        body.pop("request_id", None)
        kept = {name: answer.headers.get(name) for name in ("etag", "x-sightline-position", "content-length")}
        found[path] = (answer.status_code, body, kept if answer.status_code == 200 else None)
    summary = (await person.get("/insights/summary")).json()
    summary.pop("position")
    return found | {"summary": summary}


async def test_what_others_do_changes_nothing_a_reporter_is_answered(
    world: World, reporter: Person, stranger: Person, maintainer: Person, admin: Person
) -> None:
    own = await reporter.file(title="Own words")
    await maintainer.put(f"/issues/{own['id']}/labels", json={"label_names": ["seen"]})
    await maintainer.edit(own, severity="high")
    await maintainer.put("/projects/INBOX/rules", json={"rules": ["kind:crash"]})
    one = await reporter.upload("mine.txt", CRASH.format(line=3, number=1).encode())
    await world.extracted(reporter.client, one["id"])
    await maintainer.post(f"/issues/{own['id']}/comments", json={"body": "For you"})
    before = await answers(world, reporter)
    assert before["/suggestions?attachment_id=1"][1]["project"]["value"] == "INBOX"

    hidden = await stranger.file(title="Hidden words", severity="critical")
    await maintainer.put(f"/issues/{hidden['id']}/labels", json={"label_names": ["unseen", "seen"]})
    taken = (await admin.edit(hidden, assignee_id=admin.id, status="done")).json()
    await admin.post(f"/issues/{hidden['id']}/facts", json={"name": "a.b", "type": "text", "value": "x"})
    other = await stranger.upload("theirs.txt", b"Traceback (most recent call last):")
    await world.extracted(stranger.client, other["id"])
    await world.person("Newcomer")
    await admin.delete(f"/issues/{taken['id']}")
    await maintainer.file(title="More words")
    await admin.post(f"/issues/{own['id']}/comments", json={"body": "For the team", "internal": True})
    await maintainer.patch("/projects/INBOX", json={"submissions": True})
    anyone = await world.client()
    submitted = (await anyone.post("/submit/INBOX", files={"file": ("theirs.txt", b"words")})).json()
    await anyone.post(f"/receipts/{submitted['token']}/replies", json={"body": "More words"})
    await maintainer.patch("/projects/INBOX", json={"submissions": False})

    assert await answers(world, reporter) == before
