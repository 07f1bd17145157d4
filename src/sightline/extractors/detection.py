"""Find the media type of a file from its first bytes."""

import codecs
import re

import puremagic

_UNKNOWN = "application/octet-stream"
_BINARY = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f]")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXT_TYPES_WITH_A_SIGNATURE = {"application/pdf", "application/rtf", "text/rtf", "message/rfc822"}
_ZIP = b"PK\x03\x04"
_BITMAP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
_OPEN_DOCUMENT = re.compile(
    rb"PK\x03\x04.{26}mimetype(application/vnd\.oasis\.opendocument\.[a-z-]{1,60})PK", re.DOTALL
)
_OFFICE = {
    b"word/": "wordprocessingml.document",
    b"xl/": "spreadsheetml.sheet",
    b"ppt/": "presentationml.presentation",
}
_LEAST_CONFIDENCE_IN_TEXT = 0.4
_BYTES_FOR_EACH_CONTROL = 100
_CHARACTERS_FOR_EACH_WRONG_BYTE = 50
_ASCII = bytes(range(128))
_MOST_BYTES_OUTSIDE_ASCII = 0.3

_PROLOG = re.compile(
    r"(?:\s+|<\?[^>]{0,2000}>|<!--.*?-->|<!DOCTYPE\s[^>\[]{0,2000}(?:\[[^\]]{0,4000}\]\s*)?>)*", re.DOTALL
)
_ROOT = re.compile(r"<(?:[\w.-]{1,100}:)?([A-Za-z_][\w.-]{0,100})[\s/>]")
_HTML_DOCTYPE = re.compile(r"\s*(?:<!--.*?-->\s*)*<!DOCTYPE\s+html", re.IGNORECASE | re.DOTALL)
# fmt: off
_HTML_ELEMENTS = {
    "html", "head", "body", "script", "iframe", "style", "title", "table", "div", "font", "h1", "a", "b", "p", "br",
    "img", "form", "meta", "link",
}
# fmt: on


def detect(head: bytes, name: str) -> str:
    """Name the media type that the content shows, for example `application/pdf` or `text/plain`.

    `head` is the beginning of the file, 4 KiB or more. The name is not trusted and not used: a `.png` that holds HTML
    is `text/html`. What nothing recognises is `application/octet-stream`.
    """
    del name
    if _is_text(head):
        return _text_type(head)
    if head.startswith(_ZIP):
        return _packed_type(head)
    if head.startswith(b"BM"):
        return "image/bmp" if _BITMAP.match(head) else _UNKNOWN
    return _signature(head) or _UNKNOWN


def _packed_type(head: bytes) -> str:
    """Tell office files from other archives by the names inside; the signature alone is the same."""
    declared = _OPEN_DOCUMENT.match(head)
    if declared:
        return declared[1].decode()
    office = next((kind for folder, kind in _OFFICE.items() if b"[Content_Types].xml" in head and folder in head), "")
    return f"application/vnd.openxmlformats-officedocument.{office}" if office else "application/zip"


def _is_text(head: bytes) -> bool:
    if head.startswith(_BYTE_ORDER_MARKS):
        return True
    # A log keeps being text when a crash of the machine left a few wrong bytes in it.
    is_binary = len(_BINARY.findall(head)) > len(head) // _BYTES_FOR_EACH_CONTROL
    return bool(head) and not is_binary and (_is_nearly_utf8(head) or _is_mostly_ascii(head))


def _is_nearly_utf8(head: bytes) -> bool:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    return text.count("\ufffd") <= len(text) // _CHARACTERS_FOR_EACH_WRONG_BYTE


def _is_mostly_ascii(head: bytes) -> bool:
    return len(head.translate(None, _ASCII)) <= len(head) * _MOST_BYTES_OUTSIDE_ASCII


def _text_type(head: bytes) -> str:
    signed = _signature(head, at_least=_LEAST_CONFIDENCE_IN_TEXT)
    if signed in _TEXT_TYPES_WITH_A_SIGNATURE:
        return signed
    text = _decode(head).lstrip("\ufeff \t\r\n\f")
    if text.startswith("<"):
        return _markup_type(text)
    return "application/json" if re.match(r'\{\s*["}]|\[\s*[\[{"\]]', text) else "text/plain"


def _decode(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return head.decode("utf-8", errors="replace")


def _markup_type(text: str) -> str:
    if _HTML_DOCTYPE.match(text):
        return "text/html"
    prolog = _PROLOG.match(text)
    root = _ROOT.match(text, prolog.end() if prolog else 0)
    element = root[1].lower() if root else ""
    if element == "svg":
        return "image/svg+xml"
    if text.startswith("<?xml"):
        return "application/xhtml+xml" if element == "html" else "application/xml"
    if element in _HTML_ELEMENTS:
        return "text/html"
    return "application/xml" if element or text.startswith("<!--") else "text/plain"


def _signature(head: bytes, at_least: float = 0.2) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return next((match.mime_type for match in found if match.mime_type and match.confidence >= at_least), "")
