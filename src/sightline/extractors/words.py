"""Words and where they stand on a page: what PDFs and pictures have in common."""

from dataclasses import dataclass

from sightline.extractors.reading import Box


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `box` in points from the top left, `baseline` its y, `size` the height of its line in points.

    `sureness` is 1 for text that a program wrote, less where characters were recognised in a picture.
    """

    text: str
    box: Box
    baseline: float
    size: float
    sureness: float = 1.0
