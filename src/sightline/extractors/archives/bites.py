"""A file whose readers may be made greedy by what it says."""

from typing import BinaryIO

from sightline.extractors.reading import Unreadable

_LARGEST_BITE = 4 * 1024 * 1024


class Bites:
    """Reads a file in small bites and up to a place; asking for more raises Unreadable.

    The libraries for zip and tar read lists in one piece, as long as the file says that they are.
    """

    def __init__(self, file: BinaryIO, most_bytes: int | None = None) -> None:
        """Read `file` up to byte `most_bytes`."""
        self._file = file
        self._most = most_bytes

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that follow."""
        read = self._file.read(_LARGEST_BITE + 1 if size < 0 else min(size, _LARGEST_BITE + 1))
        if len(read) > _LARGEST_BITE:
            raise Unreadable("its list of files is longer than any archive needs")
        self._check(self._file.tell())
        return read

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        if whence == 0:
            self._check(offset)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Say where the next byte is read."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def _check(self, place: int) -> None:
        if self._most is not None and place > self._most:
            raise Unreadable(f"it unpacks to more than {self._most // 1024 // 1024} MB")
