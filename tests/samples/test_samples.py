"""Made-up issues for who looks around first."""

import asyncio

from tests.world import Person


async def test_an_empty_tracker_is_filled_once(admin: Person, stranger: Person) -> None:
    assert (await stranger.post("/setup/samples")).status_code == 403
    answer = await admin.post("/setup/samples")
    assert (answer.status_code, answer.json()) == (201, {"issues": 7})
    issues = (await admin.get("/issues", params={"count": True})).json()
    assert issues["count"] == {"exact": 7}
    assert {issue["reporter"]["name"] for issue in issues["items"]} == {"Ada"}
    assert {issue["status"] for issue in issues["items"]} == {"open", "triaged", "in_progress", "done"}
    again = await admin.post("/setup/samples")
    assert (again.status_code, again.json()["code"]) == (409, "not_empty")


async def test_two_at_once_fill_it_once(admin: Person) -> None:
    answers = await asyncio.gather(*(admin.post("/setup/samples") for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert (await admin.get("/issues", params={"count": True})).json()["count"] == {"exact": 7}
