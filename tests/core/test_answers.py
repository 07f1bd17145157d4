"""The form of every answer: problems, request ids, headers, hosts."""

import pytest

from tests.world import Person, World

SHAPE = {"type", "title", "status", "detail", "code", "request_id"}


async def test_every_refusal_is_a_problem_with_a_code_and_the_id_of_its_request(world: World, reporter: Person) -> None:
    anyone = await world.client()
    issue = await reporter.file()
    answers = {
        401: await anyone.get("/issues"),
        403: await reporter.post("/projects", json={"key": "APP", "name": "x"}),
        404: await reporter.get("/nowhere"),
        405: await reporter.put("/issues", json={}),
        413: await reporter.post("/issues", content=b"{}", headers={"Content-Length": "2000000"}),
        415: await reporter.post("/issues", content=b"title=x"),
        422: await reporter.post("/issues", json={}),
        428: await reporter.patch(f"/issues/{issue['id']}", json={"title": "x"}),
    }
    for status, answer in answers.items():
        body = answer.json()
        assert answer.status_code == body["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert body.keys() - {"errors", "allowed"} == SHAPE
        assert body["code"].replace("_", "").isalpha()
        assert body["request_id"] == answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"
    assert answers[401].headers["www-authenticate"].startswith("Bearer")
    assert answers[422].json()["errors"][0] == {"field": "title", "message": "Field required"}


async def test_refusals_come_in_their_order(world: World, reporter: Person, stranger: Person) -> None:
    anyone = await world.client()
    issue = await reporter.file()
    path = f"/issues/{issue['id']}"
    bad = {"title": "", "version": "x"}
    assert (await anyone.patch(path, content=b"x" * 2_000_000)).status_code == 401
    assert (await stranger.patch(path, content=b"title=x")).status_code == 415
    assert (await stranger.patch(path, json=bad)).status_code == 422
    assert (await stranger.patch(path, json={"priority": "low"})).status_code == 404
    assert (await reporter.patch(path, json={"priority": "low"})).status_code == 403
    assert (await reporter.patch(path, json={"title": "x"})).status_code == 428


async def test_a_sane_request_id_is_kept_and_any_other_replaced(world: World) -> None:
    anyone = await world.client()
    kept = await anyone.get("/setup", headers={"X-Request-ID": "build-42.a_b"})
    assert kept.headers["x-request-id"] == "build-42.a_b"
    given = set()
    for odd in ("", "x" * 65, "a b", "a\tb", "<script>", "é"):
        answer = await anyone.get("/setup", headers={b"X-Request-ID": odd.encode()})
        given.add(answer.headers["x-request-id"])
        assert answer.headers["x-request-id"].isalnum()
    assert len(given) == 6


async def test_a_malformed_host_is_refused(world: World) -> None:
    anyone = await world.client()
    for host in ("", "a b", "evil.example/path", "user@host", "x:y", "[::1", "a,b", "é.example"):
        refused = await anyone.get("/setup", headers={b"Host": host.encode()})
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_host"), host
    for host in ("localhost:8000", "[::1]:8000", "tracker.office.local"):
        assert (await anyone.get("/setup", headers={"Host": host})).status_code == 200, host


@pytest.mark.parametrize("path", ["/setup", "/issues", "/nowhere", "/issues/1"])
async def test_every_answer_carries_the_headers_that_keep_browsers_safe(world: World, path: str) -> None:
    headers = (await (await world.client()).get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_is_said_and_reading_goes_on_until_there_is_room(world: World, reporter: Person) -> None:
    issue = await reporter.file()

    async def limit(pages: int) -> None:
        async with world.house.database.writer.connect() as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await limit(1)
    large = {"title": "x", "description": "y" * 60_000}
    for _ in range(20):
        if (refused := await reporter.post("/issues", json=large)).status_code != 201:
            break
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
    assert int(refused.headers["retry-after"]) > 0
    assert (await reporter.get(f"/issues/{issue['id']}")).json() == issue
    await limit(2**30)
    assert (await reporter.post("/issues", json=large)).status_code == 201
