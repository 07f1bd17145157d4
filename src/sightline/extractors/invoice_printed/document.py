"""One printed document: its pages, and the labels, days and amounts on them, found once."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from sightline.extractors.invoice_printed.amounts import Amount, amounts, decimal_mark
from sightline.extractors.invoice_printed.dates import Day, days
from sightline.extractors.invoice_printed.labels import Label, labels
from sightline.extractors.invoice_printed.layout import Page, Row, Span
from sightline.extractors.invoice_printed.stacks import Block, stacks

_MOST_ROWS = 3000
_SHIFT = 0.7
_SENTENCE = 7
_SHORT = 3  # words, such as a day
_WIDE_GAP = 10.0


class Document:
    """The pages of one invoice."""

    def __init__(self, pages: Sequence[Page]) -> None:
        """Keep the pages that show something."""
        self.pages = [page for page in pages if page.rows]
        self._labels: dict[tuple[int, int], list[Label]] = {}

    @cached_property
    def rows(self) -> list[Row]:
        """All rows of all pages, at most 3,000."""
        return [row for page in self.pages for row in page.rows][:_MOST_ROWS]

    @cached_property
    def text(self) -> str:
        """All rows as lines."""
        return "\n".join(row.span.text for row in self.rows)

    @cached_property
    def stacks(self) -> list[Block]:
        """All blocks of lines of all pages."""
        return [block for page in self.pages for block in stacks(page)]

    @cached_property
    def labels(self) -> list[Label]:
        """All labels in reading order."""
        return [label for row in self.rows for label in self.labels_of(row)]

    def labels_of(self, row: Row) -> list[Label]:
        """Give the labels of one row."""
        key = (row.page, row.number)
        if key not in self._labels:
            self._labels[key] = labels(row)
        return self._labels[key]

    @cached_property
    def days(self) -> list[Day]:
        """All days in reading order."""
        return [day for row in self.rows for cell in row.cells for day in days(cell)]

    @cached_property
    def decimal_mark(self) -> str:
        """The mark in front of the cents."""
        return decimal_mark(self.rows)

    @cached_property
    def amounts(self) -> list[Amount]:
        """All amounts in reading order; the year of a day is none."""
        dated = {id(word) for day in self.days if not day.is_compact for word in day.span.words}
        found = (amount for row in self.rows for amount in amounts(row, self.decimal_mark))
        return [one for one in found if one.has_cents or not any(id(word) in dated for word in one.span.words)]

    def page_of(self, row: Row) -> Page:
        """Give the page that a row stands on."""
        return self.page_of_number(row.page)

    def page_of_number(self, number: int) -> Page:
        """Give the page of this number."""
        return next(page for page in self.pages if page.number == number)

    def places(self, label: Label) -> Iterator[tuple[Span, float]]:
        """Give where the value of a label may stand, and how good that place is (1 is beside it, less further away)."""
        row, end = label.row, self._until(label)
        beside = row.words[self._end(label) : end]
        if beside:
            gap = beside[0].box[0] - row.words[label.end - 1].box[2]
            far = gap > _WIDE_GAP * label.span.size
            yield Span(row.page, beside), 0.9 if far else 1.0
        else:
            yield from ((cell, 0.93) for cell in self._shifted(label))
        left = label.span.box[0]
        under = (cell for cell in self.page_of(row).below(label.span, row) if not self._is_other_field(cell, label))
        for order, cell in enumerate(under):
            is_aligned = abs(cell.box[0] - left) < 0.6 * cell.size
            yield cell, (0.95 if is_aligned else 0.9) - 0.05 * order

    @staticmethod
    def is_in_sentence(label: Label) -> bool:
        """Say whether a label stands in the middle of running text."""
        cell = next(cell for cell in label.row.cells if label.row.words[label.start] in cell.words)
        before = cell.words.index(label.row.words[label.start])
        behind = len(cell.words) - before - (label.end - label.start)
        return before + behind > _SENTENCE and before > 1

    def _is_other_field(self, cell: Span, label: Label) -> bool:
        """Say whether a cell begins with another label and goes on with its value: `Due: 18 May` under `Issued`."""
        row = next(row for row in self.page_of(label.row).rows if cell.words[0] in row.words)
        return any(
            other.span.words[0] is cell.words[0]
            and other.span.words[-1].text.endswith(":")
            and len(cell.words) > len(other.span.words)
            and not other.roles & label.roles
            for other in self.labels_of(row)
        )

    def _shifted(self, label: Label) -> list[Span]:
        """Give the nearest cell to the right whose line stands a little higher or lower than the label's."""
        span, page = label.span, self.page_of(label.row)
        near = page.rows[max(label.row.number - 2, 0) : label.row.number + 3]
        cells = [
            cell
            for row in near
            if row is not label.row and abs(row.words[0].baseline - span.baseline) < _SHIFT * span.size
            for cell in row.cells
            if cell.box[0] > span.box[2] and len(cell.words) <= _SHORT
        ]
        return sorted(cells, key=lambda cell: cell.box[0])[:1]

    def _end(self, label: Label) -> int:
        """Give where the label ends, with those that it shares its value with: `Invoice date / Delivery date`."""
        end = label.end
        for other in self.labels_of(label.row):
            between = label.row.words[end - 1 : other.start + 1]
            if other.start in {end, end + 1} and any(word.text.startswith("/") for word in between[1:]):
                end = other.end
        return end

    def _until(self, label: Label) -> int:
        end = self._end(label)
        others = [other.start for other in self.labels_of(label.row) if other.start >= end and _names_something(other)]
        return min(others, default=len(label.row.words))


def _names_something(label: Label) -> bool:
    return bool(label.roles - {"seller", "buyer", "ship to", "attention"})
