"""Lines that stand under each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sightline.extractors.invoice_printed.layout import Page, Span
from sightline.extractors.invoice_printed.names import is_rest_of_name

_SIZE_STEP = 1.25
LINE_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand under each other."""

    lines: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The lines."""
        return "\n".join(line.text for line in self.lines)

    def holds(self, span: Span) -> bool:
        """Say whether one of the lines has the first of these words."""
        return any(span.words[0] is word for line in self.lines for word in line.words)


def stacks(page: Page) -> list[Block]:
    """Cut a page into blocks of lines with a common edge or middle."""
    open_ones: list[list[Span]] = []
    done: list[list[Span]] = []
    for row in page.rows:
        baseline = row.words[0].baseline
        still = [lines for lines in open_ones if baseline - lines[-1].baseline <= LINE_GAP * lines[-1].size]
        done += [lines for lines in open_ones if lines not in still]
        for cell in row.cells:
            fitting = next((lines for lines in still if _is_aligned(lines[-1], cell)), None)
            if fitting is None:
                still.append([cell])
            else:
                fitting.append(cell)
        open_ones = still
    return [Block(tuple(rejoined(lines))) for lines in [*done, *open_ones]]


def rejoined(lines: Sequence[Span]) -> Iterator[Span]:
    """Join a name with its legal form when that stands alone on the next line, or with what follows its `&`."""
    current = lines[0]
    for line in lines[1:]:
        if is_rest_of_name(line.text) or current.text.endswith(" &"):
            current = Span(current.page, (*current.words, *line.words))
        else:
            yield current
            current = line
    yield current


def _is_aligned(above: Span, below: Span) -> bool:
    if above.baseline == below.baseline or max(above.size, below.size) > _SIZE_STEP * min(above.size, below.size):
        return False
    (x0, _, x1, _), (y0, _, y1, _) = above.box, below.box
    reach = 0.6 * min(above.size, below.size)
    return abs(x0 - y0) < reach or abs(x1 - y1) < reach or abs((x0 + x1) - (y0 + y1)) < reach
