"""Test reports: JUnit XML and its dialects, NUnit 3, TRX and xUnit.net XML, and TAP."""

from sightline.extractors.reading import Reading, Unreadable
from sightline.extractors.regex import regex
from sightline.extractors.source import Source
from sightline.extractors.test_report import tap, xml

name = "test_report"
version = 1

_XML = regex(rb"<(?:[\w.-]{1,40}:)?(?:testsuites?|test-run|TestRun|assembl(?:ies|y))[\s>/]")


def accepts(media_type: str, head: bytes) -> bool:
    """Take XML whose root is that of a report, and text that has lines of TAP."""
    plain = head.replace(b"\0", b"")
    looks = _XML if media_type == "application/xml" else tap.LOOKS
    return media_type in {"application/xml", "text/plain"} and bool(looks.search(plain))


def extract(source: Source) -> Reading:
    """Give `test.total`, `.failed`, `.skipped` (numbers), `.duration` (ISO 8601) and `.first_failure` (text).

    Cases are counted one by one; failed are failures and errors together. Totals that the report states otherwise are
    told as a problem, and used when it lists no case. The first failure is its name and the first line of its message.
    """
    try:
        report = xml.read(source.content) if source.media_type == "application/xml" else tap.read(source.text)
    except Unreadable as reason:
        return Reading(problems=(f"The XML could not be read: {reason}.",))
    if report is None:
        return Reading()
    return Reading(kind="test_report", facts=tuple(report.facts(name, version)), problems=tuple(report.problems))
