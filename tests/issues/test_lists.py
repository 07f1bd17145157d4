"""Which issues a list shows; walking it page by page is in tests/access."""

from typing import Any

from tests.world import Person, World, ids


async def listed(person: Person, **query: Any) -> list[int]:
    answer = await person.get("/issues", params=query)
    assert answer.status_code == 200, answer.text
    return ids(answer.json()["items"])


async def test_each_filter_shows_exactly_its_issues(maintainer: Person, reporter: Person) -> None:
    await maintainer.post("/projects", json={"key": "APP", "name": "App"})
    plain = (await reporter.file(title="Umlaute: Über den Wolken"))["id"]
    rich = await maintainer.file(
        title="100% of_all", project="APP", severity="high", priority="urgent", labels=["Ui", "a b"]
    )
    worked = (await maintainer.edit(rich, status="in_progress", assignee_id=maintainer.id)).json()["id"]
    await maintainer.edit(await maintainer.file(title="Closed"), status="done")
    expected: dict[str, list[int]] = {
        "status:in_progress": [worked],
        "status:DOING": [worked],
        "status:open,in_progress": [worked, plain],
        "severity:P2": [worked],
        "priority:urgent severity:high": [worked],
        "priority:urgent severity:low": [],
        "assignee:@me": [worked],
        "assignee:none status:open": [plain],
        "assignee:mia": [worked],
        f"reporter:{reporter.id}": [plain],
        "label:ui": [worked],
        'label:"A B"': [worked],
        "project:app": [worked],
        "über wolKEN": [plain],
        '"den wolken"': [plain],
        "%": [worked],
        "of_": [worked],
        "ofXall": [],
        "APP-1": [worked],
        "app-1 status:done": [],
    }
    found = {query: await listed(maintainer, q=query) for query in expected}
    assert found == expected
    plain_filters: list[tuple[dict[str, Any], list[int]]] = [
        ({"status": ["open", "in_progress"]}, [worked, plain]),
        ({"severity": "high", "q": "status:open"}, []),
        ({"assignee": "@me"}, [worked]),
        ({"label": "ui", "project": "APP"}, [worked]),
        ({"reporter": [str(reporter.id), "mia"], "status": "open"}, [plain]),
    ]
    assert [await listed(maintainer, **query) for query, _ in plain_filters] == [found for _, found in plain_filters]


async def test_no_filter_leads_a_reporter_to_hidden_issues(reporter: Person, stranger: Person) -> None:
    hidden = await stranger.file(title="Hidden words")
    for query in (
        "Hidden",
        hidden["key"],
        str(hidden["number"]),
        f"reporter:{stranger.id}",
        "reporter:Rob",
        "status:open",
    ):
        answer = await reporter.get("/issues", params={"q": query, "count": "true"})
        assert (answer.json()["items"], answer.json()["count"]) == ([], {"exact": 0}), query


async def test_a_list_that_cannot_be_is_refused_with_the_field_and_without_the_value(reporter: Person) -> None:
    queries = ("nonsense:1", "status:nowhere", "reporter.password_hash:x", "__class__:x", "x" * 1025, "a " * 33)
    wishes = [("q", query) for query in queries]
    wishes += [
        ("status", "nowhere"),
        ("sort", "password_hash"),
        ("sort", "id;--"),
        ("sort", "--title"),
        ("count", "maybe"),
    ]
    for name, value in wishes:
        refused = await reporter.get("/issues", params={name: value})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), value
        [error] = refused.json()["errors"]
        assert error["field"] in {name, "status"}
        assert value not in refused.text


async def test_every_order_sorts_by_rank_and_not_by_letter(maintainer: Person) -> None:
    filed = [
        await maintainer.file(title=title, severity=severity, priority=priority, due_on=due)
        for title, severity, priority, due in (
            ("b", "critical", "low", None),
            ("A", "low", "urgent", "2026-12-24"),
            ("c", "high", "none", "2026-01-01"),
        )
    ]
    one, two, three = (issue["id"] for issue in filed)
    await maintainer.edit(filed[1], status="in_progress")
    expected = {
        "title": [two, one, three],
        "-title": [three, one, two],
        "severity": [two, three, one],
        "-priority": [two, one, three],
        "due_on": [three, two, one],
        "number": [one, two, three],
        "created_at": [one, two, three],
        "age": [three, two, one],
        "-updated_at": [two, three, one],
        "-status": [two, three, one],
    }
    found = {order: await listed(maintainer, sort=order) for order in expected}
    assert found == expected


async def test_a_listed_issue_is_the_issue_without_its_text(maintainer: Person) -> None:
    issue = await maintainer.file(description="Long text", labels=["ui"], assignee_id=maintainer.id)
    [row] = (await maintainer.get("/issues")).json()["items"]
    assert row == {name: issue[name] for name in issue.keys() - {"description", "description_html", "receipt"}}


async def test_a_list_says_the_position_of_the_last_event_its_reader_may_see(
    world: World, reporter: Person, stranger: Person, maintainer: Person
) -> None:
    async def position(person: Person, path: str = "/issues") -> int:
        await world.settle()
        return int((await person.get(path)).headers["x-sightline-position"])

    own = await reporter.file()
    before = await position(reporter)
    assert before == await position(maintainer) == await position(reporter, f"/issues/{own['id']}")
    hidden = await stranger.file()
    await stranger.edit(hidden, title="Again")
    assert await position(reporter) == before
    assert await position(maintainer) == await position(stranger) > before
    await maintainer.edit(own, severity="high")
    assert await position(reporter) > await position(stranger)


async def test_an_unchanged_answer_is_not_sent_again(reporter: Person, stranger: Person) -> None:
    issue = await reporter.file()
    for path in ("/issues", f"/issues/{issue['id']}", "/projects", "/me"):
        first = await reporter.get(path)
        tag = first.headers["etag"]
        for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = await reporter.get(path, headers={"If-None-Match": condition})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), (path, condition)
            assert again.headers["x-content-type-options"] == "nosniff"
        assert (await reporter.get(path, headers={"If-None-Match": '"other"'})).content == first.content
    before = (await reporter.get("/issues")).headers["etag"]
    await stranger.file()
    assert (await reporter.get("/issues")).headers["etag"] == before
    await reporter.edit(issue, title="Changed")
    assert (await reporter.get("/issues")).headers["etag"] != before


async def test_the_tag_of_one_object_says_its_version(reporter: Person) -> None:
    issue = await reporter.file()
    tag = (await reporter.get(f"/issues/{issue['id']}")).headers["etag"]
    assert tag.startswith(f'"{issue["version"]}-')
    hidden = await reporter.get("/issues/4711", headers={"If-None-Match": "*"})
    assert (hidden.status_code, "etag" in hidden.headers) == (404, False)
