"""Find the invoices in an XML tree, whatever their syntax and whatever envelope is around them."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from types import ModuleType

from lxml import etree

from sightline.extractors.hardened_xml import local_name, parse, path_of
from sightline.extractors.invoice_xml import cii, fatturapa, fatturapa_simplified, ubl
from sightline.extractors.invoice_xml.terms import Invoice, find
from sightline.extractors.reading import Unreadable
from sightline.extractors.regex import regex

_SYNTAXES = (cii, fatturapa, fatturapa_simplified, ubl)
_OTHERS = {"SCRDMCCBDACIOMessageStructure": "an order (Order-X)"}
_NAMESPACES = (
    "CrossIndustryInvoice",
    "CrossIndustryDocument",
    "xsd:Invoice-2",
    "xsd:CreditNote-2",
    "docs/xsd/fatture/v",
)
_DECLARATION = regex(r"\s*<\?xml[^>]*\?>")
_DEEPEST_ENVELOPE = 4
_MOST_IN_ENVELOPE = 1000
_MOST_INVOICES = 100


def invoices(root: etree._Element) -> Iterator[Invoice]:
    """Read the first 100 invoices: the root, or inside an envelope (StandardBusinessDocument, SOAP) up to 4 deep."""
    found = (invoice for syntax, element in _roots(root) for invoice in syntax.read(element))
    return islice(found, _MOST_INVOICES)


def attached(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Give what an AttachedDocument of UBL holds as text, as invoices come in Colombia, and what its paths begin with."""
    if local_name(root) == "AttachedDocument":
        for element in find(root, "Attachment/ExternalReference/Description"):
            with suppress(Unreadable):
                yield parse(_DECLARATION.sub("", element.text or "").encode()), f"{path_of(element)}:"


def told_apart(root: etree._Element) -> str | None:
    """Name a document that comes the way invoices do and is none."""
    return _OTHERS.get(local_name(root))


def is_meant(root: etree._Element) -> bool:
    """Say whether a document is in a namespace of invoices, whatever its root element is called."""
    namespace = etree.QName(root).namespace or ""
    return any(part in namespace for part in _NAMESPACES)


def _roots(root: etree._Element) -> Iterator[tuple[ModuleType, etree._Element]]:
    level = [root]
    for _ in range(_DEEPEST_ENVELOPE):
        found = [(syntax, element) for element in level for syntax in _SYNTAXES if syntax.is_invoice(element)]
        if found:
            yield from found
            return
        level = list(islice((child for element in level for child in element), _MOST_IN_ENVELOPE))
