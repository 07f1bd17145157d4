"""What the table cannot say: ids inside bodies and queries, staged files, the trash, and answers that are not 200."""

import httpx2 as httpx
import pytest
from fastapi.routing import APIRoute

from sightline.issues.listing import SORTS
from tests.access.scene import PNG, Scene
from tests.access.test_table import HEADERS
from tests.world import ids


async def test_delete_and_restore_of_what_one_sees_are_refused_as_functions(scene: Scene) -> None:
    issue = await scene.people["own"].file()
    for caller in ("own", "maintainer"):
        for answer in (
            await scene.people[caller].delete(f"/issues/{issue['id']}"),
            await scene.people[caller].post(f"/issues/{issue['id']}/restore"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_staged_file_is_there_for_its_uploader_alone(scene: Scene) -> None:
    stored = await scene.people["own"].upload("a.txt", b"mine")
    for caller, expected in {"own": 200, "other": 404, "maintainer": 404, "admin": 404}.items():
        for path in ("", "/content", "/facts", "/text"):
            answer = await scene.people[caller].get(f"/attachments/{stored['id']}{path}")
            assert answer.status_code == expected, (caller, path)


async def test_a_file_of_others_in_a_body_is_like_one_that_never_was(scene: Scene) -> None:
    staged = (await scene.people["own"].upload("a.png", PNG))["id"]
    before = await scene.checksum()
    answers = []
    for number in (staged, 999_999):
        wish = {"title": "Mine", "attachment_ids": [number]}
        answers.append(await scene.people["other"].post("/issues", json=wish))
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
    assert await scene.checksum() == before


async def test_a_hidden_issue_in_a_query_is_like_one_that_never_was(scene: Scene) -> None:
    hidden = await scene.people["own"].file(title="Hidden", severity="critical")
    for name in ("q", "reporter", "project", "severity"):
        value = {"q": hidden["key"], "reporter": scene.people["own"].id, "project": "INBOX", "severity": "critical"}[
            name
        ]
        listed = (await scene.people["other"].get("/issues", params={name: value, "count": True})).json()
        assert (listed["items"], listed["count"]) == ([], {"exact": 0})
    told = [await scene.people["other"].get("/events", params={"issue": one}) for one in (hidden["key"], "INBOX-999")]
    assert [answer.status_code for answer in told] == [404, 404]
    bodies = [{k: v for k, v in one.json().items() if k != "request_id"} for one in told]
    assert bodies[0] == bodies[1]


async def test_what_others_do_moves_nothing_in_a_reporters_answers(scene: Scene) -> None:
    await scene.people["other"].file(title="Mine")
    paths = ("/issues?count=true", "/projects", "/labels", "/users", "/insights/summary", "/issues?q=secret", "/me")
    await scene.world.settle()
    before = [await _seen(scene, path) for path in paths]
    issue = await scene.people["own"].file(title="secret words", severity="critical")
    await scene.people["maintainer"].put(f"/issues/{issue['id']}/labels", json={"label_names": ["secret label"]})
    await scene.world.settle()
    assert [await _seen(scene, path) for path in paths] == before


async def _seen(scene: Scene, path: str) -> tuple[str, str | None, str | None]:
    answer: httpx.Response = await scene.people["other"].get(path)
    assert answer.status_code == 200
    return answer.text, answer.headers.get("etag"), answer.headers.get("x-sightline-position")


@pytest.mark.parametrize(
    "field", ["id", "key", "number", "reporter_id", "created_at", "updated_at", "deleted_at", "role"]
)
async def test_a_field_that_the_server_owns_is_refused(scene: Scene, field: str) -> None:
    issue = await scene.people["own"].file()
    before = await scene.checksum()
    for caller in ("own", "admin"):
        edited = await scene.people[caller].patch(f"/issues/{issue['id']}", json={"version": 1, "title": "x", field: 1})
        filed = await scene.people[caller].post("/issues", json={"title": "x", field: 1})
        assert [(a.status_code, a.json()["errors"][0]["field"]) for a in (edited, filed)] == [(422, field)] * 2
    assert await scene.checksum() == before


async def test_only_fields_of_the_list_sort_and_filter(scene: Scene) -> None:
    await scene.people["own"].file()
    for sort in (
        "reporter.password_hash",
        "__class__",
        "id;--",
        "email",
        "-",
        "--title",
        "storage_key",
        *(f"{s},id" for s in SORTS),
    ):
        assert (await scene.people["own"].get("/issues", params={"sort": sort})).status_code == 422, sort
    for q in ("reporter.password_hash:x", "__class__:x", "password:x", "deleted_at:x", "reporter_id:1"):
        answer = await scene.people["own"].get("/issues", params={"q": q})
        assert answer.status_code == 422 or answer.json()["items"] == [], q


async def test_not_modified_and_failed_answers_carry_the_safe_headers_too(scene: Scene) -> None:
    issue = await scene.people["own"].file()
    first = await scene.people["own"].get(f"/issues/{issue['id']}")
    same = await scene.people["own"].get(f"/issues/{issue['id']}", headers={"If-None-Match": first.headers["etag"]})

    async def break_down() -> None:
        raise RuntimeError("SELECT password FROM users -- for a test")

    scene.app.router.routes.insert(0, APIRoute("/broken", break_down))
    broken = await scene.clients["anon"].get("/broken")
    scene.app.router.routes.pop(0)
    assert (same.status_code, broken.status_code, broken.json()["code"]) == (304, 500, "internal")
    for answer in (same, broken):
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["x-request-id"]
    assert "password" not in broken.text


async def test_a_person_is_known_to_reporters_by_their_own_issues_alone(scene: Scene) -> None:
    listed = (await scene.people["other"].get("/users")).json()["items"]
    assert ids(listed) == [scene.people["other"].id]
    issue = await scene.people["other"].file()
    await scene.people["maintainer"].edit(issue, assignee_id=scene.people["maintainer"].id)
    known = (await scene.people["other"].get("/users")).json()["items"]
    assert sorted(ids(known)) == sorted([scene.people["other"].id, scene.people["maintainer"].id])
    assert all("email" not in one for one in known if one["id"] != scene.people["other"].id)
