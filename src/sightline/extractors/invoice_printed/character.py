"""What kind of paper it is: an invoice, a credit note, a receipt, or something that only looks like one."""

from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Literal

from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.layout import Row, Span, plain
from sightline.extractors.invoice_printed.vocabulary import wordings
from sightline.extractors.regex import regex

TitleKind = Literal["invoice", "credit_note", "receipt", "other"]

_MOST_TITLE_WORDS = 7
_COMPOUND = regex(r"\w{3,20}(?:rechnung|factuur|faktura|quittung|kvittering|kvitto)$")
_REMINDS = regex(
    r"\b(?:overdue|reminder|mahnung|zahlungserinnerung|mise en demeure|aanmaning|sollecito|ponaglenie|inkasso)\b"
)
_TERMS = regex(r"\b(?:interest|fees?|charged?|zinsen|interets?|penalites?|rente|interessi|odsetki)\b")
_HEAD = 0.4
_SMALLER = 0.9
_HARDLY = 0.3


@dataclass(frozen=True, slots=True)
class Title:
    """A heading that names the kind of paper; `prominence` is about its size compared with the text around."""

    kind: TitleKind
    span: Span
    prominence: float


@lru_cache(maxsize=1)
def _phrases() -> dict[str, TitleKind]:
    kinds: tuple[TitleKind, ...] = ("invoice", "receipt", "credit_note", "other")
    return {wording: kind for kind in kinds for wording in wordings(f"{kind.replace('_', ' ')} title")}


def titles(document: Document) -> list[Title]:
    """Find the headings of the first page, the most prominent first."""
    page = document.pages[0]
    usual = median(word.size for row in page.rows for word in row.words)
    found = []
    for row in page.rows:
        addressed = [label.row.words[label.start] for label in document.labels_of(row) if "buyer" in label.roles]
        for at, cell in enumerate(row.cells):
            title = _title(cell, usual, page.bottom, is_alone=len(row.cells) == 1)
            is_field = title is not None and title.kind == "other" and (_has_value(row, at) or _is_head(row, document))
            if title is not None and not is_field and not any(cell.words[0] is word for word in addressed):
                found.append(title)
    return sorted(found, key=lambda one: -one.prominence)


def is_credit_note(document: Document) -> bool:
    """Say whether the most prominent heading that names a bill of some kind names a credit note."""
    return next((title.kind == "credit_note" for title in titles(document) if title.kind != "other"), False)


def _has_value(row: Row, at: int) -> bool:
    """Say whether a number stands beside a cell, as beside the label `Purchase Order` of an invoice."""
    cell = row.cells[at]
    following = row.cells[at + 1].text if at + 1 < len(row.cells) else ""
    is_as_large = bool(following) and row.cells[at + 1].size > _SMALLER * cell.size
    return is_as_large and any(map(str.isdigit, following))


def _is_head(row: Row, document: Document) -> bool:
    """Say whether a row is the head of a table of fields: `Date | Due date | Your order`."""
    dates = {"date", "any date", "due date"}
    is_wide = len(row.cells) > 2  # noqa: PLR2004 - more than a label and a value
    return is_wide and any(label.roles & dates for label in document.labels_of(row))


def _title(cell: Span, usual: float, bottom: float, *, is_alone: bool) -> Title | None:
    words = plain(cell.text).split()
    if not words or len(cell.words) > _MOST_TITLE_WORDS:
        return None
    kind, weight = _kind(words)
    if kind is None:
        return None
    letters = [letter for letter in cell.text if letter.isalpha()]
    is_loud = len(letters) > 3 and all(letter.isupper() for letter in letters)  # noqa: PLR2004 - longer than an abbreviation
    prominence = cell.size / usual + weight + 0.1 * is_alone + 0.25 * is_loud + 0.2 * (cell.baseline < _HEAD * bottom)
    if ":" in cell.text or len(cell.words) > 4:  # noqa: PLR2004 - a sentence rather than a heading
        prominence -= 0.4
    return Title(kind, cell, prominence)


def _kind(words: list[str]) -> tuple[TitleKind | None, float]:
    """Find the longest phrase that begins the heading, else one that ends it."""
    for size in range(min(len(words), 4), 0, -1):
        kind = _phrases().get(" ".join(words[:size]))
        if kind:
            return kind, 0.0
    if _COMPOUND.fullmatch(words[0]):
        return "invoice", 0.0
    for size in range(min(len(words), 3), 0, -1):
        kind = _phrases().get(" ".join(words[-size:]))
        if kind and kind != "receipt":
            return kind, -0.3 if kind == "other" else -0.2
    return None, 0.0


def decide(document: Document, *, has_number: bool, has_total: bool, has_date: bool) -> tuple[TitleKind | None, float]:
    """Say what the paper is, and how sure; None when nothing says that it is an invoice of some kind."""
    found = titles(document)
    best = found[0] if found else None
    other = next((title for title in found if title.kind == "other"), None)
    bill = next((title for title in found if title.kind != "other"), None)
    if not has_total:
        return None, 0.0
    if bill is not None and (other is None or bill.prominence >= other.prominence):
        if (has_number or has_date) and bill.prominence >= _least(document):
            return bill.kind, 0.95
        return (bill.kind, 0.8) if _is_numbered(document, has_number=has_number, has_date=has_date) else (None, 0.0)
    if (
        bill is not None
        and other is not None
        and other.prominence < bill.prominence + _HARDLY
        and has_number
        and has_date
    ):
        return bill.kind, 0.8
    if best is not None and best.kind == "other" and best.prominence >= 1.2:  # noqa: PLR2004 - larger than the text
        return None, 0.0
    return ("invoice", 0.8) if _is_numbered(document, has_number=has_number, has_date=has_date) else (None, 0.0)


def _is_numbered(document: Document, *, has_number: bool, has_date: bool) -> bool:
    return has_number and has_date and not reminds(document)


def _least(document: Document) -> float:
    """Ask more of a title in a text that speaks of reminders, where the word may only be quoted."""
    return 1.3 if reminds(document) else 0.7


def reminds(document: Document) -> bool:
    """Say whether a text speaks of reminders, terms such as `interest on overdue balances` aside."""
    rows = (plain(row.span.text) for row in document.rows)
    return any(_REMINDS.search(text) and not _TERMS.search(text) for text in rows)
