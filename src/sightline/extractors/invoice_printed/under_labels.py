"""What stands beside and under a label, such as an address."""

from collections.abc import Iterator

from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.labels import Label
from sightline.extractors.invoice_printed.layout import Page, Row, Span
from sightline.extractors.invoice_printed.stacks import LINE_GAP, Block, rejoined
from sightline.extractors.words import Word

_OPENS_ADDRESS = {"spettle", "spett", "messrs"}
_JOINS = {"/", "&", "|"}
_MOST_LINES = 7
_LABEL_GAP = 2.6
_BESIDE = 16.0


def under_labels(document: Document, role: str) -> Iterator[tuple[Label, Block]]:
    """Give the labels of a role that stand alone, each with the lines beside and under it."""
    for label in document.labels:
        if role in label.roles and _stands_alone(label):
            block = _under(document, label)
            if block.lines:
                yield label, block


def _stands_alone(label: Label) -> bool:
    """Say whether the label begins a cell, and a colon follows or nothing."""
    words = label.row.words
    begins = (
        label.start == 0
        or words[label.start - 1].text in _JOINS
        or words[label.start].box[0] - words[label.start - 1].box[2] > label.span.size
    )
    last = words[label.end - 1]
    following = words[label.end] if label.end < len(words) else None
    ends = following is None or following.box[0] - last.box[2] > label.span.size
    has_colon = _has_colon(label)
    # Of another label: `Odběratel IČ: 00177442`.
    is_followed = following is not None and following.text.endswith(":")
    return begins and (has_colon or ends or is_followed or label.wording in _OPENS_ADDRESS)


def _has_colon(label: Label) -> bool:
    following = label.row.words[label.end : label.end + 1]
    return label.row.words[label.end - 1].text.endswith(":") or any(word.text == ":" for word in following)


def _under(document: Document, label: Label) -> Block:
    page = document.page_of(label.row)
    beside = _beside(label)
    if beside is not None and _heads_next_column(beside, label, page):
        beside = None
    lines = [beside] if beside is not None else []
    left, right = label.span.box[0], max(label.span.box[2], beside.box[2] if beside is not None else 0.0)
    edge = beside.box[0] if beside is not None else left
    last = label.span
    for row in page.rows[label.row.number + 1 :]:
        gap = _LABEL_GAP if len(lines) <= 1 else LINE_GAP
        if len(lines) >= _MOST_LINES or row.words[0].baseline - last.baseline > gap * last.size:
            break
        cell = next((one for one in row.cells if _is_under(one, edge, left, right)), None)
        if cell is not None:
            lines.append(_with_value(cell, row))
            last = cell
    return Block(tuple(rejoined(lines)) if lines else ())


def _heads_next_column(beside: Span, label: Label, page: Page) -> bool:
    """Say whether something begins under what stands beside a label, and something under the label: two headings."""
    following = page.rows[label.row.number + 1 : label.row.number + 2]
    starts = [cell.box[0] for row in following for cell in row.cells]
    return not _has_colon(label) and all(
        any(abs(start - head.box[0]) < head.size for start in starts) for head in (label.span, beside)
    )


def _beside(label: Label) -> Span | None:
    words = label.row.words[label.end :]
    if words and words[0].text == ":":
        words = words[1:]
    if not words or words[0].box[0] - label.span.box[2] > _BESIDE * label.span.size:
        return None
    return Span(label.row.page, tuple(_close_ones(words)))


def _with_value(cell: Span, row: Row) -> Span:
    """Join a label such as `Name:` with the cell beside it, unless that runs into the next label."""
    after = row.cells[row.cells.index(cell) + 1 :][:1] if cell.text.endswith(":") else ()
    values = [value for value in after if not value.text.endswith(":")]
    return Span(cell.page, (*cell.words, *(word for value in values for word in value.words)))


def _close_ones(words: tuple[Word, ...]) -> Iterator[Word]:
    before = words[0]
    for word in words:
        if word.box[0] - before.box[2] > word.size:
            return
        yield word
        before = word


def _is_under(cell: Span, edge: float, left: float, right: float) -> bool:
    x0, _, x1, _ = cell.box
    return min(abs(x0 - edge), abs(x0 - left)) < 1.2 * cell.size or (left - 2 * cell.size <= x0 < right and x1 > left)
