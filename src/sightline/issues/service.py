"""What people do to issues: file, edit, label, trash, restore."""

from typing import Any, Final

from sqlalchemy import select

from sightline.core import clock
from sightline.core.actor import OUTSIDER, Actor, May, Role
from sightline.core.db import WriteSession
from sightline.core.errors import Forbidden, Invalid, NotFound, PreconditionRequired
from sightline.events.log import record
from sightline.issues import edits, queries, refs
from sightline.issues.beginnings import Filed, Submitted
from sightline.issues.changes import Relabelled, Restored, Trashed
from sightline.issues.models import Issue, Revision
from sightline.issues.refs import Ref
from sightline.issues.schemas import IssueEdit, IssueWish, LabelSet
from sightline.issues.workflow import Priority, Resolution, Severity, Status
from sightline.labels import service as labels
from sightline.projects import queries as projects
from sightline.projects.models import Project
from sightline.users.models import User

FOR_MAINTAINERS: Final = frozenset({"status", "priority", "assignee_id", "labels"})
OWN_FIELDS: Final = frozenset({"title", "description", "severity"})
CLOSING: Final = frozenset({"status", "resolution"})


async def file(session: WriteSession, actor: Actor, wish: IssueWish) -> Issue:
    """Make an issue; raises `Forbidden` for fields beyond the role, `Invalid` for an unknown project or person."""
    if wish.model_fields_set & FOR_MAINTAINERS and not actor.may(May.triage):
        raise Forbidden("Only maintainers may set status, priority, assignee and labels.", code="field_forbidden")
    try:
        project = await projects.get(session, wish.project)
    except NotFound as error:
        raise Invalid("project", "there is no such project") from error
    await _must_exist(session, wish.assignee_id)
    tags = await labels.named(session, actor, wish.labels) if wish.labels else []
    filed = Filed(
        project_id=project.id,
        number=await projects.next_number(session, project),
        title=wish.title,
        description_id=await _description(session, actor, wish.description),
        status=wish.status,
        resolution=Resolution.fixed if wish.status is Status.done else None,
        severity=wish.severity,
        priority=wish.priority,
        assignee_id=wish.assignee_id,
        reporter_id=actor.id or 0,
        due_on=wish.due_on,
        label_ids=sorted(label.id for label in tags),
    )
    issue = Issue()
    await record(session, actor, issue, filed)
    return issue


async def _must_exist(session: WriteSession, user_id: int | None) -> None:
    known = select(User.id).where(User.id == user_id, User.is_active)
    if user_id is not None and await session.scalar(known) is None:
        raise Invalid("assignee_id", "there is no such active person")


async def submit(session: WriteSession, project: Project, title: str, description: str) -> Issue:
    """Make an issue for somebody without an account."""
    submitted = Submitted(
        project_id=project.id,
        number=await projects.next_number(session, project),
        title=title,
        description_id=await _description(session, OUTSIDER, description),
        status=Status.open,
        resolution=None,
        severity=Severity.medium,
        priority=Priority.none,
        assignee_id=None,
        due_on=None,
        label_ids=[],
    )
    issue = Issue()
    await record(session, OUTSIDER, issue, submitted)
    return issue


async def keep_text(session: WriteSession, actor: Actor, text: str) -> int:
    """Keep a long text as a revision and return its id."""
    revision = Revision(author_id=actor.id, text=text, created_at=clock.now())
    session.add(revision)
    await session.flush()
    return revision.id


async def _description(session: WriteSession, actor: Actor, text: str) -> int | None:
    return await keep_text(session, actor, text) if text else None


async def edit(session: WriteSession, actor: Actor, ref: Ref, wish: IssueEdit, seen: int | None) -> Issue:
    """Change fields of an issue that nobody has changed since version `seen`.

    Raises `NotFound`, `Forbidden`, `PreconditionRequired` without a version, `Conflict` with
    `conflicts` for fields changed since and `bad_transition` for a move the workflow forbids.
    """
    issue = await queries.get_visible(session, actor, ref, locked=True)
    _must_be_allowed(actor, issue, wish)
    version = wish.version or seen
    if version is None:
        raise PreconditionRequired("Name the version you saw, in the body or with If-Match.")
    if version > issue.version:
        raise Invalid("version", "is newer than the issue")
    wanted = await _wanted(session, actor, issue, wish)
    await edits.must_not_conflict(session, actor, issue, wanted, version)
    for change in edits.between(issue, wanted):
        await record(session, actor, issue, change)
    return issue


def _must_be_allowed(actor: Actor, issue: Issue, wish: IssueEdit) -> None:
    if actor.may(May.triage):
        return
    fields = wish.model_fields_set - {"version"}
    if fields - CLOSING - OWN_FIELDS:
        raise Forbidden("Only maintainers may change this.", code="field_forbidden")
    if fields & OWN_FIELDS and issue.status != Status.open:
        raise Forbidden("The team works on this already; only maintainers may change it now.", code="not_open")
    is_own_move = wish.status in {Status.done, Status.open} or (wish.status is None and "resolution" not in fields)
    if fields & CLOSING and not (is_own_move and wish.resolution in {None, Resolution.answered}):
        raise Forbidden("You may close your issue as answered, or reopen it.", code="field_forbidden")


async def _wanted(session: WriteSession, actor: Actor, issue: Issue, wish: IssueEdit) -> edits.Wanted:
    """Translate names in the wish to ids, and new text to a revision."""
    wanted: dict[str, Any] = {name: getattr(wish, name) for name in wish.model_fields_set - {"version"}}
    if "assignee_id" in wanted and wanted["assignee_id"] != issue.assignee_id:
        await _must_exist(session, wanted["assignee_id"])
    if "description" in wanted and wanted["description"] == await queries.text_of(session, issue.description_id):
        wanted["description"] = issue.description_id
    elif "description" in wanted:
        wanted["description"] = await _description(session, actor, wanted["description"])
    if "project" in wanted:
        wanted["project"] = await _destination(session, issue, wanted["project"])
    if wanted.get("duplicate_of") is not None:
        wanted["duplicate_of"] = await _original(session, actor, issue, wanted["duplicate_of"])
    if wanted.get("status") is Status.done and "resolution" not in wanted and issue.status != Status.done:
        wanted["resolution"] = Resolution.answered if actor.role is Role.reporter else _default(wanted)
    return wanted


def _default(wanted: dict[str, Any]) -> Resolution:
    return Resolution.duplicate if wanted.get("duplicate_of") else Resolution.fixed


async def _destination(session: WriteSession, issue: Issue, key: str) -> edits.Destination:
    try:
        project = await projects.get(session, key)
    except NotFound as error:
        raise Invalid("project", "there is no such project") from error
    if project.id == issue.project_id:
        return edits.Destination(project.id, issue.number, is_first_visit=False)
    known = await queries.number_in(session, issue, project.id)
    if known is not None:
        return edits.Destination(project.id, known, is_first_visit=False)
    return edits.Destination(project.id, await projects.next_number(session, project), is_first_visit=True)


async def _original(session: WriteSession, actor: Actor, issue: Issue, text: str) -> int:
    try:
        original = await queries.get_visible(session, actor, refs.parse(text))
    except NotFound as error:
        raise Invalid("duplicate_of", "there is no such issue") from error
    if original.id == issue.id:
        raise Invalid("duplicate_of", "an issue is not its own duplicate")
    return original.id


async def relabel(session: WriteSession, actor: Actor, ref: Ref, wish: LabelSet) -> Issue:
    """Replace the labels of an issue as one set."""
    issue = await queries.get_visible(session, actor, ref, locked=True)
    actor.must(May.triage)
    after = sorted(label.id for label in await labels.named(session, actor, wish.label_names))
    if after != issue.label_ids:
        await record(session, actor, issue, Relabelled(before=issue.label_ids, after=after))
    return issue


async def trash(session: WriteSession, actor: Actor, ref: Ref) -> None:
    """Put an issue into the trash."""
    issue = await queries.get_visible(session, actor, ref, locked=True)
    actor.must(May.delete_issues)
    await record(session, actor, issue, Trashed())


async def restore(session: WriteSession, actor: Actor, ref: Ref) -> Issue:
    """Bring an issue back from the trash; to those who may not, it stays missing like any hidden thing."""
    if not actor.may(May.delete_issues):
        await queries.get_visible(session, actor, ref)
        actor.must(May.delete_issues)
    issue = await queries.get_trashed(session, ref)
    await record(session, actor, issue, Restored())
    return issue
