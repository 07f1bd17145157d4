"""Find the media type of a file from its first bytes."""

import codecs
import re

import puremagic

from sightline.extractors.regex import regex
from sightline.extractors.signed import is_signed

_UNKNOWN = "application/octet-stream"
# BEL is written to terminals, where it ends the address of a link.
_BINARY = regex(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXT_TYPES_WITH_A_SIGNATURE = {"application/pdf", "application/rtf", "text/rtf"}
_ZIP = b"PK\x03\x04"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\0", b"MM\0*")
# UTF-16 without a byte order mark.
_WIDE_XML = (b"<\0?\0x\0", b"\0<\0?\0x")
_BITMAP = regex(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
_OPEN_DOCUMENT = regex(rb"PK\x03\x04.{26}mimetype(application/vnd\.oasis\.opendocument\.[a-z-]{1,60})PK", re.DOTALL)
_OFFICE = {
    b"word/": "wordprocessingml.document",
    b"xl/": "spreadsheetml.sheet",
    b"ppt/": "presentationml.presentation",
}
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_TYPES = {
    "__properties_version1.0": "application/vnd.ms-outlook",
    "__substg1.0_": "application/vnd.ms-outlook",
    "Workbook": "application/vnd.ms-excel",
    "WordDocument": "application/msword",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_MAIL_HEADER = regex(r"([!-9;-~]{1,100}):|[ \t]")
_MAIL_HEADERS = {
    *("to", "cc", "date", "subject", "message-id", "received", "return-path", "mime-version", "delivered-to"),
    *("reply-to", "sender", "dkim-signature", "content-type", "in-reply-to"),
}
_FEWEST_MAIL_HEADERS = 2
_LEAST_CONFIDENCE_IN_TEXT = 0.4
_BYTES_FOR_EACH_CONTROL = 100
_CHARACTERS_FOR_EACH_WRONG_BYTE = 50
_ASCII = bytes(range(128))
_MOST_BYTES_OUTSIDE_ASCII = 0.3

_PROLOG = regex(r"(?:\s+|<\?[^>]{0,2000}>|<!--.*?-->|<!DOCTYPE\s[^>\[]{0,2000}(?:\[[^\]]{0,4000}\]\s*)?>)*", re.DOTALL)
_ROOT = regex(r"<(?:[\w.-]{1,100}:)?([A-Za-z_][\w.-]{0,100})[\s/>]")
# Nothing may follow the repeated group in one expression: a comment can end in as many ways as `-->` follow.
_COMMENTS = regex(r"(?:\s+|<!--.*?-->)*", re.DOTALL)
_HTML_DOCTYPE = regex(r"<!DOCTYPE\s+html", re.IGNORECASE)
# fmt: off
_HTML_ELEMENTS = {
    "html", "head", "body", "script", "iframe", "style", "title", "table", "div", "font", "h1", "a", "b", "p", "br",
    "img", "form", "meta", "link",
}
# What people begin a text in Markdown with.
_MARKDOWN_ELEMENTS = {"details", "summary", "kbd", "sub", "sup", "center", "picture"}
# fmt: on

# The place in a program that a trace can begin with: `<internal:kernel>:187:in 'loop'`, `<anonymous_script>:1`.
_PLACE = regex(r"<[\w:/. ]+>:\d")


def detect(head: bytes, name: str) -> str:
    """Name the media type that the content shows, for example `application/pdf` or `text/plain`.

    `head` is the beginning of the file, 4 KiB or more. The name is not trusted and not used: a `.png` that holds HTML
    is `text/html`. What nothing recognises is `application/octet-stream`.
    """
    del name
    if is_signed(head):
        return "application/pkcs7-mime"
    return _text_type(head) if _is_text(head) else _binary_type(head)


def _binary_type(head: bytes) -> str:
    if head.startswith(_WIDE_XML):
        return "application/xml"
    if head.startswith(_ZIP):
        return _packed_type(head)
    if head.startswith(b"BM"):
        return "image/bmp" if _BITMAP.match(head) else _UNKNOWN
    if head.startswith(_COMPOUND):
        return _compound_type(head)
    return _signature(head) or _UNKNOWN


def _compound_type(head: bytes) -> str:
    """Tell the old office formats apart by the names of their streams, when those stand at the beginning."""
    told = (kind for name, kind in _COMPOUND_TYPES.items() if name.encode("utf-16-le") in head)
    return next(told, "application/x-ole-storage")


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
    if head.startswith((_ZIP, *_PICTURES)):  # what lies in it unpacked, or is said of a picture, may be text
        return False
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
    if text.startswith("<") and not _PLACE.match(text):
        return _markup_type(text)
    if _is_mail(text):
        return "message/rfc822"
    return "application/json" if re.match(r'\{\s*["}]|\[\s*[\[{"\]]', text) else "text/plain"


def _is_mail(text: str) -> bool:
    """Say whether the text begins with headers of which enough are those of a mail (RFC 5322)."""
    lines = text.removeprefix(">").split("\n")
    names = set()
    for number, line in enumerate(lines):
        header = _MAIL_HEADER.match(line)
        if header is None and not (number == 0 and line.startswith("From ")):
            # The last line may be cut, in the middle of a name.
            if line.strip() and number < len(lines) - 1:
                return False
            break
        names.add(((header and header[1]) or "").lower())
    has_sender = names & {"from", "return-path", "received"}
    return bool(has_sender) and len(names & _MAIL_HEADERS) >= _FEWEST_MAIL_HEADERS


def _decode(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return head.decode("utf-8", errors="replace")


def _markup_type(text: str) -> str:
    comments = _COMMENTS.match(text)
    if _HTML_DOCTYPE.match(text, comments.end() if comments else 0):
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
    if element in _MARKDOWN_ELEMENTS:
        return "text/plain"
    return "application/xml" if element or text.startswith("<!--") else "text/plain"


def _signature(head: bytes, at_least: float = 0.2) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return next((match.mime_type for match in found if match.mime_type and match.confidence >= at_least), "")
