"""A receipt as its holder sees it."""

from collections.abc import Iterator, Sequence
from typing import Final

from sightline.attachments.models import Attachment, Extraction
from sightline.attachments.routes import rendered as rendered_files
from sightline.comments import queries as comments
from sightline.comments import shown as shown_comments
from sightline.comments.models import Comment
from sightline.core.actor import OUTSIDER
from sightline.core.db import ReadSession
from sightline.doors import queries
from sightline.doors.schemas import Missing, MissingKind, ReceiptFile, ReceiptOut, ReceiptProject, Reply
from sightline.issues.models import Issue
from sightline.issues.workflow import Status
from sightline.projects.models import Project

ASKED: Final = "The team wrote to you last; reply here."
UNREAD: Final = frozenset({Extraction.failed, Extraction.none})


async def receipt(session: ReadSession, issue: Issue, max_upload_bytes: int, max_files: int) -> ReceiptOut:
    """Render the issue that a token leads to."""
    project = await session.get_one(Project, issue.project_id)
    public = comments.public_of(issue).order_by(Comment.id)
    answers = await replies(session, (await session.scalars(public)).all())
    sent = await files(session, await queries.files_of(session, issue))
    return ReceiptOut(
        key=f"{project.key}-{issue.number}",
        title=issue.title,
        status=Status(issue.status),
        resolution=issue.resolution,
        project=ReceiptProject(key=project.key, name=project.name),
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        missing=list(_missing(issue, answers, sent)),
        attachments=sent,
        replies=answers,
        max_upload_bytes=max_upload_bytes,
        max_files=max_files,
    )


def _missing(issue: Issue, answers: Sequence[Reply], sent: Sequence[ReceiptFile]) -> Iterator[Missing]:
    if answers and not answers[-1].mine and issue.status != Status.done:
        yield Missing(kind=MissingKind.reply, detail=ASKED)
    for one in sent:
        if one.extraction.status in UNREAD and one.extraction.problems:
            yield Missing(kind=MissingKind.file, detail=f"{one.name}: {' '.join(one.extraction.problems)}")


async def replies(session: ReadSession, found: Sequence[Comment]) -> list[Reply]:
    """Render comments that are not internal."""
    return [
        Reply(
            id=one.id,
            mine=one.author is None,
            author=one.author and one.author.name,
            body=one.body,
            body_html=one.body_html,
            created_at=one.created_at,
        )
        for one in await shown_comments.rendered(session, found)
    ]


async def files(session: ReadSession, found: Sequence[Attachment]) -> list[ReceiptFile]:
    """Render files that came without an account."""
    return [
        ReceiptFile(**one.model_dump(include=set(ReceiptFile.model_fields)))
        for one in await rendered_files(session, OUTSIDER, found)
    ]
