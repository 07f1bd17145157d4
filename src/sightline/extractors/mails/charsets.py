"""Decode what a mail says is in some charset."""

import codecs

from sightline.extractors.decoding import decode
from sightline.extractors.regex import regex

# Charsets that mail is written in. Python knows codecs besides that are no charsets, and slow on purpose-made input.
_CHARSET = regex(r"utf|iso8859|iso2022|cp\d|koi8|gb|big5|euc|shift|hz|mac|tis|johab|hp|kz|ptcp")


def decode_as(content: bytes, charset: str | None) -> str:
    """Decode; an unknown charset, or one that the bytes contradict, is found out from the bytes."""
    try:
        codec = codecs.lookup(charset or "ascii").name
        return content.decode(codec) if _CHARSET.match(codec) else decode(content)
    except (LookupError, ValueError):
        return decode(content)
