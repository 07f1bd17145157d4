"""Net, tax and total: the amounts whose labels say so and that add up."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from sightline.extractors.invoice_printed.amounts import Amount, currency_of
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.layout import Page, Span, plain
from sightline.extractors.invoice_printed.money_words import role
from sightline.extractors.words import Word

_TOLERANCE = Decimal("0.02")
_LEAST_UNDERSTOOD = 0.6
_MOST_WORDS = 9
_MOST_CANDIDATES = 14
_HEAD_ROWS = 6
_ASIDE = re.compile(r"\([^()]*\)")
_RATE = re.compile(r"\d+(?:[.,]\d+)? ?%")
_NO_WORD = re.compile(r"[\d.,%()/:*+-]*$")
_ADDS_UP, _IS_ALONE, _IS_ONE_OF_SEVERAL, _DENIED = 0.95, 0.86, 0.62, 0.65


@dataclass(frozen=True, slots=True)
class Labelled:
    """An amount, what its label makes it, and how good the label is from 0 to 1."""

    amount: Amount
    role: str
    score: float
    is_sum_of: int = 1

    @property
    def value(self) -> Decimal:
        """The amount without its currency."""
        return self.amount.value


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts of an invoice, each with its confidence; what was not found is missing."""

    chosen: dict[str, tuple[Labelled, float]]
    others: dict[str, list[Labelled]]


def find_sums(document: Document) -> Sums:
    """Choose net, tax, total and due so that they agree with each other as far as possible."""
    by_role: dict[str, list[Labelled]] = defaultdict(list)
    for one in _labelled(document):
        by_role[one.role].append(one)
    totals = _ranked([*by_role["total"], *by_role["due"]])
    if not totals:
        return Sums({}, {})
    nets, taxes = _ranked(by_role["net"]), [*_ranked(by_role["tax"]), *_added(by_role["tax"])]
    score, total, net, tax = max(
        (
            _judged(total, net, tax, by_role["aside"])
            for total, net, tax in product(totals, [*nets, None], [*taxes, None])
        ),
        key=lambda one: one[0],
    )
    is_denied = net is not None and tax is not None and score < _FITS
    sure = min(_confidence(score, total, totals), _DENIED if is_denied else 1.0)
    chosen: dict[str, tuple[Labelled, float]] = {"total": (total, sure)}
    for name, part in (("net", net), ("tax", tax)):
        if part is not None:
            chosen[name] = (part, _ADDS_UP if score >= _FITS else _DENIED)
    due = _ranked(by_role["due"])
    if due:
        chosen["due"] = (due[0], 0.9 if due[0].score > 0.9 and len({one.value for one in due}) == 1 else 0.7)  # noqa: PLR2004 - understood wholly
    return Sums(chosen, {"total": [one for one in totals if one.value != total.value]})


_FITS = 10.0


def _judged(
    total: Labelled, net: Labelled | None, tax: Labelled | None, asides: Sequence[Labelled]
) -> tuple[float, Labelled, Labelled | None, Labelled | None]:
    score = total.score + 0.3 * (net.score if net else 0) + 0.3 * (tax.score if tax else 0)
    score += 0.15 * (total.role == "total")
    score += _fit(total.value, net, tax, asides)
    if net is not None and abs(net.value) > abs(total.value):
        score -= 1.0
    if tax is not None and abs(tax.value) > abs(total.value) / 2:
        score -= 1.0
    return score, total, net, tax


def _fit(total: Decimal, net: Labelled | None, tax: Labelled | None, asides: Sequence[Labelled]) -> float:
    if net is None:
        return 0.0
    rest = total - net.value - (tax.value if tax else 0)
    if tax is not None and abs(rest) < _TOLERANCE:
        return _FITS + (0.2 if tax.value else 0.0)
    if tax is None and not rest:
        return 0.2
    if any(abs(rest) == abs(aside.value) for aside in asides):
        return _FITS - 0.5 if tax is not None else 0.2
    return -0.2


def _confidence(score: float, total: Labelled, totals: Sequence[Labelled]) -> float:
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


def _added(taxes: Sequence[Labelled]) -> list[Labelled]:
    """Add up the taxes of several rates: those in one column, and all different ones."""
    distinct: dict[Decimal, Labelled] = {}
    for one in taxes:
        distinct.setdefault(one.value, one)
    parts = list(distinct.values())
    if not 2 <= len(parts) <= 6:  # noqa: PLR2004 - a document has a few rates
        return []
    total = sum((one.value for one in parts), Decimal(0))
    first = parts[0].amount
    joined = Amount(total, first.currency, first.span, first.row, first.has_cents)
    return [Labelled(joined, "tax", min(one.score for one in parts) - 0.1, len(parts))]


def _labelled(document: Document) -> Iterator[Labelled]:
    by_row: dict[tuple[int, int], list[Amount]] = defaultdict(list)
    for amount in document.amounts:
        by_row[amount.row.page, amount.row.number].append(amount)
    for together in by_row.values():
        page = document.page_of(together[0].row)
        found = list(_in_row(together, page))
        yield from found
        if not any(one.role == "total" and one.amount is together[-1] for one in found):
            yield from _across(together, found)


def _in_row(together: Sequence[Amount], page: Page) -> Iterator[Labelled]:
    row = together[0].row
    is_bare = not any(
        _wording(Span(row.page, (word,))) for word in row.words if _is_left_of(word.box, together[0].span)
    )
    previous = 0.0
    for amount in together:
        if _is_in_brackets(amount):
            continue
        words = tuple(word for word in row.words if previous <= word.box[0] and _is_left_of(word.box, amount.span))
        name, score = _named(words, row.page)
        previous = amount.span.box[2]
        if name is not None and score >= _LEAST_UNDERSTOOD:
            yield Labelled(amount, name, score)
            continue
        headed = _headed(amount, page, is_bare=is_bare or name == "total")
        if headed is not None:
            yield headed


def _is_in_brackets(amount: Amount) -> bool:
    """Say whether an amount is part of a label, as in `VAT (20% on 50.00)`."""
    cell = next((cell for cell in amount.row.cells if amount.span.words[0] in cell.words), amount.span)
    opened = cell.text.partition(amount.span.text)[0].rpartition("(")
    return bool(opened[1]) and ")" not in opened[2] and any(map(str.isalpha, opened[2]))


def _is_left_of(box: tuple[float, ...], span: Span) -> bool:
    return box[2] <= span.box[0] + 1


def _named(words: tuple[Word, ...], page: int) -> tuple[str | None, float]:
    wording = _wording(Span(page, words)) if words else ""
    if not wording or len(wording.split()) > _MOST_WORDS:
        return None, 0.0
    name, score = role(wording)
    is_taxed = (
        score < _LEAST_UNDERSTOOD and any("%" in word.text for word in words) and role(wording.split()[0])[0] == "tax"
    )
    return ("tax", _LEAST_UNDERSTOOD) if is_taxed else (name, score)


def _wording(span: Span) -> str:
    kept = [
        word.text for word in span.words if not _NO_WORD.match(word.text) and not currency_of(word.text.strip("()[]:."))
    ]
    return plain(_ASIDE.sub(" ", " ".join(kept)))


def _headed(amount: Amount, page: Page, *, is_bare: bool) -> Labelled | None:
    """Read the label above: the caption of one amount, or the head of a small table of sums."""
    left, _, right, _ = amount.span.box
    first = max(amount.row.number - _HEAD_ROWS, 0)
    for row in reversed(page.rows[first : amount.row.number]):
        for cell in row.cells:
            x0, _, x1, _ = cell.box
            if x0 < right and x1 > left and not any(map(str.isdigit, _RATE.sub("", cell.text))):
                name, score = _named(cell.words, row.page)
                near = amount.row.number - row.number == 1
                if name and score >= _LEAST_UNDERSTOOD and is_bare:
                    return Labelled(amount, name, score * (0.85 if near else 0.75))
                return None
    return None


def _across(together: Sequence[Amount], found: Sequence[Labelled]) -> Iterator[Labelled]:
    """Read a row such as `Total 257.59 59.24 316.83`, where two amounts add up to the third."""
    if not any(one.role == "total" for one in found):
        return
    for net, tax, total in zip(together, together[1:], together[2:], strict=False):
        if net.value + tax.value == total.value and abs(tax.value) < abs(net.value):
            yield Labelled(net, "net", 0.9)
            yield Labelled(tax, "tax", 0.9)
            yield Labelled(total, "total", 0.95)
