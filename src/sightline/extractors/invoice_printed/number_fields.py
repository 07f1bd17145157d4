"""The invoice's own number: what a label, the title or their neighbourhood say it is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sightline.extractors.invoice_printed.character import is_credit_note, titles
from sightline.extractors.invoice_printed.dates import days
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.fields import QUOTED, Found, distinct, identifier, order_refs
from sightline.extractors.invoice_printed.labels import BARE_NUMBERS, WEAK_NUMBERS, Label
from sightline.extractors.invoice_printed.layout import Row, Span, plain
from sightline.extractors.regex import regex

_PLAIN_LABELS = {"no", "nr", "n", "num", "nummer", "numero", "number", "numer", "number date", "nummer datum"}
_DATES = {"date", "any date", "due date"}
_PLAIN_SURE, _PLAIN_NEAR, _PLAIN_FAR = 0.85, 0.82, 0.6
_ABBREVIATED = regex(r"[^\W\d_]{1,3}n[ro]")
_NEAR = 5.0  # lines
_CREDITED_INVOICE = regex(r"\bref(?:erence)?\b|\bfaktura\b|\bfacture\b")
_CREDITED = 0.7
_TITLED = 0.86
_MOST_TITLES = 8
_UNDER_TITLE = 0.7
_ORDERED = 0.9


def numbers(document: Document) -> list[Found]:
    """Give the candidates for the number; the title's own, `Invoice 2024-17`, where no label names one surely."""
    labelled = _labelled(document)
    titled = [*_in_titles(document), *_under_titles(document)]
    known = {one.value for one in labelled}
    ordered = {one.value for one in order_refs(document)}
    found = (
        replace(one, confidence=one.confidence * _ORDERED if one.value in ordered else one.confidence)
        for one in [*labelled, *(one for one in titled if one.value not in known)]
    )
    return sorted(found, key=lambda one: -one.confidence)


def _in_titles(document: Document) -> Iterator[Found]:
    for title in titles(document):
        words = title.span.words
        dated = [word for day in days(title.span) for word in day.span.words]
        for at in range(1, len(words)):
            one = identifier(Span(title.span.page, words[at:])) if title.kind != "other" else None
            if one is not None and not any(one.span.words[0] is word for word in dated):
                yield replace(one, confidence=_TITLED if at <= 2 else 0.7)  # noqa: PLR2004 - "credit note 17"
                break


def _under_titles(document: Document) -> Iterator[Found]:
    """Take what looks like a number and stands alone under the title."""
    page = document.pages[0]
    for title in titles(document)[:_MOST_TITLES]:
        row = next(row for row in page.rows if title.span.words[0] in row.words)
        under = next(page.below(title.span, row, most=1), None) if title.kind != "other" else None
        one = identifier(under) if under is not None else None
        if one is not None and under is not None and one.span.words[-1] is under.words[-1]:
            yield replace(one, confidence=_UNDER_TITLE)


def _labelled(document: Document) -> list[Found]:
    found = []
    is_credit = is_credit_note(document)
    for label in document.labels:
        if "number" in label.roles:
            strength = _strength(label) * (QUOTED if document.is_in_sentence(label) else 1)
            strength *= _CREDITED if is_credit and _CREDITED_INVOICE.search(label.wording) else 1
            found += [
                Found(one.value, one.span, round(strength * place, 3))
                for span, place in document.places(label)
                if (one := identifier(span, label)) is not None
            ][:1]
    return distinct([*found, *_plain_numbers(document)])


def _plain_numbers(document: Document) -> Iterator[Found]:
    """Read `No: 17` above the first amount, where the title says what it is the number of."""
    page = document.pages[0]
    priced = (one.span.baseline for one in document.amounts if one.row.page == page.number and one.has_cents)
    head = min(priced, default=page.bottom)
    named = [title.span for title in titles(document)[:_MOST_TITLES] if title.kind != "other"]
    for row in page.rows:
        for cell, sure in _plain_cells(row, document, named) if row.words[0].baseline < head else ():
            places = _behind_plain_label(cell, row, document)
            one = next((one for span, is_whole in places if (one := _read_plain(span, is_whole=is_whole))), None)
            if one is not None:
                yield Found(one.value, one.span, sure)


def _plain_cells(row: Row, document: Document, named: list[Span]) -> Iterator[tuple[Span, float]]:
    """Give the cells that may begin with a word for a number, and how surely it is the number of the paper."""
    known = [label.row.words[label.start] for label in document.labels_of(row)]
    for cell in row.cells:
        is_title = any(cell.words == span.words for span in named)
        if plain(cell.words[0].text) in _PLAIN_LABELS or is_title or cell.words[0].text.startswith("#"):
            near = _PLAIN_NEAR if is_near(cell, named) else _PLAIN_FAR
            yield cell, _PLAIN_SURE if _is_colon(cell) and not is_title else near
        elif any(cell.words[0] is word for word in known):
            continue
        elif _is_colon(cell) and _ABBREVIATED.fullmatch(plain(cell.words[0].text)):
            yield cell, _PLAIN_FAR
        elif len(cell.words) > 2 and plain(cell.words[1].text) in _PLAIN_LABELS:  # noqa: PLR2004 - `Declaration no. 17`
            yield Span(cell.page, cell.words[1:]), _PLAIN_FAR


def _is_colon(cell: Span) -> bool:
    return cell.words[0].text.endswith(":") or (len(cell.words) > 1 and cell.words[1].text == ":")


def _behind_plain_label(cell: Span, row: Row, document: Document) -> Iterator[tuple[Span, bool]]:
    """Give where the number may stand, and whether it has to stand there alone."""
    is_bare = len(cell.words) == 1 or plain(cell.text).strip("# ") in _PLAIN_LABELS
    if cell.words[0].text.startswith("#"):
        yield cell, True
    at = next(at for at, word in enumerate(row.words) if word is cell.words[0]) + 1
    if _is_colon(cell):
        at += at < len(row.words) and row.words[at].text == ":"
        if row.words[at:]:
            yield Span(row.page, row.words[at:]), False
    elif not is_bare:
        yield Span(row.page, cell.words[1:]), True
    else:
        yield from ((other, True) for other in row.cells if other.words[0] is next(iter(row.words[at:]), None))
    if is_bare and _is_head(row, document):
        yield from ((below, True) for below in document.page_of(row).below(cell, row, most=1))


def _is_head(row: Row, document: Document) -> bool:
    """Say whether a row is the head of a table of fields, one of which is a day."""
    if any(label.roles & _DATES for label in document.labels_of(row)):
        return True
    under = next(iter(document.page_of(row).rows[row.number + 1 :]), None)
    return len(row.cells) > 2 and under is not None and any(days(cell) for cell in under.cells)  # noqa: PLR2004 - a label and a value


def _read_plain(span: Span, *, is_whole: bool) -> Found | None:
    one = identifier(span)
    if one is None:
        return None
    end = next(at for at, word in enumerate(span.words, start=1) if word is one.span.words[-1])
    rest = Span(span.page, span.words[end:])
    return one if not is_whole or not rest.words or days(rest) else None


def is_near(span: Span, others: Iterable[Span]) -> bool:
    """Say whether words stand in the same line as others, or close to them in the same column."""
    left, _, right, _ = span.box
    for other in others:
        x0, _, x1, _ = other.box
        away = abs(span.baseline - other.baseline) / max(span.size, other.size)
        if span.page == other.page and (away < 1 or (away < _NEAR and x0 < right and x1 > left)):
            return True
    return False


def _strength(label: Label) -> float:
    if label.wording in BARE_NUMBERS:
        return 0.8 if label.start == 0 else 0.5
    if label.wording in WEAK_NUMBERS:
        return 0.6
    return 0.95
