"""Labels are a set, replaced as one."""

import asyncio

from tests.world import Person


async def test_the_set_is_replaced_needs_no_version_and_bumps_it(maintainer: Person) -> None:
    issue = await maintainer.file(labels=["ui", "Regression"])
    assert issue["labels"] == ["Regression", "ui"]
    path = f"/issues/{issue['key']}/labels"
    replaced = (await maintainer.put(path, json={"label_names": ["docs", "UI", " docs "]})).json()
    assert (replaced["labels"], replaced["version"]) == (["docs", "ui"], issue["version"] + 1)
    same = (await maintainer.put(path, json={"label_names": ["ui", "docs"]})).json()
    assert same == replaced
    emptied = (await maintainer.put(path, json={"label_names": []})).json()
    assert emptied["labels"] == []
    timeline = (await maintainer.get(f"/issues/{issue['key']}/events")).json()["items"]
    assert timeline[-1]["changes"] == {"labels": {"from": ["docs", "ui"], "to": []}}


async def test_of_two_sets_at_once_exactly_one_stands(maintainer: Person, admin: Person) -> None:
    issue = await maintainer.file()
    path = f"/issues/{issue['id']}/labels"
    for n in range(4):
        sets = [{f"a{n}", f"b{n}", "shared"}, {f"c{n}", f"d{n}", "shared"}]
        answers = await asyncio.gather(
            *(
                person.put(path, json={"label_names": sorted(names)})
                for person, names in zip((maintainer, admin), sets, strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        assert [set(answer.json()["labels"]) for answer in answers] == sets
        assert set((await maintainer.get(f"/issues/{issue['id']}")).json()["labels"]) in sets


async def test_a_label_made_by_two_at_once_is_one_label(maintainer: Person, admin: Person) -> None:
    issues = [await maintainer.file() for _ in range(6)]
    wishes = [["fresh", "Straße"], ["FRESH", "STRASSE"]]
    answers = await asyncio.gather(
        *(
            (maintainer, admin)[n % 2].put(f"/issues/{issue['id']}/labels", json={"label_names": wishes[n % 2]})
            for n, issue in enumerate(issues)
        )
    )
    assert [answer.status_code for answer in answers] == [200] * 6
    names = [label["name"] for label in (await maintainer.get("/labels")).json()["items"]]
    assert sorted(name.casefold() for name in names) == ["fresh", "strasse"]


async def test_reporters_know_the_labels_of_their_own_issues_alone(
    reporter: Person, stranger: Person, maintainer: Person
) -> None:
    for person, label in ((reporter, "seen"), (stranger, "unseen")):
        issue = await person.file()
        await maintainer.put(f"/issues/{issue['id']}/labels", json={"label_names": [label]})
    assert [label["name"] for label in (await reporter.get("/labels")).json()["items"]] == ["seen"]
    assert len((await maintainer.get("/labels")).json()["items"]) == 2


async def test_a_label_has_one_name_in_any_case_and_a_colour(maintainer: Person) -> None:
    made = await maintainer.post("/labels", json={"name": " Ui ", "colour": "#4466CC", "description": "What one sees"})
    assert (made.status_code, made.json()["name"], made.json()["colour"]) == (201, "Ui", "#4466cc")
    taken = await maintainer.post("/labels", json={"name": "UI"})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    for wish in ({"name": ""}, {"name": "x" * 51}, {"name": "x", "colour": "red"}, {"name": "x\ny"}, {}):
        assert (await maintainer.post("/labels", json=wish)).status_code == 422, wish
