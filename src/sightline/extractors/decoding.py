"""Turn the bytes of a text file into clean lines."""

import codecs

from sightline.extractors.regex import regex

WIDE = {codecs.BOM_UTF16_LE: b"\n\0", codecs.BOM_UTF16_BE: b"\0\n"}
# Colours, and what OSC begins and BEL or ST ends: titles, and the addresses around the words of a link.
_TERMINAL_CODES = regex(
    r"\x1b(?:\[[0-9;?]{0,32}[ -/]?[@-~]|[()][0-9A-B]|[=>78]|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\))"
)
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_UNSTORABLE = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def decode(content: bytes) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, or else Windows-1252; wrong bytes become U+FFFD.

    A file that is UTF-8 but for some bytes (a log that two programs wrote to) stays UTF-8.
    """
    if content.startswith(tuple(WIDE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", errors="replace")
    if any(ord(mark) > 127 and mark != "\ufffd" for mark in set(text)):  # noqa: PLR2004 - beyond ASCII
        return text
    return content.decode("cp1252", errors="replace")


def clean(text: str) -> str:
    """Take out terminal codes; replace what a database or JSON parser refuses: NUL, controls, lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", _TERMINAL_CODES.sub("", text))


def lines_of(content: bytes) -> list[str]:
    r"""Split into clean lines at `\n` or `\r\n`; line numbers of locators count these."""
    text = decode(content)
    if _has_unstorable(content):
        text = clean(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", " ")
    return text.split("\n")


def _has_unstorable(content: bytes) -> bool:
    # Counting deleted bytes is ten times as fast as searching the text.
    return len(content.translate(None, _CONTROLS)) != len(content) or any(mark in content for mark in _NONCHARACTERS)
