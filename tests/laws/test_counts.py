"""Every count is the number of issues that its link lists, for everybody who looks."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from sightline.core.actor import Role
from sightline.issues.models import Issue
from sightline.readers.insights.models import IssueCount
from tests.laws.wandering import wander
from tests.world import Person, World


async def test_after_a_random_walk_all_counts_are_those_of_the_issues(world: World) -> None:
    people = await wander(world, seed=7, steps=60)
    await _must_keep_exactly(world)
    for name in ("Mia", "Rae", "Rob"):
        await _must_show(world, people[name])


async def _must_show(world: World, person: Person) -> None:
    summary = (await person.get("/insights/summary")).json()
    standings = await _standings(world, person)
    assert summary["total"] == standings.total()
    for field, side in (("status", 0), ("severity", 1)):
        shown = {cell["value"]: cell["count"] for cell in summary["by"][field]}
        assert shown == {value: sum(n for key, n in standings.items() if key[side] == value) for value in shown}
    cells = {(cell["status"], cell["severity"]): cell["count"] for cell in summary["status_by_severity"]}
    assert cells == {key: standings[key] for key in cells}
    await _must_list_what_they_count(person, summary)


async def _must_keep_exactly(world: World) -> None:
    async with world.house.database.reading() as session:
        kept = Counter(
            {(c.reporter_id, c.status, c.severity): c.number for c in await session.scalars(select(IssueCount))}
        )
        issues = await session.scalars(select(Issue).where(Issue.deleted_at.is_(None)))
        true = Counter((issue.reporter_id or 0, issue.status, issue.severity) for issue in issues)
    assert min(kept.values()) >= 0
    assert +kept == true


async def _standings(world: World, person: Person) -> Counter[tuple[str, str]]:
    query = select(Issue).where(Issue.deleted_at.is_(None))
    if person.user.role == Role.reporter:
        query = query.where(Issue.reporter_id == person.id)
    async with world.house.database.reading() as session:
        return Counter((issue.status, issue.severity) for issue in await session.scalars(query))


async def _must_list_what_they_count(person: Person, summary: dict[str, Any]) -> None:
    cells = [*summary["by"]["status"], *summary["by"]["severity"], *summary["status_by_severity"]]
    for cell in cells:
        listed = (await person.get("/issues", params={"q": cell["q"], "count": True, "limit": 100})).json()
        assert listed["count"] == {"exact": cell["count"]}, cell
        assert len(listed["items"]) == min(cell["count"], 100)
