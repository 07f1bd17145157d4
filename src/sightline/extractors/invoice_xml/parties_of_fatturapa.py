"""Names and numbers of the parties in FatturaPA, which the ordinary and the simplified invoice write alike."""

from lxml import etree

from sightline.extractors.hardened_xml import path_of
from sightline.extractors.invoice_xml.terms import Invoice, Term, find, first, text_at


def add_name(name: str, party: etree._Element | None, invoice: Invoice) -> None:
    """Take Denominazione, or Nome and Cognome of a person."""
    if party is None:
        return
    person = " ".join(filter(None, (text_at(party, "Nome"), text_at(party, "Cognome"))))
    if text_at(party, "Denominazione"):
        invoice.add_texts(name, find(party, "Denominazione"))
    elif person:
        invoice.add(Term(name, "text", person, path_of(party)))


def add_vat(number: etree._Element | None, invoice: Invoice) -> None:
    """Take IdPaese and IdCodice together as the VAT number of the supplier."""
    if number is None or first(number, "IdCodice") is None:
        return
    country, code = text_at(number, "IdPaese"), text_at(number, "IdCodice")
    written = code if code.startswith(country) else country + code
    invoice.add(Term("invoice.supplier_vat", "text", written, path_of(number)))
