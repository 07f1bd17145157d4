"""How many lines an invoice has: the rows whose amounts add up to its net or its total."""

from dataclasses import dataclass
from decimal import Decimal

from sightline.extractors.invoice_printed.amounts import Amount
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.layout import Span
from sightline.extractors.invoice_printed.sums import Sums

_TOLERANCE = Decimal("0.01")
_ADDS_UP = 0.9


@dataclass(frozen=True, slots=True)
class Lines:
    """The number of invoice lines, the place of the first, and how sure it is."""

    count: int
    span: Span
    confidence: float


def count_items(document: Document, sums: Sums) -> Lines | None:
    """Count the rows above the sums whose last amounts stand in one column and add up to net or total."""
    wanted = {sums.chosen[name][0].value for name in ("net", "total") if name in sums.chosen}
    rows = _last_amounts(document)
    for start in range(len(rows)):
        added, edge = Decimal(0), rows[start].span.box[2]
        for count, amount in enumerate(
            (one for one in rows[start:] if abs(one.span.box[2] - edge) < 2 * one.span.size), start=1
        ):
            added += amount.value
            if count > len(rows) or (abs(added) > 4 * max(map(abs, wanted), default=Decimal(0))):
                break
            if any(abs(added - one) <= _TOLERANCE for one in wanted) and not _is_sum(amount, sums):
                return Lines(count, rows[start].row.span, _ADDS_UP)
    return None


def _is_sum(amount: Amount, sums: Sums) -> bool:
    return any(one.amount is amount for one, _ in sums.chosen.values())


def _last_amounts(document: Document) -> list[Amount]:
    """Give the rightmost amount of each row."""
    last: dict[tuple[int, int], Amount] = {}
    for amount in document.amounts[:400]:
        last[amount.row.page, amount.row.number] = amount
    return list(last.values())
