"""Which files may say more than everyone may know; found from their beginning, or while their bytes go by."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sightline.extractors.regex import regex

if TYPE_CHECKING:
    from sightline.extractors.source import Source

HAR_LOG = regex(rb'"log"\s{0,1000}:\s{0,1000}\{')
_EARLY_IN_HAR = (b'"entries"', b'"creator"', b'"pages"', b'"version"')
# Every HAR has these in this order; spaces, and the zeros of UTF-16, are left out before they are looked for.
_MARKS: Final = (b'"log":{', b'"entries":[', b'"request":')
_LOWER: Final = bytes(range(256)).lower()
_SPACES: Final = b"\0 \t\r\n"
_ESCAPES: Final = {f"\\u{code:04x}".encode(): bytes([code]) for code in sorted(set(b"".join(_MARKS)))}
_ESCAPED: Final = regex(b"|".join(map(re.escape, _ESCAPES)))
_QUOTES: Final = (b"&quot;", b"&#34;", b"&#x22;")
_LONGEST_MARK: Final = 128  # with an escape for every letter
# What people read as it is; the text of other files is looked at once it is read.
_PLAIN: Final = (
    *("text/", "application/json", "application/xml", "application/xhtml+xml", "application/octet-stream"),
    *("image/svg+xml", "message/"),
)
_HOLDERS: Final = (
    *("message/", "application/vnd.ms-outlook", "application/x-ole-storage", "application/zip", "application/gzip"),
    "application/x-tar",
)
_BITE: Final = 1 << 20


class Watch:
    """Looks for a HAR in bytes that go by in chunks: whole or broken, behind other text, escaped, in UTF-16, in HTML."""

    def __init__(self) -> None:
        self._wanted, self._before = list(_MARKS), b""

    @property
    def has_seen_har(self) -> bool:
        """Whether what went by so far holds a HAR."""
        return not self._wanted

    def see(self, chunk: bytes) -> None:
        """Look at the next bytes; this costs about as much as their checksum."""
        if not self._wanted:
            return
        window = self._before + chunk.translate(_LOWER, _SPACES)
        self._before = window[-_LONGEST_MARK:]
        plain, at = _unescaped(window), 0
        while self._wanted and (found := plain.find(self._wanted[0], at)) >= 0:
            at = found + len(self._wanted.pop(0))


def _unescaped(window: bytes) -> bytes:
    if b"&" in window:
        for quote in _QUOTES:
            window = window.replace(quote, b'"')
    if b"\\" in window:
        if b"\\u00" in window and _ESCAPED.search(window):
            for escape, character in _ESCAPES.items():
                window = window.replace(escape, character)
        # JSON in a string of JSON.
        window = window.replace(b"\\", b"")
    return window


def may_tell_too_much(media_type: str, head: bytes) -> bool:
    """Say whether a file waits for its `served_copy`: a picture, JSON, or text that begins like a HAR."""
    return media_type.startswith("image/") or media_type == "application/json" or looks_like_har(head)


def is_looked_through(media_type: str) -> bool:
    """Say whether reading a file of this type tells if it holds a HAR; else what its bytes showed is all there is."""
    return is_picture(media_type) or media_type.startswith(_PLAIN)


def holds_files(media_type: str) -> bool:
    """Say whether files of this type are there to hold others: mails and archives."""
    return media_type.startswith(_HOLDERS)


def is_picture(media_type: str) -> bool:
    """Say whether a file is a picture made of pixels, unlike SVG, which is text."""
    return media_type.startswith("image/") and media_type != "image/svg+xml"


def looks_like_har(head: bytes) -> bool:
    """Say whether a file that begins like this looks like a HAR, whole or broken."""
    plain = head.replace(b"\0", b"")
    return bool(HAR_LOG.search(plain)) and any(mark in plain for mark in _EARLY_IN_HAR)


def is_har(source: "Source") -> bool:
    """Say whether a file that people read as it is, or a mail, is or holds a HAR; it is read in bites.

    Of a mail only the whole HAR counts: one that quotes a few words of it is just a mail.
    """
    if not source.media_type.startswith(_PLAIN):
        return False
    is_mail = source.media_type.startswith("message/")
    return (not is_mail and looks_like_har(source.head)) or _holds_har(source)


def _holds_har(source: "Source") -> bool:
    source.file.seek(0)
    return holds_har(iter(lambda: source.file.read(_BITE), b""))


def holds_har(chunks: Iterable[bytes]) -> bool:
    """Say whether there is a HAR in these bytes."""
    watch = Watch()
    for chunk in chunks:
        watch.see(chunk)
        if watch.has_seen_har:
            return True
    return False
