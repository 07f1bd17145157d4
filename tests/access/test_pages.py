"""Pages of lists: every order can be walked to its end, and nothing but its own cursors leads on."""

import pytest

from sightline.issues.listing import SORTS
from tests.world import Person, ids

TITLES = ("b", "A", "c", "B", "a", "ä", "'", "%")


async def test_every_order_of_issues_is_walked_without_a_repeat_or_a_loss(maintainer: Person) -> None:
    levels = ("none", "urgent", "low")
    for n, title in enumerate(TITLES):
        due = {"due_on": f"2027-01-{1 + n % 3:02}"} if n % 2 else {}
        await maintainer.file(title=title, priority=levels[n % 3], severity=("low", "critical")[n % 2], **due)
    for sort in [*SORTS, *(f"-{name}" for name in SORTS)]:
        whole = (await maintainer.get("/issues", params={"sort": sort})).json()
        assert whole["next_cursor"] is None
        walked = await _walk(maintainer, "/issues", {"sort": sort, "limit": 3})
        assert walked == ids(whole["items"]), sort
        assert len(set(walked)) == len(TITLES)


async def test_what_arrives_during_a_walk_moves_no_issue_off_its_pages(maintainer: Person) -> None:
    first = [(await maintainer.file())["id"] for _ in range(5)]
    walked = await _walk(maintainer, "/issues", {"sort": "-created_at", "limit": 2}, busy=True)
    assert walked == sorted(first, reverse=True)


async def test_limits_and_cursors_from_elsewhere_are_refused(maintainer: Person) -> None:
    for _ in range(3):
        await maintainer.file(labels=["a", "b"])
    foreign = (await maintainer.get("/labels", params={"limit": 1})).json()["next_cursor"]
    other_order = (await maintainer.get("/issues", params={"limit": 1, "sort": "title"})).json()["next_cursor"]
    wishes = [{"limit": n} for n in ("0", "101", "-1", "1e2", "", "9" * 30)]
    wishes += [{"cursor": c} for c in (foreign, other_order, "x", "e30", "W10", "bnVsbA", "é", "\x00", "A" * 1025)]
    for wish in wishes:
        answer = await maintainer.get("/issues", params=wish)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), wish


@pytest.mark.parametrize("path", ["/projects", "/labels", "/users"])
async def test_other_lists_are_walked_to_their_end(path: str, admin: Person) -> None:
    for n in range(5):
        await admin.post("/projects", json={"key": f"P{n}", "name": "A project"})
        await admin.post("/labels", json={"name": f"label {n}"})
        await admin.world.person(f"Person{n}")
    whole = (await admin.get(path)).json()["items"]
    seen: list[dict[str, object]] = []
    cursor = None
    while cursor or not seen:
        page = (await admin.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert seen == whole


async def _walk(person: Person, path: str, wish: dict[str, object], *, busy: bool = False) -> list[int]:
    seen: list[int] = []
    cursor = None
    while cursor or not seen:
        answer = await person.get(path, params=wish | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        seen += ids(answer.json()["items"])
        cursor = answer.json()["next_cursor"]
        if busy:
            await person.file(title="Meanwhile")
    return seen
