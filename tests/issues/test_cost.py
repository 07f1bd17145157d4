"""What an answer costs does not grow with the number of issues."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import event

from tests.world import Person, World


@contextlib.contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """Collect the SQL statements that requests run meanwhile; readers and worker have other names for theirs."""
    ran: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "issues.title" in statement or " users" in statement or " labels" in statement or " projects" in statement:
            ran.append(statement)

    engine = world.house.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_lists_and_single_issues_cost_the_same_with_five_and_with_fifty(
    world: World, maintainer: Person, reporter: Person
) -> None:
    paths = ("/issues?limit=100&count=true", "/issues/INBOX-1", "/issues/INBOX-1/events", "/projects", "/labels")
    costs = []
    for more in (5, 45):
        for n in range(more):
            person = (maintainer, reporter)[n % 2]
            issue = await person.file(title=f"Issue {n}")
            await maintainer.put(f"/issues/{issue['id']}/labels", json={"label_names": [f"l{n % 7}", f"m{n % 5}"]})
        await world.settle()
        for path in paths:
            with statements(world) as ran:
                assert (await maintainer.get(path)).status_code == 200
            costs.append((path, len(ran)))
    assert costs[: len(paths)] == costs[len(paths) :]
    assert all(0 < count < 12 for _, count in costs)
