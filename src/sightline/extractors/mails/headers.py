"""The headers of a mail (RFC 5322), with encoded words (RFC 2047) decoded."""

import binascii
import quopri
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from sightline.extractors.decoding import clean
from sightline.extractors.mails.charsets import decode_as
from sightline.extractors.regex import regex

LONGEST = 2000
_LONGEST_RAW = 10_000
_WORD = regex(r"=\?([\w.-]{1,40})(?:\*[\w-]{0,20})?\?([BbQq])\?([^?]{0,2000})\?=")
_NOT_BASE64 = regex(r"[^A-Za-z0-9+/]")
_HALF_DAY = regex(r"\d\s?[AP]M\b", re.IGNORECASE)


def unfolded(raw: str) -> str:
    """Put a header that goes over several lines into one."""
    return " ".join(raw[:_LONGEST_RAW].split())


def decoded(raw: str) -> str:
    """Give a header as people read it."""
    text, end = "", 0
    words: list[tuple[str, bytes]] = []
    for word in _WORD.finditer(raw):
        between = raw[end : word.start()]
        if between.strip() or not words:
            text, words = text + _joined(words) + between, []
        words.append((word[1].lower(), _bytes(word[2], word[3])))
        end = word.end()
    return " ".join(clean(text + _joined(words) + raw[end:]).split())


def _bytes(encoding: str, word: str) -> bytes:
    if encoding in "Qq":
        return quopri.decodestring(word.encode("utf-8", "replace"), header=True)
    letters = _NOT_BASE64.sub("", word)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4 + (len(letters) % 4 > 1) * 3] + "==")


def _joined(words: list[tuple[str, bytes]]) -> str:
    """Join words before decoding: some programs cut them in the middle of a character."""
    charsets = {charset for charset, _ in words}
    if len(charsets) == 1:
        return decode_as(b"".join(content for _, content in words), charsets.pop())
    return "".join(decode_as(content, charset) for charset, content in words)


def people(raw: str) -> str:
    """Give names and addresses, `Ann Example <ann@example.org>, bob@example.org`, whole ones up to 2000 characters."""
    try:
        found = [_person(decoded(name), address) for name, address in getaddresses([raw]) if "@" in address]
    except (RecursionError, ValueError, IndexError):
        found = []
    while len(", ".join(found)) > LONGEST:
        found.pop()
    return ", ".join(found) or decoded(raw)[:LONGEST]


def _person(name: str, address: str) -> str:
    spoken = clean(address)
    return f"{name} <{spoken}>" if name and name != spoken else spoken


def moment(raw: str) -> datetime | None:
    """Give a date with its offset from UTC; one without a known zone has none here either."""
    try:
        stated = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if _HALF_DAY.search(raw):
        return None  # 10:00 PM would be read as the morning
    # What says `-0000` knows the time in UTC and not the zone of the sender (RFC 5322, 3.3).
    return stated.replace(tzinfo=UTC) if "-0000" in raw else stated


def named(message: Message, name: str) -> Iterator[str]:
    """Give every header of a name, unfolded."""
    return (unfolded(str(value)) for value in message.get_all(name, []))
