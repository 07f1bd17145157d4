"""Net, tax and total: the amounts whose labels say so and that add up."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, product

from sightline.extractors.invoice_printed.amounts import Amount
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.sum_labels import LEAST_GUESSED, Labelled, labelled

_TOLERANCE = Decimal("0.02")
_MOST_CANDIDATES = 14
_COLUMN = 4.0  # points
_ADDS_UP, _IS_ALONE, _IS_ONE_OF_SEVERAL, _DENIED = 0.95, 0.86, 0.62, 0.65


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts of an invoice, each with its confidence; what was not found is missing."""

    chosen: dict[str, tuple[Labelled, float]]
    others: dict[str, list[Labelled]]


def find_sums(document: Document) -> Sums:
    """Choose net, tax, total and due so that they agree with each other as far as possible."""
    by_role: dict[str, list[Labelled]] = defaultdict(list)
    for one in labelled(document):
        by_role[one.role].append(one)
    totals = _totals(document, by_role)
    if not totals:
        return Sums({}, {})
    nets, taxes = (
        [*_ranked(by_role[name]), *islice(_added(by_role[name]), _MOST_CANDIDATES)] for name in ("net", "tax")
    )
    others = _Others(
        max(abs(one.value) for one in totals),
        {one.value for one in by_role["due"]},
        {abs(one.value) for one in (*by_role["aside"], *by_role["settled"])},
    )
    score, total, net, tax = max(
        (_judged(total, net, tax, others) for total, net, tax in product(totals, [*nets, None], [*taxes, None])),
        key=lambda one: one[0],
    )
    is_denied = net is not None and tax is not None and score < _FITS
    is_rest = total.role == "due" and score < _FITS and any(one.value < 0 for one in document.amounts)
    sure = min(_confidence(score, total, totals), _DENIED if is_denied or is_rest else 1.0)
    chosen: dict[str, tuple[Labelled, float]] = {"total": (total, sure)}
    for name, part in (("net", net), ("tax", tax)):
        if part is not None:
            chosen[name] = (part, _ADDS_UP if score >= _FITS else _DENIED)
    due = _ranked(by_role["due"])
    if due:
        chosen["due"] = (due[0], 0.9 if due[0].score > 0.9 and len({one.value for one in due}) == 1 else 0.7)  # noqa: PLR2004 - understood wholly
    return Sums(chosen, {"total": [one for one in totals if one.value != total.value]})


_FITS = 10.0
_NEARLY = 9.0
_NET_ONLY = 0.8
_BESIDE = 0.9  # labels above an amount score less


def _totals(document: Document, by_role: dict[str, list[Labelled]]) -> list[Labelled]:
    """Give what may be the total; what was paid, or a label half understood, only where nothing says more."""
    stated = [*by_role["total"], *by_role["due"]]
    fitting = list(_fitting(document, by_role))
    if any(one.value for one in stated):
        # What is left to pay is not the total where another amount is what net and tax come to.
        stated += [] if by_role["total"] else fitting
        largest = max((abs(one.value) for one in stated if one.role == "total" and one.score >= _BESIDE), default=0)
        return _ranked([one for one in stated if one.score >= _BESIDE or abs(one.value) >= largest])
    guessed = (one for one in labelled(document, LEAST_GUESSED) if one.role in {"total", "due"})
    nets = (replace(one, role="total", score=_NET_ONLY * one.score) for one in by_role["net"] if not by_role["tax"])
    paid = (one for one in by_role["settled"] if one.value > 0)
    return _ranked([*stated, *paid]) or _ranked(fitting) or _ranked(list(guessed)) or _ranked(list(nets))


def _fitting(document: Document, by_role: dict[str, list[Labelled]]) -> Iterator[Labelled]:
    """Give the amounts that are the sum of a net and a tax, whatever stands beside them."""
    nets, taxes = _ranked(by_role["net"]), _ranked(by_role["tax"])
    sums = {net.value + tax.value for net, tax in product(nets, taxes) if tax.value}
    return (Labelled(one, "total", LEAST_GUESSED) for one in document.amounts if one.value in sums)


@dataclass(frozen=True, slots=True)
class _Others:
    """What a total is judged beside: the largest one, what is due, and what is added or taken off after the tax."""

    largest: Decimal
    due: set[Decimal]
    asides: set[Decimal]


def _judged(
    total: Labelled, net: Labelled | None, tax: Labelled | None, others: _Others
) -> tuple[float, Labelled, Labelled | None, Labelled | None]:
    fit = _fit(total.value, net, tax, others.asides)
    is_due = total.role == "total" and total.value in others.due and fit > _NEARLY
    score = total.score + 0.3 * (net.score if net else 0) + 0.3 * (tax.score if tax else 0)
    score += 0.15 * (total.role == "total") + 0.3 * (abs(total.value) == others.largest) + 0.4 * is_due + fit
    if net is not None and abs(net.value) > abs(total.value):
        score -= 1.0
    if tax is not None and abs(tax.value) > abs(total.value) / 2:
        score -= 1.0
    return score, total, net, tax


def _fit(total: Decimal, net: Labelled | None, tax: Labelled | None, asides: set[Decimal]) -> float:
    if net is None:
        return 0.0
    rest = total - net.value - (tax.value if tax else 0)
    if tax is not None and abs(rest) < _TOLERANCE:
        return _FITS + (0.2 if tax.value else 0.0)
    if tax is None and not rest:
        return 0.2
    if abs(rest) in asides:
        return _FITS - 0.5 if tax is not None else 0.2
    return -0.2


def _confidence(score: float, total: Labelled, totals: Sequence[Labelled]) -> float:
    if total.score < _BESIDE and any(one.score >= _BESIDE and one.value > total.value for one in totals):
        return _DENIED
    if score >= _FITS:
        return _ADDS_UP
    values = {one.value for one in totals if one.score > 0.8 and one.role == total.role}  # noqa: PLR2004 - well understood
    return _IS_ALONE * total.score if len(values) <= 1 else _IS_ONE_OF_SEVERAL


def _ranked(found: Sequence[Labelled]) -> list[Labelled]:
    """Give the best ones, equal amounts once, the later of equally good ones first."""
    if not found:
        return []
    largest = max(abs(one.value) for one in found)
    order = {
        id(one): one.score + 0.1 * at / len(found) + 0.12 * (abs(one.value) == largest) for at, one in enumerate(found)
    }
    best: dict[tuple[Decimal, str], Labelled] = {}
    for one in sorted(found, key=lambda one: -order[id(one)]):
        best.setdefault((one.value, one.role), one)
    return list(best.values())[:_MOST_CANDIDATES]


def _added(found: Sequence[Labelled]) -> Iterator[Labelled]:
    """Add up the nets or taxes of several rates: those in one column, and all different ones."""
    distinct: dict[Decimal, Labelled] = {}
    columns: dict[int, list[Labelled]] = defaultdict(list)
    for one in found:
        distinct.setdefault(one.value, one)
        columns[round(one.amount.span.box[2] / _COLUMN)].append(one)
    several = {tuple(one.value for one in parts): parts for parts in (list(distinct.values()), *columns.values())}
    for parts in several.values():
        if 2 <= len(parts) <= 6:  # noqa: PLR2004 - a document has a few rates
            first = parts[0].amount
            total = sum((one.value for one in parts), Decimal(0))
            joined = Amount(total, first.currency, first.span, first.row, first.has_cents)
            yield Labelled(joined, parts[0].role, min(one.score for one in parts) - 0.1, len(parts))
