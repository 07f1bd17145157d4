"""What must hold, asked of the database itself: each question answers with the rows that break it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

NEWEST = "(SELECT coalesce(max(position), 0) FROM events)"
SINGLE_VALUES = ("status", "severity", "priority")


def _read_by(reader: str) -> str:
    return f"e.position <= (SELECT position FROM reader_cursors WHERE name = '{reader}')"


AT_ANY_MOMENT = {
    "an issue has a version for each of its events": """
        SELECT i.id FROM issues i WHERE i.version <>
        (SELECT count(*) FROM events e WHERE e.subject_type = 'issue' AND e.subject_id = i.id)""",
    "versions of one subject count up by one": """
        SELECT subject_type, subject_id FROM events GROUP BY subject_type, subject_id
        HAVING count(DISTINCT version) <> count(*) OR min(version) <> 1 OR max(version) <> count(*)""",
    "an issue counts its files": """
        SELECT i.id FROM issues i WHERE i.attachments_count <>
        (SELECT count(*) FROM attachments a WHERE a.issue_id = i.id AND a.discarded_at IS NULL)""",
    "an issue counts its comments": """
        SELECT i.id FROM issues i WHERE i.comments_count <>
        (SELECT count(*) FROM comments c WHERE c.issue_id = i.id AND NOT c.is_internal)""",
    "a file has one current fact of a name": """
        SELECT attachment_id, name FROM facts WHERE attachment_id IS NOT NULL
        GROUP BY attachment_id, name HAVING count(*) > 1""",
    "a file that was read has one event that says so": """
        SELECT a.id FROM attachments a WHERE a.extraction <> 'queued' AND 1 <>
        (SELECT count(*) FROM events e WHERE e.subject_type = 'attachment' AND e.subject_id = a.id
         AND e.kind = 'attachment.extracted')""",
    "last positions are as far as their cursor": f"""
        SELECT i.id, i.last_position FROM issues i WHERE i.last_position <>
        (SELECT coalesce(max(e.position), 0) FROM events e
         WHERE e.issue_id = i.id AND NOT e.is_for_team AND {_read_by("positions")})""",
    "counted issues are as far as their cursor": f"""
        SELECT e.subject_id FROM events e WHERE e.kind IN ('issue.filed', 'issue.submitted') AND ({_read_by("insights")}) <>
        (EXISTS (SELECT 1 FROM counted_issues c WHERE c.issue_id = e.subject_id))""",
    "counts are those of the counted issues": """
        SELECT n.reporter_id, n.status, n.severity, n.number FROM issue_counts n WHERE n.number <>
        (SELECT count(*) FROM counted_issues c WHERE c.status = n.status AND c.severity = n.severity
         AND c.reporter_id = n.reporter_id AND NOT c.is_trashed)""",
    "spans of severity are as far as their cursor": f"""
        SELECT i.id FROM issues i WHERE
        (SELECT count(*) FROM spans s WHERE s.issue_id = i.id AND s.field = 'severity') <>
        (SELECT count(*) FROM events e WHERE e.subject_type = 'issue' AND e.subject_id = i.id
         AND e.kind IN ('issue.filed', 'issue.submitted', 'issue.severity_changed') AND {_read_by("spans")})""",
}
AT_REST = {
    "positions have no gap and no repeat": """
        SELECT n FROM
        (SELECT count(*) AS n, count(DISTINCT position) AS d, coalesce(max(position), 0) AS m FROM events) c
        WHERE n <> d OR n <> m""",
    "every reader has read to the end": f"SELECT name FROM reader_cursors WHERE position <> {NEWEST}",
    "an issue knows the position of its last event": """
        SELECT i.id FROM issues i WHERE i.last_position <>
        (SELECT max(e.position) FROM events e WHERE e.issue_id = i.id AND NOT e.is_for_team)""",
    "counts are those of the issues": """
        SELECT c.status, c.severity, c.number FROM issue_counts c WHERE c.number <>
        (SELECT count(*) FROM issues i WHERE i.status = c.status AND i.severity = c.severity
         AND coalesce(i.reporter_id, 0) = c.reporter_id AND i.deleted_at IS NULL)""",
    "every issue is counted": """
        SELECT i.id FROM issues i WHERE i.deleted_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM issue_counts c WHERE i.status = c.status AND i.severity = c.severity
         AND coalesce(i.reporter_id, 0) = c.reporter_id)""",
    **{
        f"one span of {field} is open and holds today's value": f"""
        SELECT i.id FROM issues i WHERE
        (SELECT count(*) FROM spans s WHERE s.issue_id = i.id AND s.field = '{field}' AND s.to_at IS NULL) <> 1
        OR i.{field} <> (SELECT min(s.value) FROM spans s
                         WHERE s.issue_id = i.id AND s.field = '{field}' AND s.to_at IS NULL)"""
        for field in SINGLE_VALUES
    },
}


async def broken(database_url: str, questions: dict[str, str]) -> dict[str, list[str]]:
    """Return {what should hold: the rows that break it}, empty for a sound database; nobody may be serving it."""
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = {name: await _rows(connection, query) for name, query in questions.items()}
        if engine.dialect.name == "sqlite":
            found["the file is whole"] = [
                r for r in await _rows(connection, "PRAGMA integrity_check") if r != "('ok',)"
            ]
            found["references lead somewhere"] = await _rows(connection, "PRAGMA foreign_key_check")
    await engine.dispose()
    return {name: rows[:5] for name, rows in found.items() if rows}


async def _rows(connection: AsyncConnection, query: str) -> list[str]:
    return [str(tuple(row)) for row in (await connection.execute(text(query))).all()]
