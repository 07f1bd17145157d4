"""No tracked row changes without an event, whichever way the statement takes."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete, insert, inspect, text, update
from sqlalchemy.exc import SQLAlchemyError

from sightline.core.actor import SYSTEM, Role
from sightline.core.db import WriteSession
from sightline.events import guard
from sightline.events.guard import Unrecorded
from sightline.events.log import record, record_many
from sightline.issues.changes import Relabelled, Retitled
from sightline.issues.models import Issue, IssueKey, IssueLabel
from sightline.labels.changes import Created
from sightline.labels.models import Label
from sightline.users.changes import Registered
from sightline.users.models import User
from tests.world import Person, World

Act = Callable[[WriteSession, Issue], Awaitable[Any]]


async def _edited(_session: WriteSession, issue: Issue) -> None:
    issue.title = "Without an event"


async def _deleted(session: WriteSession, issue: Issue) -> None:
    await session.delete(issue)


async def _relabelled(_session: WriteSession, issue: Issue) -> None:
    issue.label_links = []


async def _added(session: WriteSession, _issue: Issue) -> None:
    session.add(User(name="Nobody", role=Role.admin, is_active=True))


async def _edited_beside_a_recorded_one(session: WriteSession, issue: Issue) -> None:
    issue.title = "Without an event"
    await record(session, SYSTEM, Label(), _label("beside"))


async def _edited_with_another(session: WriteSession, issue: Issue) -> None:
    other = await session.get_one(Issue, issue.id + 1)
    other.title = "Without an event"
    await record(session, SYSTEM, issue, Retitled(before=issue.title, after="With an event"))


async def _added_with_another(session: WriteSession, _issue: Issue) -> None:
    session.add(Label(name="b", name_key="b", colour="#000000", description="", created_at=_issue.created_at))
    await record(session, SYSTEM, Label(), _label("a"))


async def _relabelled_with_another(session: WriteSession, issue: Issue) -> None:
    other = await session.get_one(Issue, issue.id + 1)
    issue.label_links = []
    await record(session, SYSTEM, other, Retitled(before=other.title, after="With an event"))


async def _keyed_with_another(session: WriteSession, issue: Issue) -> None:
    session.add(IssueKey(project_id=issue.project_id, number=99, issue_id=issue.id))
    await record(session, SYSTEM, issue, Retitled(before=issue.title, after="With an event"))


async def _recorded_after_an_edit(session: WriteSession, issue: Issue) -> None:
    with session.no_autoflush:
        issue.title = "Without an event"
        await record(session, SYSTEM, issue, Retitled(before="", after="With an event"))


async def _recorded_after_relabelling(session: WriteSession, issue: Issue) -> None:
    with session.no_autoflush:
        issue.label_links = []
        await record(session, SYSTEM, issue, Retitled(before="", after="With an event"))


async def _recorded_many_after_an_edit(session: WriteSession, issue: Issue) -> None:
    with session.no_autoflush:
        issue.title = "Without an event"
        await record_many(session, SYSTEM, [(issue, Relabelled(before=issue.label_ids, after=[]))])


async def _updated_by_core(session: WriteSession, issue: Issue) -> None:
    await session.execute(update(Issue).where(Issue.id == issue.id).values(title="Without an event"))


async def _deleted_by_core(session: WriteSession, issue: Issue) -> None:
    await session.execute(delete(IssueLabel).where(IssueLabel.issue_id == issue.id))


async def _inserted_in_bulk(session: WriteSession, issue: Issue) -> None:
    more = {"colour": "#000000", "description": "", "created_at": issue.created_at, "version": 1}
    await session.execute(insert(Label), [{"name": n, "name_key": n} | more for n in ("a", "b")])


async def _updated_in_bulk(session: WriteSession, issue: Issue) -> None:
    await session.execute(update(Issue), [{"id": issue.id, "version": issue.version, "title": "Without an event"}])


ACTS: list[Act] = [
    _edited,
    _deleted,
    _relabelled,
    _added,
    _edited_beside_a_recorded_one,
    _edited_with_another,
    _added_with_another,
    _relabelled_with_another,
    _keyed_with_another,
    _recorded_after_an_edit,
    _recorded_after_relabelling,
    _recorded_many_after_an_edit,
    _updated_by_core,
    _deleted_by_core,
    _inserted_in_bulk,
    _updated_in_bulk,
]


def _label(name: str) -> Created:
    return Created(name=name, colour="#000000", description="")


async def test_no_act_of_a_session_changes_a_tracked_row_without_an_event(world: World, maintainer: Person) -> None:
    first = await maintainer.file(labels=["ui"])
    await maintainer.file(title="Another")
    shown = (await maintainer.get(f"/issues/{first['id']}")).json()
    accepted = [act.__name__ for act in ACTS if not await _is_refused(world, first["id"], act)]
    assert accepted == []
    assert (await maintainer.get(f"/issues/{first['id']}")).json() == shown


async def _is_refused(world: World, issue_id: int, act: Act) -> bool:
    try:
        async with world.house.database.writing() as session:
            await act(session, await session.get_one(Issue, issue_id))
    except Unrecorded:
        return True
    return False


RAW = [
    "UPDATE {table} SET {column} = {column}",
    'update "{table}" set "{column}" = {column}',
    "UPDATE\n\t{schema}.{table} AS x SET {column} = {column} WHERE x.id > 0",
    'UPDATE "{schema}"."{table}" SET {column} = {column}',
    "UPDATE {table} SET ({column}, id) = ({column}, id)",
    "UPDATE /* why */ {table} SET {column} = {column}",
    "WITH one AS (SELECT 1) UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "DELETE FROM {schema}.{table} WHERE id = 1",
    "INSERT INTO {table} ({column}) VALUES (NULL)",
    "insert into {table} ({column}) select {column} from {table}",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO {table} ({column}) VALUES (NULL)",
    "REPLACE INTO {table} ({column}) VALUES (NULL)",
    "UPDATE OR IGNORE {table} SET {column} = {column}",
    "UPDATE [{table}] SET {column} = {column}",
    "UPDATE `{table}` SET `{column}` = {column}",
]
ON_POSTGRES = [
    "UPDATE ONLY {table} SET {column} = {column}",
    "DELETE FROM ONLY {table}",
    "TRUNCATE {table} CASCADE",
    "TRUNCATE TABLE {table} CASCADE",
    "MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
]


async def test_no_raw_statement_changes_a_tracked_table_without_an_event(world: World) -> None:
    is_sqlite = world.house.database.is_sqlite
    schema = "main" if is_sqlite else "public"
    accepted = []
    for table, column in _watched():
        for pattern in RAW + (ON_SQLITE if is_sqlite else ON_POSTGRES):
            statement = pattern.format(schema=schema, table=table, column=column)
            if not await _is_raw_refused(world, statement):
                accepted.append(statement)
    assert accepted == []


def _watched() -> list[tuple[str, str]]:
    found = []
    for model in guard.tracked_models():
        columns = {c.key for c in inspect(model).column_attrs} - model.untracked - {"id"}
        found += [(model.__tablename__, column) for column in [*sorted(columns)[:1], "version"]]
        found += [(part, "issue_id") for part in model.parts]
    return found


async def _is_raw_refused(world: World, statement: str) -> bool:
    try:
        async with world.house.database.writing() as session:
            await session.execute(text(statement))
    except Unrecorded:
        return True
    except SQLAlchemyError:
        return False
    return False


async def test_columns_that_are_not_tracked_change_freely(world: World, maintainer: Person) -> None:
    issue = await maintainer.file()
    async with world.house.database.writing() as session:
        await session.execute(update(Issue).where(Issue.id == issue["id"]).values(last_position=7))
        await session.execute(text("UPDATE projects SET last_number = last_number"))
        (await session.get_one(User, maintainer.id)).password_hash = "changed"
    async with world.house.database.reading() as session:
        assert (await session.get_one(Issue, issue["id"])).last_position == 7
        assert (await session.get_one(User, maintainer.id)).password_hash == "changed"


async def test_what_was_refused_leaves_the_next_record_alone(world: World, maintainer: Person) -> None:
    first = await maintainer.file(labels=["ui"])
    assert await _is_refused(world, first["id"], _edited)
    assert (await maintainer.edit(first, title="With an event")).status_code == 200
    async with world.house.database.writing() as session:
        await record(session, SYSTEM, User(), Registered(email="a@example.org", name="A", role=Role.reporter))
