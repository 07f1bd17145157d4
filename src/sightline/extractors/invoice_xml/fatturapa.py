"""Read the header of Italian invoices in the syntax FatturaPA 1.2 (FPA12, FPR12); one file may hold several.

Source: Specifiche tecniche relative alla fattura elettronica of the Agenzia delle Entrate. BT and BG are the business
terms of EN 16931-1 that the elements stand for.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from sightline.extractors.hardened_xml import local_name, path_of
from sightline.extractors.invoice_xml.checks import check
from sightline.extractors.invoice_xml.parties_of_fatturapa import add_name, add_vat
from sightline.extractors.invoice_xml.terms import (
    COMPUTED,
    STATED,
    SUMMED,
    UNSURE,
    Invoice,
    Term,
    amount_of,
    day_of,
    find,
    first,
    text_at,
    text_of,
)

CREDIT_NOTES = {"TD04", "TD08"}
# fmt: off
TYPES = {
    "TD01", "TD02", "TD03", "TD04", "TD05", "TD06", "TD07", "TD08", "TD09", "TD16", "TD17", "TD18", "TD19", "TD20",
    "TD21", "TD22", "TD23", "TD24", "TD25", "TD26", "TD27", "TD28", "TD29",
}
# fmt: on
HEADER = "FatturaElettronicaHeader"
DOCUMENT = "DatiGenerali/DatiGeneraliDocumento"
_SUMMARY = "DatiBeniServizi/DatiRiepilogo"
_LINES = "DatiBeniServizi/DettaglioLinee"
_ROUNDING = f"{DOCUMENT}/Arrotondamento"
_ROUNDINGS = f"{_SUMMARY}/Arrotondamento"
_STAMP = f"{DOCUMENT}/DatiBollo/ImportoBollo"
_DISCOUNTS = f"{DOCUMENT}/ScontoMaggiorazione"
_CENT = Decimal("0.01")
_PAYMENT = "DatiPagamento/DettaglioPagamento"
_BY_INSTALMENTS = "TP01"
_LONGEST_TERM_DAYS = 3650


def is_invoice(element: etree._Element) -> bool:
    """Say whether this is the root of a FatturaPA file."""
    return local_name(element) == "FatturaElettronica"


def read(root: etree._Element) -> Iterator[Invoice]:
    """Read the header terms of each `FatturaElettronicaBody`.

    invoice.number BT-1 Numero · .date BT-2 Data · .type BT-3 TipoDocumento (TD04 is a credit note) · .currency BT-5
    Divisa · .due_date BT-9 DataScadenzaPagamento, else DataRiferimentoTerminiPagamento + GiorniTerminiPagamento
    (computed, confidence 0.9) · .order_ref BT-13 DatiOrdineAcquisto/IdDocumento · .supplier BT-27 Denominazione, or Nome
    and Cognome · .supplier_vat BT-31 IdPaese and IdCodice · .buyer BT-44 · .iban BT-84 · .lines the number of BG-25
    DettaglioLinee.

    .net BT-109 and .tax BT-110 are the sums of ImponibileImporto and Imposta over all DatiRiepilogo, the breakdown by
    rate; of several the confidence is 0.95. .total BT-112 is ImportoTotaleDocumento, which is optional: without it net +
    tax + Arrotondamento, with confidence 0.9; with ScontoMaggiorazione of the document, which some take off the sums by
    rate before and others not, 0.7. It is before tax withheld (ritenuta). .due BT-115 is ImportoPagamento,
    which is after it; of several instalments the sum (0.95). Credit notes state positive amounts, owed *to* the buyer.
    """
    header = first(root, HEADER)
    for body in find(root, "FatturaElettronicaBody"):
        invoice = Invoice()
        _read_document(header, body, invoice)
        currency = text_at(body, f"{DOCUMENT}/Divisa") or None
        _read_sums(body, currency, invoice)
        _read_total(body, currency, invoice)
        _read_payments(body, currency, invoice)
        invoice.add_count("invoice.lines", sum(1 for _ in find(body, _LINES)), f"{path_of(body)}/{_LINES}")
        extras = (sum(_amounts(body, path), Decimal(0)) for path in (_ROUNDING, _ROUNDINGS, _STAMP))
        # The exchange takes a tax that is a cent off its rate (error 00421), for each rate.
        rates = sum(1 for _ in find(body, _SUMMARY))
        check(invoice, *extras, _discounts(body, invoice), within=_CENT * rates)
        yield invoice


def _read_document(header: etree._Element | None, body: etree._Element, invoice: Invoice) -> None:
    invoice.add_texts("invoice.number", find(body, f"{DOCUMENT}/Numero"))
    invoice.add_days("invoice.date", find(body, f"{DOCUMENT}/Data"))
    invoice.add_texts("invoice.currency", find(body, f"{DOCUMENT}/Divisa"))
    invoice.add_texts("invoice.order_ref", find(body, "DatiGenerali/DatiOrdineAcquisto/IdDocumento"))
    read_type(body, invoice)
    if header is not None:
        add_name("invoice.supplier", first(header, "CedentePrestatore/DatiAnagrafici/Anagrafica"), invoice)
        add_vat(first(header, "CedentePrestatore/DatiAnagrafici/IdFiscaleIVA"), invoice)
        add_name("invoice.buyer", first(header, "CessionarioCommittente/DatiAnagrafici/Anagrafica"), invoice)


def read_type(body: etree._Element, invoice: Invoice) -> None:
    """Read TipoDocumento; one that is not known is a problem."""
    for element in find(body, f"{DOCUMENT}/TipoDocumento"):
        code = text_of(element)
        if code in TYPES:
            kind = "credit_note" if code in CREDIT_NOTES else "invoice"
            invoice.add(Term("invoice.type", "text", kind, path_of(element)))
        else:
            invoice.problems.append(f'The document type "{code[:20]}" is none that FatturaPA knows.')


def _read_sums(body: etree._Element, currency: str | None, invoice: Invoice) -> None:
    for name, part in (("invoice.net", "ImponibileImporto"), ("invoice.tax", "Imposta")):
        elements = list(find(body, f"{_SUMMARY}/{part}"))
        amounts = [invoice.amount_in(name, element) for element in elements]
        known = [amount for amount in amounts if amount is not None]
        if known and len(known) == sum(1 for _ in find(body, _SUMMARY)):
            is_one = len(known) == 1
            path = path_of(elements[0]) if is_one else f"{path_of(body)}/{_SUMMARY}/{part}"
            invoice.add_money(name, sum(known, Decimal(0)), currency, path, STATED if is_one else SUMMED)


def _read_total(body: etree._Element, currency: str | None, invoice: Invoice) -> None:
    stated = first(body, f"{DOCUMENT}/ImportoTotaleDocumento")
    if stated is not None:
        invoice.add_amount("invoice.total", stated, currency)
        return
    net, tax = invoice.amount("invoice.net"), invoice.amount("invoice.tax")
    if net is not None and tax is not None:
        discounts = _discounts(body, invoice)
        total = net + tax + sum(_amounts(body, _ROUNDING), discounts)
        sure = UNSURE if discounts else COMPUTED
        invoice.add_money("invoice.total", total, currency, f"{path_of(body)}/{_SUMMARY}", sure)


def _discounts(body: etree._Element, invoice: Invoice) -> Decimal:
    """Add up what is taken off the whole document (SC) and put on it (MG); a share alone is one of net and tax."""
    gross = (invoice.amount("invoice.net") or Decimal(0)) + (invoice.amount("invoice.tax") or Decimal(0))
    together = Decimal(0)
    for discount in find(body, _DISCOUNTS):
        shares = [(gross * share / 100).quantize(_CENT, ROUND_HALF_UP) for share in _amounts(discount, "Percentuale")]
        amount = next(iter(_amounts(discount, "Importo") or shares), Decimal(0))
        together += amount if text_at(discount, "Tipo") == "MG" else -amount
    return together


def _read_payments(body: etree._Element, currency: str | None, invoice: Invoice) -> None:
    for payment in find(body, _PAYMENT):
        invoice.add_accounts(find(payment, "IBAN"))
        _read_due_date(payment, invoice)
    _read_due(body, currency, invoice)


def _read_due_date(payment: etree._Element, invoice: Invoice) -> None:
    if first(payment, "DataScadenzaPagamento") is not None:
        invoice.add_days("invoice.due_date", find(payment, "DataScadenzaPagamento"))
        return
    begin = next(filter(None, map(day_of, find(payment, "DataRiferimentoTerminiPagamento"))), None)
    days = text_at(payment, "GiorniTerminiPagamento")
    if begin and days.isascii() and days.isdecimal() and int(days[:6]) <= _LONGEST_TERM_DAYS:
        due = date.fromisoformat(begin) + timedelta(days=int(days))
        invoice.add(Term("invoice.due_date", "date", due.isoformat(), path_of(payment), COMPUTED))


def _read_due(body: etree._Element, currency: str | None, invoice: Invoice) -> None:
    elements = list(find(body, f"{_PAYMENT}/ImportoPagamento"))
    amounts = [invoice.amount_in("invoice.due", element) for element in elements]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(elements):
        return
    # One amount that can be paid in several ways is stated once for each of them.
    if len(known) == 1 or (len(set(known)) == 1 and not _are_instalments(sum(known, Decimal(0)), body, invoice)):
        invoice.add_money("invoice.due", known[0], currency, path_of(elements[0]))
    else:
        path = f"{path_of(body)}/{_PAYMENT}/ImportoPagamento"
        invoice.add_money("invoice.due", sum(known, Decimal(0)), currency, path, SUMMED)


def _are_instalments(together: Decimal, body: etree._Element, invoice: Invoice) -> bool:
    """Say whether equal amounts are parts of what is owed: they come to the total, or to that less the tax withheld."""
    total = invoice.amount("invoice.total")
    withheld = sum(_amounts(body, f"{DOCUMENT}/DatiRitenuta/ImportoRitenuta"), Decimal(0))
    if total is not None and together in {total, total - withheld}:
        return True
    return _BY_INSTALMENTS in map(text_of, find(body, "DatiPagamento/CondizioniPagamento"))


def _amounts(body: etree._Element, path: str) -> list[Decimal]:
    return [amount for amount in map(amount_of, find(body, path)) if amount is not None]
