"""Find the invoices in an XML tree, whatever their syntax and whatever envelope is around them."""

from collections.abc import Iterator
from itertools import islice
from types import ModuleType

from lxml import etree

from sightline.extractors.hardened_xml import local_name
from sightline.extractors.invoice_xml import cii, fatturapa, fatturapa_simplified, ubl
from sightline.extractors.invoice_xml.terms import Invoice

_SYNTAXES = (cii, fatturapa, fatturapa_simplified, ubl)
_OTHERS = {"SCRDMCCBDACIOMessageStructure": "an order (Order-X)"}
_DEEPEST_ENVELOPE = 4
_MOST_IN_ENVELOPE = 1000
_MOST_INVOICES = 100


def invoices(root: etree._Element) -> Iterator[Invoice]:
    """Read the first 100 invoices: the root, or inside an envelope (StandardBusinessDocument, SOAP) up to 4 deep."""
    found = (invoice for syntax, element in _roots(root) for invoice in syntax.read(element))
    return islice(found, _MOST_INVOICES)


def told_apart(root: etree._Element) -> str | None:
    """Name a document that comes the way invoices do and is none."""
    return _OTHERS.get(local_name(root))


def _roots(root: etree._Element) -> Iterator[tuple[ModuleType, etree._Element]]:
    level = [root]
    for _ in range(_DEEPEST_ENVELOPE):
        found = [(syntax, element) for element in level for syntax in _SYNTAXES if syntax.is_invoice(element)]
        if found:
            yield from found
            return
        level = list(islice((child for element in level for child in element), _MOST_IN_ENVELOPE))
