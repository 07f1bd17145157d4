"""Comments, and those among them that reporters never learn of."""

from typing import Any

import pytest

from sightline.core.actor import SYSTEM, Role
from sightline.events.log import record
from sightline.users.changes import RoleChanged
from sightline.users.models import User
from tests.world import Person, World, ids


async def post(person: Person, issue: dict[str, Any], body: str, **more: Any) -> dict[str, Any]:
    """Comment on an issue and return the comment."""
    answer = await person.post(f"/issues/{issue['id']}/comments", json={"body": body} | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_comments_are_listed_oldest_first_and_counted(reporter: Person, maintainer: Person) -> None:
    issue = await reporter.file()
    first = await post(reporter, issue, "It is *still* there")
    assert first["author"] == {"id": reporter.id, "name": "Rae"}
    assert (first["issue"], first["internal"], first["edited_at"]) == (issue["id"], False, None)
    assert first["body_html"] == "<p>It is <em>still</em> there</p>\n"
    rest = [await post(maintainer, issue, f"Words {n}") for n in range(3)]
    listed = (await reporter.get(f"/issues/{issue['key']}/comments")).json()
    assert (listed["items"], listed["next_cursor"]) == ([first, *rest], None)
    page = (await reporter.get(f"/issues/{issue['id']}/comments", params={"limit": 3})).json()
    last = await reporter.get(f"/issues/{issue['id']}/comments", params={"limit": 3, "cursor": page["next_cursor"]})
    assert ids(page["items"] + last.json()["items"]) == ids([first, *rest])
    after = (await reporter.get(f"/issues/{issue['id']}")).json()
    assert (after["comments_count"], after["version"]) == (4, issue["version"] + 4)
    assert after["updated_at"] == rest[-1]["created_at"]
    assert (await reporter.get("/issues")).json()["items"][0]["comments_count"] == 4


async def test_an_internal_comment_does_not_exist_for_a_reporter(
    world: World, reporter: Person, maintainer: Person, admin: Person
) -> None:
    issue = await reporter.file()
    await post(reporter, issue, "For everybody")
    paths = (f"/issues/{issue['id']}", f"/issues/{issue['id']}/comments", f"/issues/{issue['id']}/events", "/users")
    await world.settle()
    before = [await reporter.get(path) for path in paths]
    note = await post(admin, issue, "For the team", internal=True)
    await world.settle()
    after = [await reporter.get(path) for path in paths]
    for one, other in zip(before, after, strict=True):
        assert (one.text, one.headers["etag"]) == (other.text, other.headers["etag"])
        assert one.headers.get("x-sightline-position") == other.headers.get("x-sightline-position")
    seen = (await maintainer.get(f"/issues/{issue['id']}/comments")).json()["items"]
    assert seen[-1] == note | {"internal": True}
    events = (await maintainer.get(f"/issues/{issue['id']}/events")).json()["items"]
    assert (events[-1]["kind"], events[-1]["actor"]["id"]) == ("comment.posted", admin.id)
    ours = await maintainer.get(f"/issues/{issue['id']}")
    assert int(ours.headers["x-sightline-position"]) == events[-1]["position"]


async def test_a_reporter_writes_no_internal_comment_and_none_on_what_is_hidden(
    reporter: Person, stranger: Person
) -> None:
    issue = await reporter.file()
    path = f"/issues/{issue['id']}/comments"
    refused = await reporter.post(path, json={"body": "Psst", "internal": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "field_forbidden")
    assert (await stranger.post(path, json={"body": "Hello"})).status_code == 404
    assert (await stranger.get(path)).status_code == 404
    assert (await reporter.get(path)).json()["items"] == []
    assert (await reporter.get(f"/issues/{issue['id']}")).json() == issue


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": " \n\t"}, "body"),
        ({"body": "x" * (64 * 1024 + 1)}, "body"),
        ({"body": "a\x07"}, "body"),
        ({}, "body"),
        ({"body": "a", "internal": "yes"}, "internal"),
        ({"body": "a", "author_id": 1_000_000}, "author_id"),
        ({"body": "a", "created_at": "2026-01-01T00:00:00Z"}, "created_at"),
    ],
)
async def test_a_comment_that_cannot_be_taken_is_refused(maintainer: Person, wish: dict[str, Any], field: str) -> None:
    issue = await maintainer.file()
    answer = await maintainer.post(f"/issues/{issue['id']}/comments", json=wish)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_ones_own_id_may_be_named_as_the_author(reporter: Person) -> None:
    made = await post(reporter, await reporter.file(), "Mine", author_id=reporter.id)
    assert made["author"]["id"] == reporter.id


async def test_a_comment_sent_twice_under_one_key_is_made_once(
    world: World, reporter: Person, maintainer: Person
) -> None:
    issue = await reporter.file()
    path, key = f"/issues/{issue['id']}/comments", {"Idempotency-Key": "once"}
    sent = [await maintainer.post(path, json={"body": "For us", "internal": True}, headers=key) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    other = await maintainer.post(path, json={"body": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len((await maintainer.get(path)).json()["items"]) == 1
    async with world.house.database.writing() as session:
        user = await session.get_one(User, maintainer.id)
        await record(session, SYSTEM, user, RoleChanged(before=Role.maintainer, after=Role.reporter))
    maintainer.client = await world.sign_in(user)
    own = await maintainer.file()
    replayed = await maintainer.post(path, json={"body": "For us", "internal": True}, headers=key)
    assert (own["reporter"]["id"], replayed.status_code) == (maintainer.id, 404)
