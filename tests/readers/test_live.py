"""The live feed: who is told what, how it resumes, and what ends it."""

import asyncio

import httpx2 as httpx
import pytest

from sightline.core.actor import Actor, Role
from sightline.events.bell import Bell
from sightline.events.log import TOPIC
from sightline.issues import service
from sightline.issues.schemas import IssueWish
from sightline.readers.live import routes, tail
from sightline.users import credentials
from tests.readers.feed import following
from tests.world import Person, World


async def test_nobody_follows_without_a_credential_nor_an_issue_that_is_hidden(
    world: World, address: str, reporter: Person, stranger: Person
) -> None:
    hidden = await stranger.file()
    async with following(address, await world.client()) as feed:
        assert feed.answer.status_code == 401
    for issue in (hidden["key"], "INBOX-4711", "nonsense"):
        async with following(address, reporter.client, issue=issue) as feed:
            assert feed.answer.status_code == 404


async def test_everybody_is_told_what_they_may_see_and_in_one_shape(
    address: str, reporter: Person, stranger: Person, maintainer: Person
) -> None:
    async with following(address, reporter.client) as rae, following(address, maintainer.client) as mia:
        hidden = await stranger.file()
        own = await reporter.file(title="Mine")
        await maintainer.edit(own, status="triaged")
        told = await rae.take(2)
        assert [(one.event, one.data["issue"]) for one in told] == [
            ("issue.filed", own["id"]),
            ("issue.status_changed", own["id"]),
        ]
        moved = told[1]
        assert moved.data.keys() == {"kind", "issue", "key", "actor", "at", "version", "changes"}
        assert (moved.data["kind"], moved.data["key"], moved.data["version"]) == (moved.event, own["key"], 2)
        assert moved.data["actor"] == {"id": maintainer.id, "name": "Mia"}
        assert moved.data["changes"] == {"status": {"from": "open", "to": "triaged"}}
        assert [one.data["issue"] for one in await mia.take(3)] == [hidden["id"], own["id"], own["id"]]
        assert feed_headers(rae.answer) == ("text/event-stream", "no-store")
        assert all(1_000 <= pause <= 4_000 for pause in rae.retry)


def feed_headers(answer: httpx.Response) -> tuple[str, str]:
    return answer.headers["content-type"].split(";")[0], answer.headers["cache-control"]


async def test_one_issue_can_be_followed_alone(address: str, maintainer: Person) -> None:
    one, other = await maintainer.file(), await maintainer.file()
    async with following(address, maintainer.client, issue=one["key"]) as feed:
        await maintainer.edit(other, title="Not this")
        await maintainer.edit(one, title="This")
        told = await feed.until("issue.retitled")
        assert {message.data["issue"] for message in told} == {one["id"]}
        assert told[-1].data["changes"]["title"]["to"] == "This"


async def test_only_administrators_are_told_of_people(
    world: World, address: str, admin: Person, maintainer: Person
) -> None:
    async with following(address, admin.client) as ada, following(address, maintainer.client) as mia:
        await world.person("Newcomer")
        await maintainer.file()
        assert "user.registered" in [one.event for one in await ada.until("issue.filed")]
        assert [one.event for one in await mia.until("issue.filed")] == ["issue.filed"]


async def test_who_loses_sight_of_an_issue_is_told_that_it_is_gone_and_no_more(
    address: str, reporter: Person, stranger: Person, admin: Person
) -> None:
    issue = await reporter.file()
    async with following(address, reporter.client) as rae, following(address, stranger.client) as rob:
        await admin.delete(f"/issues/{issue['id']}")
        gone = (await rae.until("issue.gone"))[-1]
        assert gone.data == {"kind": "issue.gone", "id": issue["id"], "key": issue["key"]}
        own = await stranger.file()
        assert [one.data.get("issue") for one in await rob.take(1)] == [own["id"]]
        await admin.post(f"/issues/{issue['id']}/restore")
        assert [one.event for one in await rae.take(1)] == ["issue.restored"]


async def test_a_hidden_original_is_not_told_to_a_reporter(
    address: str, reporter: Person, stranger: Person, maintainer: Person
) -> None:
    hidden, own = await stranger.file(), await reporter.file()
    async with following(address, reporter.client) as rae, following(address, maintainer.client) as mia:
        await maintainer.edit(own, status="done", duplicate_of=hidden["key"])
        assert (await rae.until("issue.status_changed"))[-1].data["changes"]["duplicate_of"] == {
            "from": None,
            "to": None,
        }
        assert (await mia.until("issue.status_changed"))[-1].data["changes"]["duplicate_of"] == {
            "from": None,
            "to": hidden["key"],
        }


async def test_a_cut_stream_goes_on_after_the_last_message_without_gap_or_repeat(
    address: str, reporter: Person, stranger: Person
) -> None:
    issue = await reporter.file()
    async with following(address, reporter.client) as feed:
        issue = (await reporter.edit(issue, title="Title 0")).json()
        last = (await feed.until("issue.retitled"))[-1].id
    titles = []
    for n in range(1, 13):
        issue = (await reporter.edit(issue, title=f"Title {n}")).json()
        await stranger.file()
        by_header = {"headers": {"Last-Event-ID": last}}
        if n % 3 == 0:
            async with following(address, reporter.client, **by_header) as feed:  # type: ignore[arg-type]
                told = await feed.take(2)
                last = told[-1].id
            async with following(address, reporter.client, after=last) as feed:
                told += await feed.take(1)
                last = told[-1].id
            titles += [one.data["changes"]["title"]["to"] for one in told]
    assert titles == [f"Title {n}" for n in range(1, 13)]


async def test_a_position_that_is_unknown_or_too_far_gives_one_resync(
    address: str, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = await reporter.file()
    for after in ("nonsense", "p", "p999999999", "-1", "9" * 30, "p٣"):
        async with following(address, reporter.client, headers={"Last-Event-ID": after.encode()}) as feed:  # type: ignore[dict-item]
            [told] = await feed.take(1)
            assert (told.event, told.data) == ("resync", {"kind": "resync"}), after
        async with following(address, reporter.client, after=told.id) as feed:
            issue = (await reporter.edit(issue, severity="low" if issue["severity"] == "high" else "high")).json()
            assert "resync" not in [one.event for one in await feed.until("issue.severity_changed")]
    monkeypatch.setattr(tail, "FARTHEST", 3)
    async with following(address, reporter.client, after="p1") as feed:
        assert [one.event for one in await feed.take(1)] == ["resync"]


async def test_a_stream_that_begins_ahead_of_its_process_is_told_what_follows_and_nothing_again(
    world: World, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a page was read, or the last message heard, from a process that had read further."""
    monkeypatch.setattr(tail, "POLL_SECONDS", 3600)
    bell = Bell(world.house.database)
    behind = tail.Tail(world.house.database, bell)
    running = asyncio.create_task(behind.run())
    me = await world.app.state.authenticate(_request(world, reporter))
    async with behind.subscribe(me, None) as subscriber:
        known = await reporter.file()
        await world.settle()
        after = (await reporter.get(f"/issues/{known['id']}")).headers["x-sightline-position"]
        messages = behind.messages(subscriber, after)
        coming = asyncio.ensure_future(anext(messages))
        await asyncio.sleep(0)
        new = await reporter.file()
        bell.ring({TOPIC})
        async with asyncio.timeout(30):
            assert (await coming).body["issue"] == new["id"]
    running.cancel()


@pytest.mark.parametrize("how", ["signed out", "demoted", "disabled", "deleted", "password changed"])
async def test_a_stream_ends_with_the_standing_it_was_opened_with(
    world: World, address: str, admin: Person, how: str
) -> None:
    mia = await world.person("Mia", Role.maintainer)
    other = await world.person("Bo", Role.maintainer)
    async with following(address, mia.client) as feed, following(address, other.client) as stays:
        path = f"/users/{mia.id}"
        answer = await {
            "signed out": lambda: mia.post("/auth/logout"),
            "demoted": lambda: admin.patch(path, json={"role": "reporter"}),
            "disabled": lambda: admin.patch(path, json={"is_active": False}),
            "deleted": lambda: admin.delete(path),
            "password changed": lambda: admin.patch(path, json={"password": "four grey herons at dusk"}),
        }[how]()
        assert answer.status_code in {200, 204}
        hidden = await admin.file()
        told = await feed.rest()
        assert [one for one in told if one.data.get("issue") == hidden["id"]] == []
        assert [one.data["issue"] for one in await stays.take(1)] == [hidden["id"]]


async def test_what_is_read_together_with_the_end_of_a_session_is_told_up_to_there(
    world: World, address: str, reporter: Person
) -> None:
    token = reporter.client.headers["authorization"].removeprefix("Bearer ")
    session_id = credentials.session_of(world.app.state.lifetimes, token)
    actor = Actor(reporter.id, "Rae", Role.reporter)
    async with following(address, reporter.client) as feed:
        async with world.house.database.writing() as session:
            before = await service.file(session, actor, IssueWish(title="Before"))
            await credentials.end_session(session, actor, session_id, "signed out")
            await service.file(session, actor, IssueWish(title="After"))
        assert [one.data["issue"] for one in await feed.rest()] == [before.id]


async def test_a_stream_of_a_personal_token_ends_when_it_is_revoked(
    world: World, address: str, reporter: Person
) -> None:
    token = (await reporter.post("/me/tokens", json={"name": "watcher", "scopes": ["read"]})).json()
    async with following(address, await world.client(token["token"])) as feed:
        await reporter.file()
        assert [one.event for one in await feed.take(1)] == ["issue.filed"]
        await reporter.delete(f"/me/tokens/{token['id']}")
        assert await feed.rest() == []


async def test_a_quiet_stream_shows_signs_of_life(
    address: str, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert routes.SIGN_OF_LIFE == 15
    monkeypatch.setattr(routes, "SIGN_OF_LIFE", 0.05)
    async with following(address, reporter.client) as feed:
        waiting = asyncio.create_task(feed.next())
        async with asyncio.timeout(30):
            while feed.comments.count("alive") < 2:
                await asyncio.wait([waiting], timeout=0.05)
        await reporter.file()
        told = await waiting
        assert told
        assert told.event == "issue.filed"


async def test_a_reader_too_slow_to_take_its_messages_is_sent_to_look_anew(
    world: World, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "BACKLOG", 3)
    me = await world.app.state.authenticate(_request(world, reporter))
    async with world.house.tail.subscribe(me, None) as subscriber:
        issue = await reporter.file()
        for n in range(5):
            issue = (await reporter.edit(issue, title=f"Title {n}")).json()
        async with asyncio.timeout(30):
            while subscriber.queue.qsize() <= tail.BACKLOG:  # noqa: ASYNC110 - taking them is what must not begin yet
                await asyncio.sleep(0.01)
            messages = world.house.tail.messages(subscriber, None)
            kinds = [message.kind async for message in messages]
    assert kinds == ["issue.filed", "issue.retitled", "issue.retitled", "resync"]


def _request(world: World, person: Person) -> object:
    from starlette.requests import Request  # noqa: PLC0415

    headers = [(b"authorization", person.client.headers["authorization"].encode())]
    return Request(
        {"type": "http", "method": "GET", "headers": headers, "app": world.app, "path": "/", "query_string": b""}
    )


async def test_streams_close_with_a_retry_hint_when_the_server_stops(
    world: World, address: str, reporter: Person
) -> None:
    async with following(address, reporter.client) as feed:
        world.app.state.stopping.set()
        assert await feed.rest() == []
        assert feed.retry
        assert 1_000 <= feed.retry[-1] <= 4_000
