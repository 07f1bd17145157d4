"""Read the header of simplified Italian invoices (FatturaPA FSM10), which name gross amounts alone.

Source: Specifiche tecniche of the Agenzia delle Entrate, Schema_VFSM10; art. 21-bis DPR 633/1972.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from sightline.extractors.hardened_xml import local_name, path_of
from sightline.extractors.invoice_xml.checks import check
from sightline.extractors.invoice_xml.fatturapa import DOCUMENT, HEADER, read_type
from sightline.extractors.invoice_xml.parties_of_fatturapa import add_name, add_vat
from sightline.extractors.invoice_xml.terms import (
    COMPUTED,
    STATED,
    SUMMED,
    Invoice,
    amount_of,
    find,
    first,
    text_at,
)

_LINES = "DatiBeniServizi"
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: the gross amount, the tax inside it, and whether the tax was computed from its rate."""

    gross: Decimal
    tax: Decimal
    is_computed: bool


def is_invoice(element: etree._Element) -> bool:
    """Say whether this is the root of a simplified FatturaPA file."""
    return local_name(element) == "FatturaElettronicaSemplificata"


def read(root: etree._Element) -> Iterator[Invoice]:
    """Read the header terms of each `FatturaElettronicaBody`.

    The same elements as in `fatturapa.read`; TD08 is a credit note. .total BT-112 is the sum of Importo, which
    includes the tax; .tax BT-110 the sum of Imposta, or where only Aliquota is given Importo x rate / (100 + rate),
    rounded to cents; .net BT-109 is their difference. Confidence: 1 for what one line states, 0.95 for sums and
    differences, 0.9 for tax from a rate. Due date, account and order do not exist here.
    """
    header = first(root, HEADER)
    for body in find(root, "FatturaElettronicaBody"):
        invoice = Invoice()
        invoice.add_texts("invoice.number", find(body, f"{DOCUMENT}/Numero"))
        invoice.add_days("invoice.date", find(body, f"{DOCUMENT}/Data"))
        invoice.add_texts("invoice.currency", find(body, f"{DOCUMENT}/Divisa"))
        read_type(body, invoice)
        if header is not None:
            _read_parties(header, invoice)
        _read_amounts(body, invoice)
        invoice.add_count("invoice.lines", sum(1 for _ in find(body, _LINES)), f"{path_of(body)}/{_LINES}")
        check(invoice)
        yield invoice


def _read_parties(header: etree._Element, invoice: Invoice) -> None:
    supplier = first(header, "CedentePrestatore")
    add_name("invoice.supplier", supplier, invoice)
    add_vat(first(header, "CedentePrestatore/IdFiscaleIVA"), invoice)
    add_name("invoice.buyer", first(header, "CessionarioCommittente/AltriDatiIdentificativi"), invoice)


def _read_amounts(body: etree._Element, invoice: Invoice) -> None:
    currency = text_at(body, f"{DOCUMENT}/Divisa") or None
    lines = [_line(line, invoice) for line in find(body, _LINES)]
    known = [line for line in lines if line]
    if not known or len(known) < len(lines):
        return
    total, tax = (sum(amounts, Decimal(0)) for amounts in ([one.gross for one in known], [one.tax for one in known]))
    stated = SUMMED if len(known) > 1 else STATED
    sure = COMPUTED if any(line.is_computed for line in known) else stated
    at = f"{path_of(body)}/{_LINES}"
    invoice.add_money("invoice.total", total, currency, f"{at}/Importo", stated)
    invoice.add_money("invoice.tax", tax, currency, f"{at}/DatiIVA", sure)
    invoice.add_money("invoice.net", total - tax, currency, at, min(sure, SUMMED))


def _line(line: etree._Element, invoice: Invoice) -> _Line | None:
    element = first(line, "Importo")
    gross = invoice.amount_in("invoice.total", element) if element is not None else None
    if gross is None:
        return None
    tax, rate = (next(map(amount_of, find(line, f"DatiIVA/{part}")), None) for part in ("Imposta", "Aliquota"))
    if tax is None and rate is not None and rate >= 0:
        return _Line(gross, (gross * rate / (_HUNDRED + rate)).quantize(_CENT), is_computed=rate > 0)
    return _Line(gross, tax or Decimal(0), is_computed=False)
