"""What the words beside, above or a little off an amount call it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sightline.extractors.invoice_printed.amounts import Amount, currency_of
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.layout import Page, Span, plain
from sightline.extractors.invoice_printed.money_words import role
from sightline.extractors.regex import regex
from sightline.extractors.words import Word

_LEAST_UNDERSTOOD = 0.6
LEAST_GUESSED = 0.4
_MOST_WORDS = 9
_HEAD_ROWS = 6
_SHIFT = 0.7
_OF = {"on", "of", "auf", "aus", "von", "sur", "su", "sobre", "op", "over", "pa", "af", "av", "od", "z"}
_NEXT_LINE = 2.0
_A_FEW = 2
_ASIDE = regex(r"\([^()]*\)")
_RATE = regex(r"\d+(?:[.,]\d+)? ?%")
_NO_WORD = regex(r"[\d.,%()/:*+-]*$")


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


def labelled(document: Document, least: float = _LEAST_UNDERSTOOD) -> Iterator[Labelled]:
    """Give the amounts whose labels say what they are; at least this share of the words must be understood."""
    by_row: dict[tuple[int, int], list[Amount]] = defaultdict(list)
    for amount in document.amounts:
        by_row[amount.row.page, amount.row.number].append(amount)
    for together in by_row.values():
        page = document.page_of(together[0].row)
        found = list(_in_row(together, page, least))
        yield from found
        if not any(one.role == "total" and one.amount is together[-1] for one in found):
            yield from _across(together, found)


def _in_row(together: Sequence[Amount], page: Page, least: float) -> Iterator[Labelled]:
    row = together[0].row
    is_bare = not any(
        _wording(Span(row.page, (word,))) for word in row.words if _is_left_of(word.box, together[0].span)
    )
    previous = 0.0
    for amount in together:
        if _is_in_brackets(amount) or (
            amount is not together[-1] and (_is_base(amount) or _is_quantity(amount, together))
        ):
            continue
        words = tuple(word for word in row.words if previous <= word.box[0] and _is_left_of(word.box, amount.span))
        name, score = _named(words or _a_little_off(amount, page), row.page)
        if words and score < 1:
            name, score = _better((name, score), _named(_cell_before(amount), row.page))
        previous = amount.span.box[2]
        if name is not None and score >= least:
            yield Labelled(amount, name, score)
            continue
        headed = _headed(amount, page, is_bare=is_bare or name == "total")
        if headed is not None:
            yield headed


def _is_quantity(amount: Amount, together: Sequence[Amount]) -> bool:
    """Say whether a number is how many, as in `Total 1,500 pcs $2,400.00`: one without cents before one with them."""
    is_plain = not amount.has_cents and amount.currency is None
    return is_plain and any(one.has_cents for one in together if one.span.box[0] > amount.span.box[0])


def _cell_before(amount: Amount) -> tuple[Word, ...]:
    """Give the words next to an amount; what stands farther left in the row may be about something else."""
    before = [cell for cell in amount.row.cells if _is_left_of(cell.box, amount.span)]
    return before[-1].words if before else ()


def _better(whole: tuple[str | None, float], near: tuple[str | None, float]) -> tuple[str | None, float]:
    return near if near[0] is not None and near[1] == 1 else whole


def _a_little_off(amount: Amount, page: Page) -> tuple[Word, ...]:
    """Give the words whose line stands a little higher or lower, as beside a larger amount or one on a line of its own."""
    row, span = amount.row, amount.span
    near = [*page.rows[max(row.number - 1, 0) : row.number], *page.rows[row.number + 1 : row.number + 2]]
    for other in near:
        words = tuple(word for word in other.words if _is_left_of(word.box, span))
        if words and abs(words[0].baseline - span.baseline) < _SHIFT * max(words[0].size, span.size):
            return words if not any(map(str.isdigit, "".join(word.text for word in words))) else ()
    return _cut_off(amount, page)


def _cut_off(amount: Amount, page: Page) -> tuple[Word, ...]:
    """Give the end of the row above when it waits for an amount, with a colon or a currency as its last word."""
    above = page.rows[amount.row.number - 1].words if amount.row.number else ()
    is_waiting = bool(above) and (above[-1].text.endswith(":") or currency_of(above[-1].text) is not None)
    is_close = is_waiting and amount.span.baseline - above[-1].baseline < _NEXT_LINE * amount.span.size
    if not is_close or above[-1].box[0] > amount.span.box[2]:
        return ()
    start = max((at + 1 for at, word in enumerate(above) if any(map(str.isdigit, word.text))), default=0)
    return above[start:]


def _is_in_brackets(amount: Amount) -> bool:
    """Say whether an amount is part of a label, as in `VAT (20% on 50.00)`."""
    cell = next((cell for cell in amount.row.cells if amount.span.words[0] in cell.words), amount.span)
    opened = cell.text.partition(amount.span.text)[0].rpartition("(")
    return bool(opened[1]) and ")" not in opened[2] and any(map(str.isalpha, opened[2]))


def _is_base(amount: Amount) -> bool:
    """Say whether an amount in front of another is what a tax is taken of, as in `VAT 21% on 4,882.50  1,025.33`."""
    before = [
        word.text for word in amount.row.words if word.box[2] <= amount.span.box[0] + 1 and not currency_of(word.text)
    ]
    return bool(before) and plain(before[-1]) in _OF


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
    is_last = amount.span.words[-1] in amount.row.cells[-1].words
    for row in reversed(page.rows[first : amount.row.number]):
        for cell in row.cells:
            x0, _, x1, _ = cell.box
            # The last column of a table is as wide as the page leaves it.
            reaches = x1 > left or (is_last and cell is row.cells[-1] and len(row.cells) > _A_FEW)
            if x0 < right and reaches and not any(map(str.isdigit, _RATE.sub("", cell.text))):
                name, score = _named(cell.words, row.page)
                near = amount.row.number - row.number == 1
                if name and score >= _LEAST_UNDERSTOOD and (is_bare or (near and name == "due")):
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
