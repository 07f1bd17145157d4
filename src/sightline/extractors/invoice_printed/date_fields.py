"""Days that a label names, or the place where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from sightline.extractors.invoice_printed.character import is_credit_note, titles
from sightline.extractors.invoice_printed.dates import Day, days
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.fields import QUOTED
from sightline.extractors.invoice_printed.labels import Label
from sightline.extractors.invoice_printed.layout import Span
from sightline.extractors.invoice_printed.number_fields import is_near, numbers
from sightline.extractors.regex import regex

_PLACE = regex(r"[^\W\d_](?:[^\W\d_]|[ .'\u2019()-]){1,30},? (?:(?:den|am|the|le|l[i\u00ec]|il|em|dnia|d\.) )?")
_DISCOUNT = regex(r"(?i)\bskonto\b|\bdiscount\b|\bescompte\b|\bsconto\b|\bpronto pago\b|\bkorting\b|\brabatt\b")
_WHOLE = regex(r"(?i)\bohne (?:jeden )?abzug\b|\bnetto\b|\bno discount\b|\bsans escompte\b|\bpas d.escompte\b|\bnet\b")
_DATES = {"date", "any date", "due date", "other date"}
_CREDITED_INVOICE = regex(r"\b(?:invoice|facture|faktura|factura|fattura|fatura)\b|\b(?:rechnung|factuur|faktura)s?dat")
_CREDITED = 0.85
_SUPPLIED = 0.85
_ALONE, _IN_LINE = 0.03, 0.12
_LONGEST_DAY = 20
_TITLED = 0.9
_UPPER = 300.0  # points from above, where a page has few lines


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that a label names, and how sure that is."""

    day: Day
    confidence: float


def dated(document: Document, role: str) -> list[Dated]:
    """Find the days that labels of this role name, the surest first."""
    found = list(_in_titles(document)) if role == "date" else []
    is_credit = is_credit_note(document)
    for label in document.labels:
        strength = _date_strength(label, role) * (QUOTED if document.is_in_sentence(label) else 1)
        strength *= not (role == "due date" and _is_of_discount(label))
        strength *= _CREDITED if is_credit and _CREDITED_INVOICE.search(label.wording) else 1
        if strength:
            places = list(document.places(label))
            broken = [*_joined(places), *_joined(_column(document, label, places[:1]))]
            found += [Dated(day, strength * place) for span, place in [*places, *broken] if (day := _first(span))][:1]
    return sorted(found, key=lambda one: -one.confidence)


def _is_of_discount(label: Label) -> bool:
    """Say whether a line tells until when less may be paid."""
    text = label.row.span.text
    return bool(_DISCOUNT.search(text)) and not _WHOLE.search(text)


def _in_titles(document: Document) -> Iterator[Dated]:
    """Take the only day beside a title, behind the number: `Invoice 25-03317  10.09.25`."""
    numbered = [one.span.words[0] for one in numbers(document)[:1]]
    for title in titles(document):
        row = next(row for row in document.pages[0].rows if title.span.words[0] in row.words)
        found = [day for cell in row.cells for day in days(cell)]
        is_numbered = any(word is own for word in row.words for own in numbered)
        is_free = not any(label.roles & _DATES for label in document.labels_of(row))
        if title.kind != "other" and is_numbered and is_free and len(found) == 1:
            yield Dated(found[0], _TITLED)


def _column(document: Document, label: Label, beside: list[tuple[Span, float]]) -> list[tuple[Span, float]]:
    """Give what stands beside a label and what goes on under that."""
    page = document.page_of(label.row)
    return [*beside, *((cell, place) for span, place in beside for cell in page.below(span, label.row, most=1))]


def _joined(places: list[tuple[Span, float]]) -> Iterator[tuple[Span, float]]:
    """Join what a narrow column has broken: `November 18,` above `2024`."""
    for (upper, place), (lower, _) in pairwise(places):
        yield Span(upper.page, (*upper.words[-3:], lower.words[0])), 0.9 * place


def _date_strength(label: Label, role: str) -> float:
    if role in label.roles:
        return 0.95
    is_alone = label.start == 0 or label.row.words[label.start - 1].box[2] < label.span.box[0] - label.span.size
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


def fallback(document: Document) -> list[Dated]:
    """Find what is the date where nothing says so: the tax point, and days on the first page that no label names."""
    supplied = [replace(one, confidence=_SUPPLIED * one.confidence) for one in dated(document, "tax date")]
    return sorted([*supplied, *_unlabelled(document)], key=lambda one: -one.confidence)


def _unlabelled(document: Document) -> list[Dated]:
    """Find free days, as in the head of a letter: `Berlin, 12.03.2024`."""
    named = {id(day.span.words[0]) for role in ("due date", "other date") for day in _days_of(document, role)}
    first = document.pages[0].number if document.pages else 0
    free = [day for day in document.days if day.span.page == first and id(day.span.words[0]) not in named]
    cells = [cell for row in document.rows for cell in row.cells]
    numbered = [one.span.words[0] for one in numbers(document)[:1]]
    own = [cell for cell in cells if any(word in cell.words for word in numbered)]
    lowest = max(0.5 * document.pages[0].bottom, _UPPER)
    upper = [day for day in free if day.span.baseline < lowest or is_near(day.span, own)]
    sure = 0.75 if len({one.value for one in upper}) == 1 else 0.5
    lettered = {id(day) for day in upper if is_near(day.span, own) or _is_head_of_letter(document, day)}
    alone = {id(cell.words[0]) for cell in cells if len(cell.text) <= _LONGEST_DAY}
    in_line = {id(day) for day in upper if any(abs(day.span.baseline - cell.baseline) < 1 for cell in own)}
    dates = [
        Dated(
            day,
            (0.75 if id(day) in lettered else sure)
            + _ALONE * (id(day.span.words[0]) in alone)
            + _IN_LINE * (id(day) in in_line),
        )
        for day in upper
    ]
    return sorted(dates, key=lambda one: -one.confidence)


def _is_head_of_letter(document: Document, day: Day) -> bool:
    """Say whether a place stands before the day and nothing behind it: `Berlin, den 12.03.2024`."""
    cells = (cell for row in document.rows for cell in row.cells)
    cell = next((cell for cell in cells if day.span.words[0] in cell.words), day.span)
    before, _, behind = cell.text.partition(day.span.text)
    return bool(_PLACE.fullmatch(before)) and not behind.strip(" .")


def _days_of(document: Document, role: str) -> list[Day]:
    return [one.day for one in dated(document, role)]
