"""Repeats at the door: issues that hold the same file, the same crash or the same invoice."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import aliased

from sightline.attachments.models import Attachment
from sightline.core.actor import Actor
from sightline.core.db import ReadSession
from sightline.facts.models import Fact
from sightline.issues import queries as issues
from sightline.issues.models import Issue
from sightline.search.schemas import Reason, ReasonKind

AT_MOST: Final = 20
FINGERPRINT, NUMBER = "crash.fingerprint", "invoice.number"
SUPPLIERS: Final = ("invoice.supplier", "invoice.supplier_vat")
SCORES: Final = {ReasonKind.checksum: 1.0, ReasonKind.fingerprint: 0.95, ReasonKind.invoice: 0.9}
_Given = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Repeat:
    """An issue like what is at hand, and why, best reason first."""

    issue: Issue
    reasons: list[Reason]


async def find(
    session: ReadSession, actor: Actor, files: Sequence[Attachment], besides: int | None = None
) -> list[Repeat]:
    """Find the issues `actor` may see that are like these files, best first; `besides` is an issue to leave out.

    Five queries, whatever the number of files and issues.
    """
    given = await _facts_of(session, [file.id for file in files])
    seen = [
        *await _same_bytes(session, actor, files, besides),
        *await _same_crash(session, actor, given, besides),
        *await _same_invoice(session, actor, given, besides),
    ]
    reasons: dict[int, list[Reason]] = {}
    for issue_id, reason in seen:
        if reason.kind not in {known.kind for known in reasons.setdefault(issue_id, [])}:
            reasons[issue_id].append(reason)
    found = await session.scalars(select(Issue).where(Issue.id.in_(reasons)))
    repeats = [Repeat(issue, reasons[issue.id]) for issue in found]
    return sorted(repeats, key=lambda one: (-one.reasons[0].score, -one.issue.id))[:AT_MOST]


async def _facts_of(session: ReadSession, ids: Collection[int]) -> list[_Given]:
    wanted = (FINGERPRINT, NUMBER, "crash.type", *SUPPLIERS)
    own = select(Fact).where(Fact.attachment_id.in_(ids), Fact.name.in_(wanted), Fact.value.is_not(None))
    facts = (await session.scalars(own.order_by(Fact.attachment_id))).all()
    return [{fact.name: fact for fact in of_file} for _, of_file in groupby(facts, lambda fact: fact.attachment_id)]


def _visible(actor: Actor, columns: Iterable[Any], besides: int | None) -> Select[Any]:
    """Select from files that hang on issues the actor may see, newest first."""
    query = select(Attachment.issue_id, *columns).join(Issue, Issue.id == Attachment.issue_id)
    query = query.where(issues.visible(actor), Attachment.discarded_at.is_(None))
    return (query if besides is None else query.where(Issue.id != besides)).order_by(Issue.id.desc())


async def _same_bytes(
    session: ReadSession, actor: Actor, files: Sequence[Attachment], besides: int | None
) -> Iterator[tuple[int, Reason]]:
    same = Attachment.sha256.in_({file.sha256 for file in files})
    query = _visible(actor, [Attachment.name], besides).where(same)
    found = (await session.execute(query.limit(AT_MOST))).all()
    return (
        (row.issue_id, _reason(ReasonKind.checksum, f"The same file is there already: {row.name}")) for row in found
    )


async def _same_crash(
    session: ReadSession, actor: Actor, given: list[_Given], besides: int | None
) -> Iterator[tuple[int, Reason]]:
    crashes = {one[FINGERPRINT].words: one for one in given if FINGERPRINT in one}
    same = (Fact.name == FINGERPRINT, Fact.words.in_(crashes))
    query = _visible(actor, [Fact.words], besides).join(Fact, Fact.attachment_id == Attachment.id).where(*same)
    found = (await session.execute(query.limit(AT_MOST))).all() if crashes else []

    def told(words: str) -> str:
        kind = crashes[words].get("crash.type")
        return f"The same crash: {kind.value}" if kind else "The same crash"

    return ((row.issue_id, _reason(ReasonKind.fingerprint, told(row.words))) for row in found)


async def _same_invoice(
    session: ReadSession, actor: Actor, given: list[_Given], besides: int | None
) -> Iterator[tuple[int, Reason]]:
    """Find invoices with the number and the supplier (by name or by VAT number) of one at hand."""
    invoices = [one for one in given if NUMBER in one and any(name in one for name in SUPPLIERS)]
    if not invoices:
        return iter(())
    number, supplier = aliased(Fact), aliased(Fact)
    pairs: list[ColumnElement[bool]] = [number.name == NUMBER, supplier.name.in_(SUPPLIERS)]
    query = _visible(actor, [number.words.label("number"), supplier.name, supplier.words], besides)
    query = query.join(number, number.attachment_id == Attachment.id).join(
        supplier, supplier.attachment_id == Attachment.id
    )
    query = query.where(*pairs, number.words.in_({one[NUMBER].words for one in invoices}))
    query = query.where(supplier.words.in_({one[name].words for one in invoices for name in SUPPLIERS if name in one}))
    found = (await session.execute(query.limit(AT_MOST * len(SUPPLIERS)))).all()
    return (
        (row.issue_id, _reason(ReasonKind.invoice, _billed(one))) for row in found for one in invoices if _is(one, row)
    )


def _is(invoice: _Given, row: Row[Any]) -> bool:
    supplier = invoice.get(row.name)
    return invoice[NUMBER].words == row.number and supplier is not None and supplier.words == row.words


def _billed(invoice: _Given) -> str:
    named = next(invoice[name] for name in SUPPLIERS if name in invoice)
    return f"Billed twice? Invoice {invoice[NUMBER].value} of {named.value} is there already"


def _reason(kind: ReasonKind, detail: str) -> Reason:
    return Reason(kind=kind, detail=detail, score=SCORES[kind])
