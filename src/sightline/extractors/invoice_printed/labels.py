"""Find labels in rows: which words name a field, by the longest match."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from sightline.extractors.invoice_printed.layout import Row, Span
from sightline.extractors.invoice_printed.vocabulary import wordings

_LONGEST = 8

_ROLES = (
    "any date", "attention", "ship to", "seller", "buyer", "order ref", "other number", "other date", "due date", "date",
    "tax date", "number",
)  # fmt: skip
WEAK_NUMBERS = frozenset(
    {
        "reference",
        "ref",
        "your invoice",
        "our ref",
        "our reference",
        "unser zeichen",
        "folio",
        "folio no",
        "folio number",
        "serial no",
        "serial number",
        "document",
        "statement number",
        "statement no",
        "kassenzeichen",
        "buchungszeichen",
        # Of whoever carried out the payment.
        "transaction id",
        "transaction no",
        "transaction number",
    }
)
BARE_NUMBERS = frozenset({"invoice", "beleg"})


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a row: what it may name, its words as `plain` writes them, and which words of the row it takes."""

    roles: frozenset[str]
    wording: str
    row: Row
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The words of the label."""
        return Span(self.row.page, self.row.words[self.start : self.end])


@lru_cache(maxsize=1)
def _known() -> dict[str, frozenset[str]]:
    known: dict[str, frozenset[str]] = {}
    for role in _ROLES:
        for wording in wordings(role):
            known[wording] = known.get(wording, frozenset()) | {role}
    return known


def labels(row: Row) -> list[Label]:
    """Find the labels of a row from left to right; the longest wording at a place wins, none overlap."""
    tokens = [(token, at) for at, written in enumerate(row.plain_words) for token in written.split()]
    found: list[Label] = []
    place = 0
    while place < len(tokens):
        size = _longest_at(tokens, place, row)
        if size:
            wording = " ".join(token for token, _ in tokens[place : place + size])
            found.append(Label(_known()[wording], wording, row, tokens[place][1], tokens[place + size - 1][1] + 1))
        place += max(size, 1)
    return found


def _longest_at(tokens: list[tuple[str, int]], place: int, row: Row) -> int:
    wording, longest = "", 0
    for size, (token, at) in enumerate(tokens[place : place + _LONGEST], start=1):
        if size > 1 and _is_far(row, tokens[place + size - 2][1], at):
            break
        wording = f"{wording} {token}".strip()
        if wording in _known() and not _is_part_of_number(tokens, place + size):
            longest = size
    return longest


def _is_part_of_number(tokens: list[tuple[str, int]], after: int) -> bool:
    """Say whether digits follow in the same word: `PO-88123` and `#AB-17` name nothing, they are numbers."""
    rest = takewhile(lambda one: one[1] == tokens[after - 1][1], tokens[after:])
    return any(letter.isdigit() for token, _ in rest for letter in token)


def _is_far(row: Row, before: int, after: int) -> bool:
    """Say whether words belong to different cells."""
    left, right = row.words[before], row.words[after]
    return right.box[0] - left.box[2] > max(left.size, right.size)
