"""Parse XML that may be hostile: no entities, no DTD, no network, no huge trees."""

import re
from collections.abc import Iterable

from lxml import etree

from sightline.extractors.reading import Unreadable
from sightline.extractors.regex import regex

MOST_BYTES = 32 * 1024 * 1024

# libxml2 refuses an element with more text than this. An invoice may hold a larger document, of which it says nothing.
_LONGEST_TEXT = 10_000_000
_DOCUMENT = regex(rb">[A-Za-z0-9+/=\s]{1000000,}(?=<)")
_NO_MEMORY = 2
_BAD_NAMESPACE = "WAR_NS_URI"
_BLANK_BEGINNING = regex(rb"\A(?:\xef\xbb\xbf|[ \t\r\n]){1,1000}(?=<\?xml)")
# Bytes in which the declaration can be read one by one are not UTF-16; programs declare what their strings are in.
_NOT_IN_UTF_16 = regex(rb"""\A(<\?xml[^>]{0,100}?\sencoding\s*=\s*["'])utf-?16(?:le|be)?(?=["'])""", re.IGNORECASE)
_DECLARED_ENCODING = regex(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([^"'>]{0,60})["']""")
_POSITION = regex(r", line \d+, column \d+.*$", re.DOTALL)
_LIMIT = regex("XML_PARSE_HUGE|amplification|limit exceeded", re.IGNORECASE)
_ENCODING_NAME = regex(rb"[A-Za-z][A-Za-z0-9._-]*")
_STANDARD_PREFIXES = (
    ("ReusableAggregateBusinessInformationEntity", "ram"),
    ("UnqualifiedDataType", "udt"),
    ("QualifiedDataType", "qdt"),
    ("CrossIndustry", "rsm"),
    ("urn:ferd:", "rsm"),
    ("CommonBasicComponents", "cbc"),
    ("CommonAggregateComponents", "cac"),
    ("names:specification:ubl:schema:xsd:", "ubl"),
    ("ivaservizi.agenziaentrate.gov.it", "p"),
)


def parse(content: bytes) -> etree._Element:
    """Give the root element; raises Unreadable with the reason and the place.

    Strict on purpose: an XML that needs repair may say something else after it. Blank lines and marks of the byte
    order before the declaration, UTF-16 that is declared and cannot be, and a namespace that is no proper URI change
    nothing of what it says, and are let through; a document in base64 that is
    longer than a megabyte is left out of what is longer than ten.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"it is longer than {MOST_BYTES // 1_048_576} MB")
    content = _NOT_IN_UTF_16.sub(rb"\1utf-8", _BLANK_BEGINNING.sub(b"", content))
    if len(content) > _LONGEST_TEXT:
        content = _DOCUMENT.sub(b">", content)
    parser = _parser()
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if not _is_harmless(parser.error_log):
            raise _explained(error, content) from error
        root = etree.fromstring(content, _parser(recover=True))
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("it has a document type declaration, which can hide other content; invoices have none")
    return root


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _is_harmless(errors: Iterable[etree._LogEntry]) -> bool:
    """Say whether nothing is wrong but the spelling of namespaces; a fatal error would be among the others."""
    return {error.type_name for error in errors} == {_BAD_NAMESPACE}


def _explained(error: etree.XMLSyntaxError, content: bytes) -> Exception:
    if getattr(error, "code", None) == _NO_MEMORY:
        return MemoryError()
    declared = _DECLARED_ENCODING.match(content[:300])
    if declared and not _ENCODING_NAME.fullmatch(declared[1]):
        named = declared[1].decode("ascii", "replace")
        return Unreadable(f'line 1 declares the encoding "{named}", which is no valid name of an encoding')
    line, column = error.position
    return Unreadable(f"{_in_plain_words(str(error.msg or ''))} (line {line}, column {column})")


def _in_plain_words(message: str) -> str:
    if _LIMIT.search(message):
        return "it is nested or grows beyond what any invoice needs"
    return " ".join(_POSITION.sub("", message).split())[:200] or "it is empty"


def local_name(element: etree._Element) -> str:
    """Give the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def path_of(element: etree._Element) -> str:
    """Write the XPath of an element with the prefixes that the standards use, whatever the file calls them."""
    steps = [_step(step) for step in (element, *element.iterancestors())]
    return "".join(f"/{step}" for step in reversed(steps))


def _step(element: etree._Element) -> str:
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    after = next(element.itersiblings(element.tag), None)
    position = f"[{before + 1}]" if before or after is not None else ""
    prefix = _prefix(element)
    return f"{prefix}:{local_name(element)}{position}" if prefix else f"{local_name(element)}{position}"


def _prefix(element: etree._Element) -> str | None:
    namespace = etree.QName(element).namespace or ""
    return next((prefix for part, prefix in _STANDARD_PREFIXES if part in namespace), element.prefix)
