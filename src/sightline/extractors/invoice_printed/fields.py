"""Numbers and dates that a label names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sightline.extractors.invoice_printed.dates import Day, days
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.identifiers import is_iban
from sightline.extractors.invoice_printed.labels import BARE_NUMBERS, WEAK_NUMBERS, Label
from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.words import Word

_FILLERS = {"", "no", "nr", "n", "num", "number", "nummer", "numero", "#", "id", "o", "is", "is:", "c", "lautet", "de"}
_IDENTIFIER = re.compile(r"[#(]?[^\W_][\w./\-\u2013#&]{0,38}\)?")
_PREFIX = re.compile(r"(?!(?:VAT|TVA|IVA|BTW|KDV)$)[^\W\d_]{1,5}[-/.]?")
_PHONE = re.compile(r"\+\d|00[1-9]\d[\d /.-]{7}")
_PLACE = re.compile(r"[^\W\d_][\w .'\u2019()-]{1,30},? (?:(?:den|the|le|l[i\u00ec]|il|em|dnia|d\.) )?")
_UPPER = 300.0  # points from above, where a page has few lines
_LONGEST_WAY = 4
_QUOTED = 0.7
_PLAIN_LABELS = {"no", "nr", "n", "num", "nummer", "numero", "number", "numer"}
_PLAIN_SURE = 0.85


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its place, and how sure it is from 0 to 1."""

    value: str
    span: Span
    confidence: float


def numbers(document: Document) -> list[Found]:
    """Find candidates for the invoice's own number, the surest first."""
    found = []
    for label in document.labels:
        if "number" in label.roles:
            strength = _strength(label) * (_QUOTED if document.is_in_sentence(label) else 1)
            found += [
                Found(one.value, one.span, round(strength * place, 3))
                for span, place in document.places(label)
                if (one := identifier(span, label)) is not None
            ][:1]
    return _distinct([*found, *_plain_numbers(document)])


def _plain_numbers(document: Document) -> Iterator[Found]:
    """Read `No: 17` above the first amount, where the title says what it is the number of."""
    page = document.pages[0]
    head = min((one.span.baseline for one in document.amounts if one.row.page == page.number), default=page.bottom)
    for row in page.rows:
        begins = [cell.words[0] for cell in row.cells]
        for at, (word, following) in enumerate(pairwise(row.words)):
            is_label = plain(word.text) in _PLAIN_LABELS and ":" in {word.text[-1], following.text}
            if is_label and word.baseline < head and any(word is first for first in begins):
                behind = row.words[at + 1 + (following.text == ":") :]
                one = identifier(Span(row.page, behind)) if behind else None
                if one is not None:
                    yield Found(one.value, one.span, _PLAIN_SURE)


def _strength(label: Label) -> float:
    if label.wording in BARE_NUMBERS:
        return 0.8 if label.start == 0 else 0.5
    if label.wording in WEAK_NUMBERS:
        return 0.6
    return 0.95


def order_refs(document: Document) -> list[Found]:
    """Find the reference to the buyer's order."""
    found = []
    for label in document.labels:
        if "order ref" in label.roles:
            found += [
                Found(one.value, one.span, round(0.9 * place, 3))
                for span, place in document.places(label)
                if (one := identifier(span, label)) is not None
            ][:1]
    return _distinct(found)


def identifier(span: Span, label: Label | None = None) -> Found | None:
    """Read the number at the beginning of a span; None when what stands there is something else."""
    words = list(span.words)
    while words and (plain(words[0].text) in _FILLERS):
        words.pop(0)
    if not words or _is_day(Span(span.page, tuple(words[:_LONGEST_WAY]))):
        return None
    taken = _take(words[:_LONGEST_WAY])
    value = " ".join(word.text for word in words[:taken]).strip("#:;,.()\u2013-* ")
    if not taken or not _is_identifier(value, label):
        return None
    return Found(value, Span(span.page, tuple(words[:taken])), 1.0)


def _take(words: list[Word]) -> int:
    first = words[0].text.rstrip(",;:")
    if any(letter.isdigit() for letter in first):
        return _with_tail(words)
    follows = len(words) > 1 and any(letter.isdigit() for letter in words[1].text)
    return 2 if follows and _PREFIX.fullmatch(first) and first.isupper() else 0


def _with_tail(words: list[Word]) -> int:
    """Join what a space cut: `2024 / 0042`, `30 064 443`."""
    if len(words) > 2 and words[1].text in {"/", "-", "\u2013"} and words[2].text.isalnum():  # noqa: PLR2004 - three words
        return 3
    return 1


def _is_identifier(value: str, label: Label | None) -> bool:
    if not _IDENTIFIER.fullmatch(value.replace(" ", "")) or not any(letter.isdigit() for letter in value):
        return False
    if is_iban(value) or _PHONE.match(value) or re.search(r"\d[.,]\d\d$", value):
        return False
    return label is None or len(value) > 1 or "number" in label.roles


def _is_day(span: Span) -> bool:
    found = days(span)
    return bool(found) and found[0].span.words[0] is span.words[0] and not found[0].is_compact


def _distinct(found: Iterable[Found]) -> list[Found]:
    """Keep the surest of equal values; among equally sure ones the earlier stays first."""
    best: dict[str, Found] = {}
    for one in found:
        if one.value not in best or one.confidence > best[one.value].confidence:
            best[one.value] = one
    return sorted(best.values(), key=lambda one: -one.confidence)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that a label names, and how sure that is."""

    day: Day
    confidence: float


def dated(document: Document, role: str) -> list[Dated]:
    """Find the days that labels of this role name, the surest first."""
    found: list[Dated] = []
    for label in document.labels:
        strength = _date_strength(label, role) * (_QUOTED if document.is_in_sentence(label) else 1)
        if strength:
            places = list(document.places(label))
            found += [
                Dated(day, strength * place) for span, place in [*places, *_joined(places)] if (day := _first(span))
            ][:1]
    return sorted(found, key=lambda one: -one.confidence)


def _joined(places: list[tuple[Span, float]]) -> Iterator[tuple[Span, float]]:
    """Join what a narrow column has broken: `November 18,` above `2024`."""
    for (upper, place), (lower, _) in pairwise(places):
        yield Span(upper.page, (*upper.words[-3:], lower.words[0])), 0.9 * place


def _date_strength(label: Label, role: str) -> float:
    if role in label.roles:
        return 0.95
    is_alone = label.start == 0 or label.row.words[label.start - 1].box[2] < label.span.box[0] - 2 * label.span.size
    if role == "date" and label.roles == {"any date"}:
        return 0.88 if is_alone else 0.6
    return 0.0


def _first(span: Span) -> Day | None:
    """Give the day near the beginning of a span."""
    found = days(Span(span.page, span.words[:8]))
    if not found:
        return None
    before = [word for word in span.words if word.box[2] <= found[0].span.box[0] and any(map(str.isalpha, word.text))]
    return found[0] if len(before) <= 2 or found[0].span.words[0] is span.words[0] else None  # noqa: PLR2004 - a weekday, "on the"


def unlabelled(document: Document) -> list[Dated]:
    """Find days on the first page that no label names, as in the head of a letter: `Berlin, 12.03.2024`."""
    named = {id(day.span.words[0]) for role in ("due date", "other date") for day in _days_of(document, role)}
    first = document.pages[0].number if document.pages else 0
    free = [day for day in document.days if day.span.page == first and id(day.span.words[0]) not in named]
    upper = [day for day in free if day.span.baseline < max(0.5 * document.pages[0].bottom, _UPPER)]
    sure = 0.75 if len({one.value for one in upper}) == 1 else 0.5
    lettered = {id(day) for day in upper if _is_head_of_letter(document, day)}
    dates = [Dated(day, 0.75 if id(day) in lettered else sure) for day in upper]
    return sorted(dates, key=lambda one: -one.confidence)


def _is_head_of_letter(document: Document, day: Day) -> bool:
    """Say whether a place stands before the day and nothing behind it: `Berlin, den 12.03.2024`."""
    cells = (cell for row in document.rows for cell in row.cells)
    cell = next((cell for cell in cells if day.span.words[0] in cell.words), day.span)
    before, _, behind = cell.text.partition(day.span.text)
    return bool(_PLACE.fullmatch(before)) and not behind.strip(" .")


def _days_of(document: Document, role: str) -> list[Day]:
    return [one.day for one in dated(document, role)]
