"""Files out of a request body as they arrive: `multipart/form-data`, or one raw body. Nothing is buffered whole."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from sightline.attachments import names
from sightline.attachments.storage import Storage, StoredBytes
from sightline.core.errors import Invalid, TooLarge, Unavailable

MOST_FILES: Final = 20
OVERHEAD: Final = 1 << 16
Event = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file whose bytes are in the store."""

    name: str
    stored: StoredBytes


def must_fit(request: Request, limit: int) -> None:
    """Raise `TooLarge` when the request already says that it is over the limit."""
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length[:20]) > limit + OVERHEAD:
        raise TooLarge(f"An upload may have at most {limit // 2**20} MB.", headers={"Connection": "close"})


def least_size(request: Request) -> int:
    """Return how many bytes of files the request announces at least, 0 when it announces nothing."""
    return max(0, int(request.headers.get("content-length", "0")) - OVERHEAD)


async def receive(request: Request, storage: Storage, limit: int) -> list[Arrived]:
    """Store every file of the body; on any failure nothing stays in the store.

    Raises `TooLarge`, `Invalid` for a body that is not what it says, `Unavailable` when the store is away.
    """
    must_fit(request, limit)
    kind, options = parse_options_header(request.headers.get("content-type"))
    arrived: list[Arrived] = []
    try:
        if kind == b"multipart/form-data":
            await _receive_parts(_parts(request, options.get(b"boundary", b"")), storage, limit, arrived)
        else:
            stored = await storage.put(_nonempty(request), limit)
            arrived.append(Arrived(names.from_header(request.headers.get("content-disposition")), stored))
    except BaseException:
        await drop(storage, arrived)
        raise
    return arrived


async def drop(storage: Storage, arrived: list[Arrived]) -> None:
    """Take files out of the store again."""
    for one in arrived:
        with contextlib.suppress(Unavailable):  # what stays is swept
            await storage.delete(one.stored.key)


async def _nonempty(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


async def _receive_parts(events: AsyncIterator[Event], storage: Storage, limit: int, arrived: list[Arrived]) -> None:
    left = limit
    async for what, value in events:
        if what != "begin":
            continue
        name = _file_name(value)
        if len(arrived) == MOST_FILES:
            raise Invalid("file", f"at most {MOST_FILES} files at once")
        stored = await storage.put(_until_end(events), left)
        left -= stored.size
        arrived.append(Arrived(name, stored))
    if not arrived:
        raise Invalid("file", "is required")


def _file_name(headers: dict[bytes, bytes]) -> str:
    disposition = headers.get(b"content-disposition", b"")
    _, options = parse_options_header(disposition)
    if options.get(b"name") != b"file":
        raise Invalid("body", "the parts of the form are to be named file")
    if not {b"filename", b"filename*"} & options.keys():
        raise Invalid("file", "is not a file")
    return names.clean(options.get(b"filename", b"").decode("utf-8", "replace"))


async def _until_end(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    async for what, value in events:
        if what == "end":
            return
        yield value


async def _parts(request: Request, boundary: bytes) -> AsyncIterator[Event]:
    collected = _Collector()
    try:
        parser = MultipartParser(boundary, collected.callbacks())  # type: ignore[arg-type] # its typed dict is closed
        async for chunk in request.stream():
            parser.write(chunk)
            for event in collected.take():
                yield event
        parser.finalize()
    except FormParserError as error:
        raise Invalid("body", "is not the multipart form that it says") from error
    for event in collected.take():
        yield event
    if not collected.is_complete:
        raise Invalid("body", "ends in the middle of the form")


class _Collector:
    """Turns the parser's calls into begin, data and end events."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.headers: dict[bytes, bytes] = {}
        self.field, self.value = bytearray(), bytearray()
        self.is_complete = False

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self.headers.clear,
            "on_header_field": lambda block, start, end: self._grow(self.field, block[start:end]),
            "on_header_value": lambda block, start, end: self._grow(self.value, block[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": lambda: self.events.append(("begin", dict(self.headers))),
            "on_part_data": lambda block, start, end: self.events.append(("data", block[start:end])),
            "on_part_end": lambda: self.events.append(("end", None)),
            "on_end": self._ends,
        }

    def take(self) -> list[Event]:
        taken, self.events = self.events, []
        return taken

    def _grow(self, buffer: bytearray, part: bytes) -> None:
        if len(buffer) + len(part) > OVERHEAD:
            raise Invalid("body", "has a header that is too long")
        buffer += part

    def _header_ends(self) -> None:
        self.headers[bytes(self.field).lower()] = bytes(self.value)
        self.field.clear()
        self.value.clear()

    def _ends(self) -> None:
        self.is_complete = True
