"""Parse XML that may be hostile: no entities, no DTD, no network, no huge trees."""

import re
from collections.abc import Iterable

from lxml import etree

from sightline.extractors.reading import Unreadable

MOST_BYTES = 32 * 1024 * 1024

_NO_MEMORY = 2
_BAD_NAMESPACE = "WAR_NS_URI"
_BLANK_BEGINNING = re.compile(rb"\A[ \t\r\n]{1,1000}(?=<\?xml)")
_DECLARED_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([^"'>]{0,60})["']""")
_POSITION = re.compile(r", line \d+, column \d+.*$", re.DOTALL)
_LIMIT = re.compile("XML_PARSE_HUGE|amplification|limit exceeded", re.IGNORECASE)
_ENCODING_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9._-]*")
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

    Strict on purpose: an XML that needs repair may say something else after it. Blank lines before the declaration and
    a namespace that is no proper URI change nothing of what it says, and are let through.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"it is longer than {MOST_BYTES // 1_048_576} MB")
    content = _BLANK_BEGINNING.sub(b"", content)
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
