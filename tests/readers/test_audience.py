"""Events that only the team is told: over both feeds, live and after a break."""

from tests.readers.feed import following
from tests.readers.test_socket import said, socket_of
from tests.world import Person, World


async def test_an_internal_comment_reaches_the_team_alone(
    world: World, address: str, reporter: Person, maintainer: Person
) -> None:
    issue = await reporter.file()
    path = f"/issues/{issue['id']}/comments"
    await world.settle()
    start = (await reporter.get(f"/issues/{issue['id']}")).headers["x-sightline-position"]
    async with (
        following(address, reporter.client) as rae,
        following(address, maintainer.client) as mia,
        socket_of(address, reporter) as socket,
    ):
        await maintainer.post(path, json={"body": "For the team", "internal": True})
        await maintainer.post(path, json={"body": "For everybody"})
        ours = await mia.until("issue.commented")
        assert [(one.event, one.data["changes"]) for one in ours[:2]] == [
            ("comment.posted", {"internal": {"from": None, "to": True}}),
            ("comment.posted", {}),
        ]
        theirs = await rae.until("issue.commented")
        assert [(one.event, one.id) for one in theirs] == [(one.event, one.id) for one in ours[1:]]
        assert (await said(socket))["id"] == ours[1].id
    async with following(address, reporter.client, after=start) as again:
        assert [one.id for one in await again.until("issue.commented")] == [one.id for one in theirs]


async def test_what_comes_through_the_door_reaches_the_team_alone(
    world: World, address: str, reporter: Person, maintainer: Person
) -> None:
    await maintainer.patch("/projects/INBOX", json={"submissions": True})
    anyone = await world.client()
    async with following(address, reporter.client) as rae, following(address, maintainer.client) as mia:
        submitted = (await anyone.post("/submit/INBOX", files={"text": (None, b"It stops")})).json()
        await anyone.post(f"/receipts/{submitted['token']}/replies", json={"body": "More"})
        ours = await mia.until("issue.commented", key=submitted["key"])
        assert [(one.event, one.data["actor"]) for one in ours] == [
            ("issue.submitted", None),
            ("comment.received", None),
            ("issue.commented", None),
        ]
        own = await reporter.file()
        assert [one.data["issue"] for one in await rae.take(1)] == [own["id"]]
