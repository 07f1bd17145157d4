"""Files out of a request body as they arrive: `multipart/form-data`, or one raw body. No file is buffered whole."""

import contextlib
from collections.abc import AsyncIterator, Mapping
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
NO_FIELDS: Final[Mapping[str, int]] = {}
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
    if is_form(request):
        arrived, _ = await receive_form(request, storage, limit)
        if not arrived:
            raise Invalid("file", "is required")
        return arrived
    must_fit(request, limit)
    stored = await storage.put(_nonempty(request), limit)
    return [Arrived(names.from_header(request.headers.get("content-disposition")), stored)]


def is_form(request: Request) -> bool:
    """Tell whether the request says that it carries a multipart form."""
    return _type(request)[0] == b"multipart/form-data"


def _type(request: Request) -> tuple[bytes, dict[bytes, bytes]]:
    return parse_options_header(request.headers.get("content-type", "")[: names.LONGEST_HEADER])


async def receive_form(
    request: Request, storage: Storage, limit: int, fields: Mapping[str, int] = NO_FIELDS
) -> tuple[list[Arrived], dict[str, str]]:
    """Store every file of a form, and return them and its words; raises like `receive`.

    `fields` names what may be there beside files, and how many bytes of UTF-8 each may have.
    """
    must_fit(request, limit)
    _, options = _type(request)
    form = _Form(storage, limit, fields)
    try:
        await form.take(_parts(request, options.get(b"boundary", b"")))
    except BaseException:
        await drop(storage, form.arrived)
        raise
    return form.arrived, form.words


async def drop(storage: Storage, arrived: list[Arrived]) -> None:
    """Take files out of the store again."""
    for one in arrived:
        with contextlib.suppress(Unavailable):  # what stays is swept
            await storage.delete(one.stored.key)


@contextlib.asynccontextmanager
async def dropped_on_failure(storage: Storage, arrived: list[Arrived]) -> AsyncIterator[None]:
    """Take files out of the store again when what is done with them fails."""
    try:
        yield
    except BaseException:
        await drop(storage, arrived)
        raise


def fingerprint(arrived: list[Arrived]) -> str:
    """Return what tells files that are sent again from others under the same key."""
    return ";".join(f"{one.name}={one.stored.sha256}" for one in arrived)


async def _nonempty(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


class _Form:
    """What came in a form so far."""

    def __init__(self, storage: Storage, limit: int, fields: Mapping[str, int]) -> None:
        self.storage, self.left, self.fields = storage, limit, fields
        self.arrived: list[Arrived] = []
        self.words: dict[str, str] = {}

    async def take(self, events: AsyncIterator[Event]) -> None:
        async for what, value in events:
            if what == "begin":
                _, options = parse_options_header(value.get(b"content-disposition", b"")[: names.LONGEST_HEADER])
                await self._take_part(options, _until_end(events))

    async def _take_part(self, options: dict[bytes, bytes], chunks: AsyncIterator[bytes]) -> None:
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name in self.fields:
            self.words[name] = await _read_words(name, chunks, self.fields[name])
        elif name == "file":
            await self._take_file(options, chunks)
        else:
            raise Invalid("body", f"the parts of the form are to be named {', '.join(['file', *self.fields])}")

    async def _take_file(self, options: dict[bytes, bytes], chunks: AsyncIterator[bytes]) -> None:
        if not {b"filename", b"filename*"} & options.keys():
            raise Invalid("file", "is not a file")
        if len(self.arrived) == MOST_FILES:
            raise Invalid("file", f"at most {MOST_FILES} files at once")
        stored = await self.storage.put(chunks, self.left)
        self.left -= stored.size
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        self.arrived.append(Arrived(names.clean(name), stored))


async def _read_words(name: str, chunks: AsyncIterator[bytes], most: int) -> str:
    read = bytearray()
    async for chunk in chunks:
        read += chunk
        if len(read) > most:
            raise Invalid(name, "is too long")
    try:
        return read.decode()
    except UnicodeDecodeError as error:
        raise Invalid(name, "is not UTF-8") from error


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
