"""Know a signed envelope (CMS, RFC 5652) from its beginning, as bytes or as base64 text."""

import base64
import binascii

from sightline.extractors.regex import regex

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_SEQUENCE = b"\x30"
_LOOK = 200
_ARMOR = regex(rb"-----[A-Z0-9 ]{1,40}-----")


def is_signed(head: bytes) -> bool:
    """Say whether a file that begins like this is a signed envelope."""
    begin = bare(head[:_LOOK])
    return begin[:1] == _SEQUENCE and _SIGNED_DATA in begin[:32]


def bare(envelope: bytes) -> bytes:
    """Give the bytes of an envelope without base64 and its armour; nothing when it is neither."""
    if envelope[:1] == _SEQUENCE:
        return envelope
    letters = b"".join(_ARMOR.sub(b"", envelope).split())
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4], validate=True)
    except binascii.Error:
        return b""
