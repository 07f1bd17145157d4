"""The parts of a MIME message (RFC 2045, 2046), found in the bytes themselves.

Not by the standard library's parser: it asks every open boundary about every line, so that a few hundred nested parts
keep it busy for hours, and it loses where in the file things stand.
"""

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser

from sightline.extractors.decoding import lines_of
from sightline.extractors.reading import Unreadable
from sightline.extractors.regex import regex

_TEXT, _MESSAGE = "text/plain", "message/rfc822"
_LONGEST_HEADERS = 256 * 1024
_WITH_PARAMETERS = ("content-type", "content-disposition")
_MOST_PARAMETERS, _LONGEST_PARAMETERS = 100, 4000
_MOST_DEPTH = 20
_MOST_NODES = 1000
_HEADERS = regex(rb"(?:(?:[!-9;-~]+[ \t]*:|[ \t]+[^\s]|>?From )[^\n]*(?:\n|\Z))*")
_BLANK_LINE = regex(rb"\r?\n")
_HEADER = regex(r"([!-9;-~]{1,200}):")
_OUTSIDE_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_BITE = 192 * 1024  # a multiple of 3 and 4


@dataclass(slots=True)
class Node:
    """A part of the message, or the whole: headers, the place of its content in the file, and the parts within.

    `line` is the line of the file where the content begins, `header_lines` where each header stands, by its small name;
    `number` counts the parts that hold content, from 1, in the order of the file.
    """

    headers: Message
    header_lines: dict[str, int]
    start: int
    end: int
    line: int
    number: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def type(self) -> str:
        """The media type."""
        return self.headers.get_content_type()

    @property
    def is_text(self) -> bool:
        """Whether this may be read as a text; a multipart message without its parts is one."""
        return self.type in {_TEXT, "text/html"} or (self.type.startswith("multipart/") and not self.children)

    @property
    def encoding(self) -> str:
        """How the content was made fit for mail, such as `base64`."""
        return str(self.headers.get("content-transfer-encoding", "")).strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that a text says it has."""
        return self.headers.get_content_charset()

    @property
    def file_name(self) -> str:
        """The name of an attached file, empty when it has none."""
        try:
            return self.headers.get_filename() or ""
        except (LookupError, TypeError, ValueError):
            return ""

    @property
    def is_attached(self) -> bool:
        """Whether this was meant as a file rather than to be read in the mail."""
        return bool(self.file_name) or self.headers.get_content_disposition() == "attachment"

    def leaves(self) -> Iterator["Node"]:
        """Give the parts that hold content."""
        if self.number:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(slots=True)
class _Splitter:
    """Splits one message; what is nested or split beyond what mail needs stays one part."""

    content: bytes
    nodes: int = 0
    leaves: int = 0

    def split(self, start: int, end: int, line: int, depth: int = 0, default_type: str = _TEXT) -> Node:
        self.nodes += 1
        node = self._headed(start, end, line)
        node.headers.set_default_type(default_type)
        boundary = node.headers.get_boundary() if node.type.startswith("multipart/") else None
        if boundary and depth < _MOST_DEPTH:
            inner = _MESSAGE if node.type == "multipart/digest" else _TEXT
            node.children = [self.split(*place, depth + 1, inner) for place in self._within(node, boundary)]
        if not node.children:
            self.leaves += 1
            node.number = self.leaves
        return node

    def _headed(self, start: int, end: int, line: int) -> Node:
        begins = _end_of_headers(self.content, start, end)
        block = lines_of(self.content[start:begins])
        headers = HeaderParser().parsestr("\n".join(block), headersonly=True)
        _shorten_parameters(headers)
        first = line + self.content.count(b"\n", start, begins)
        return Node(headers, _header_lines(block, line), begins, end, first)

    def _within(self, node: Node, boundary: str) -> Iterator[tuple[int, int, int]]:
        """Give start, end and first line of what is between the boundaries."""
        mark = re.compile(b"--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
        begun, counted, line = -1, node.start, node.line
        for found in mark.finditer(self.content, node.start, node.end):
            if not self._begins_line(found.start()):
                continue
            if begun >= 0 and self.nodes < _MOST_NODES:
                line, counted = line + self.content.count(b"\n", counted, begun), begun
                yield begun, max(begun, self._end_of_line_before(found.start())), line
            begun = -1 if found[1] else _next_line(self.content, found.end(), node.end)
            if found[1]:
                return
        if begun >= 0:
            yield begun, node.end, line + self.content.count(b"\n", counted, begun)

    def _begins_line(self, at: int) -> bool:
        return at == 0 or self.content[at - 1 : at] == b"\n"

    def _end_of_line_before(self, at: int) -> int:
        return at - 2 if self.content[at - 2 : at] == b"\r\n" else at - 1


def split(content: bytes) -> Node:
    """Split a whole message; blank lines in front of it count as lines and no more."""
    start = len(content) - len(content.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"))
    return _Splitter(content).split(start, len(content), 1 + content.count(b"\n", 0, start))


def _end_of_headers(content: bytes, start: int, end: int) -> int:
    """Give where the content begins: behind the blank line, or at the first line that is no header."""
    headers = _HEADERS.match(content, start, min(end, start + _LONGEST_HEADERS))
    return _next_line(content, headers.end() if headers else start, end)


def _shorten_parameters(headers: Message) -> None:
    """Keep the headers with parameters short: the standard library takes quadratic time over them."""
    for name in _WITH_PARAMETERS:
        if name in headers:
            first = ";".join(str(headers[name]).split(";")[:_MOST_PARAMETERS])[:_LONGEST_PARAMETERS]
            del headers[name]
            headers[name] = first


def _next_line(content: bytes, at: int, end: int) -> int:
    found = _BLANK_LINE.match(content, at, end)
    return found.end() if found else at


def _header_lines(block: list[str], line: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, text in enumerate(block, start=line):
        header = _HEADER.match(text)
        if header:
            found.setdefault(header[1].lower(), number)
    return found


def size_of(content: bytes, node: Node) -> int:
    """Give the size of what a part holds, in bytes."""
    raw = content[node.start : node.end]
    if node.encoding == "base64":
        return len(raw.translate(None, _OUTSIDE_BASE64)) * 3 // 4
    return len(quopri.decodestring(raw)) if node.encoding == "quoted-printable" else len(raw)


def chunks(content: bytes, node: Node) -> Iterator[bytes]:
    """Give what a part holds, in pieces; what is no base64 in base64 is passed over, as all mail programs do."""
    raw = content[node.start : node.end]
    if node.encoding == "base64":
        letters = raw.translate(None, _OUTSIDE_BASE64)
        whole = len(letters) // 4 * 4 + (len(letters) % 4 > 1) * (len(letters) % 4)
        pieces = (letters[at : min(at + _BITE, whole)] for at in range(0, whole, _BITE))
        return (binascii.a2b_base64(piece + b"==" if len(piece) % 4 else piece) for piece in pieces)
    if node.encoding in {"x-uuencode", "uuencode", "x-uue"}:
        raise Unreadable("is packed in an old way (uuencode)")
    decoded = quopri.decodestring(raw) if node.encoding == "quoted-printable" else raw
    return (decoded[at : at + _BITE] for at in range(0, len(decoded), _BITE))
