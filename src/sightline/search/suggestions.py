"""What files propose for the issue they are to be filed with; each proposal says why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from sightline.attachments import queries as attachments
from sightline.attachments.models import Attachment
from sightline.attachments.names import as_title
from sightline.core.actor import Actor, May
from sightline.core.db import ReadSession
from sightline.facts.models import Fact
from sightline.issues.workflow import Severity
from sightline.search import rules
from sightline.search.schemas import SeveritySuggestion, Suggestion, Suggestions

LONGEST_TITLE: Final = 200
# The label for each kind of file, in the order in which kinds speak for several files.
LABELS: Final = {
    "crash": "crash",
    "invoice": "invoice",
    "test_report": "tests",
    "scan_report": "code scan",
    "network": "network",
    "log": "log",
    "mail": "mail",
    "table": "data",
    "image": "screenshot",
    "document": "document",
    "archive": "archive",
}
_ORDER: Final = tuple(LABELS)


@dataclass(frozen=True, slots=True)
class _File:
    """One file and the facts read from it, as text."""

    name: str
    kind: str | None
    facts: Mapping[str, str]

    def told(self, pattern: str) -> str:
        """Fill facts into a pattern; empty when one of them is missing."""
        try:
            return pattern.format_map({name.replace(".", "_"): value for name, value in self.facts.items()})
        except KeyError:
            return ""


# For each kind the patterns of its title, the fullest first; a fact is named with `_` for its dot.
_TITLES: Final = {
    "crash": ("{crash_type}: {crash_message}", "{crash_type} in {crash_own_frame}", "{crash_type}"),
    "invoice": (
        "Invoice {invoice_number} from {invoice_supplier}, {invoice_total}",
        "Invoice {invoice_number} from {invoice_supplier}",
        "Invoice {invoice_number}, {invoice_total}",
        "Invoice {invoice_number}",
        "Invoice from {invoice_supplier}",
    ),
    "test_report": ("{test_failed} of {test_total} tests fail: {test_first_failure}",),
    "scan_report": ("{scan_tool}: {scan_errors} errors, first {scan_first_rule}",),
    "network": ("{http_first_error}",),
    "log": ("{log_top_error}",),
    "mail": ("{mail_subject}",),
    "document": ("{document_title}",),
}


async def propose(session: ReadSession, actor: Actor, files: Sequence[Attachment]) -> Suggestions:
    """Propose title, severity, project and labels for files that are filed together; labels to those who may set them.

    What is inside the files counts for the project alone. A few queries, whatever the number of files and rules.
    """
    everything = [*files, *await attachments.inside(session, *files)]
    own = select(Fact).where(Fact.attachment_id.in_([file.id for file in everything]), Fact.value.is_not(None))
    facts = (await session.scalars(own.order_by(Fact.id))).all()
    known = sorted(_known(files, facts), key=lambda file: _rank(file.kind))
    return Suggestions(
        title=next(_titles(known), None),
        severity=next(filter(None, map(_severity, known)), None),
        project=await rules.propose(session, actor, everything, facts),
        labels=list(_labels(known)) if actor.may(May.triage) else [],
    )


def _known(files: Sequence[Attachment], facts: Sequence[Fact]) -> Iterator[_File]:
    told: dict[int | None, dict[str, str]] = {}
    for fact in facts:
        told.setdefault(fact.attachment_id, {})[fact.name] = _told(fact.value)
    for file in files:
        yield _File(file.name or "", file.kind, told.get(file.id, {}))


def _told(value: Any) -> str:
    said = f"{value['amount']} {value['currency'] or ''}" if isinstance(value, dict) else str(value)
    return " ".join(said.split())


def _rank(kind: str | None) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _titles(files: Sequence[_File]) -> Iterator[Suggestion]:
    for file in files:
        for read in filter(None, map(file.told, _TITLES.get(file.kind or "", ()))):
            yield Suggestion(value=read[:LONGEST_TITLE], why=f"Read in {file.name}")
    for file in files:
        yield Suggestion(value=as_title(file.name)[:LONGEST_TITLE], why="The name of the file")


def _severity(file: _File) -> SeveritySuggestion | None:
    if "crash.own_frame" in file.facts:
        return SeveritySuggestion(value=Severity.high, why="A crash in own code")
    if _many(file, "test.failed"):
        return SeveritySuggestion(value=Severity.high, why=f"Tests fail: {file.facts['test.failed']}")
    if _many(file, "scan.errors"):
        return SeveritySuggestion(value=Severity.high, why=f"The scan found errors: {file.facts['scan.errors']}")
    return None


def _many(file: _File, name: str) -> bool:
    return file.facts.get(name, "0") != "0"


def _labels(files: Sequence[_File]) -> Iterator[Suggestion]:
    for kind in dict.fromkeys(file.kind for file in files if file.kind in LABELS):
        named = next(file.name for file in files if file.kind == kind)
        yield Suggestion(value=LABELS[kind or ""], why=f"The kind of {named}")
