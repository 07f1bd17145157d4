"""The file that extractors read, opened and decoded once for all of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from sightline.extractors.decoding import WIDE, lines_of
from sightline.extractors.reading import Kind

if TYPE_CHECKING:
    from sightline.extractors.pdf import Pdf

HEAD_BYTES = 8192
MB = 1024 * 1024
MOST_BYTES_FROM_START = 4 * MB
MOST_BYTES_FROM_END = 12 * MB


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that follow each other, and the number of the first one in the file."""

    first_line: int
    lines: list[str]


@dataclass
class Source:
    """One file: its beginning, what it was found to be, and its content on demand.

    `kind` is what an earlier extractor found it to be, for those that then have nothing to add.
    """

    file: BinaryIO
    head: bytes
    media_type: str
    kind: Kind | None = None

    @cached_property
    def content(self) -> bytes:
        """All bytes."""
        self.file.seek(0)
        return self.file.read()

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.file.seek(0, 2)

    @cached_property
    def text(self) -> list[Passage]:
        """The lines of a text file, decoded; of a very long file its first 4 MB and its last 12 MB."""
        size = self.size
        if size <= MOST_BYTES_FROM_START + MOST_BYTES_FROM_END:
            return [Passage(1, lines_of(self.content))]
        start = self._whole_lines(0, MOST_BYTES_FROM_START)
        end = self._whole_lines(size - MOST_BYTES_FROM_END, MOST_BYTES_FROM_END)
        before_end = self._count_lines(size - len(end))
        return [Passage(1, lines_of(start)), Passage(before_end + 1, lines_of(self._mark + end))]

    @cached_property
    def _mark(self) -> bytes:
        return next((mark for mark in WIDE if self.head.startswith(mark)), b"")

    @cached_property
    def _newline(self) -> bytes:
        return WIDE.get(self._mark, b"\n")

    def _whole_lines(self, offset: int, length: int) -> bytes:
        self.file.seek(offset)
        read = self.file.read(length)
        if offset:
            return read[read.find(self._newline) + len(self._newline) :]
        return read[: read.rfind(self._newline)]

    def _count_lines(self, end: int) -> int:
        self.file.seek(0)
        return sum(self.file.read(min(MB, end - offset)).count(self._newline) for offset in range(0, end, MB))

    @cached_property
    def pdf(self) -> "Pdf":
        """The file as a PDF; raises Unreadable."""
        # Loading PDFium takes longer than reading an XML invoice.
        from sightline.extractors.pdf import Pdf

        return Pdf(self.content)
