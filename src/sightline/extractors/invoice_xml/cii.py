"""Read the header of an invoice in the syntax UN/CEFACT Cross Industry Invoice (CII).

One mapping serves CII D16B (XRechnung, Factur-X, ZUGFeRD 2) and its forerunner in ZUGFeRD 1, whose elements differ
in a few names. BT and BG are the business terms of EN 16931-1, bound to CII by CEN/TS 16931-3-3.
"""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from sightline.extractors.hardened_xml import local_name, path_of
from sightline.extractors.invoice_xml.checks import check, check_due
from sightline.extractors.invoice_xml.terms import Invoice, Term, amount_of, find, first, text_at, text_of
from sightline.extractors.invoice_xml.type_codes import kind_of, unknown

_ROOTS = {"CrossIndustryInvoice", "CrossIndustryDocument"}
_GUIDELINE = "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"
_DOCUMENT = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMS = f"{_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINES = f"{_TRADE}/IncludedSupplyChainTradeLineItem"
_CURRENCY = f"{_SETTLEMENT}/InvoiceCurrencyCode"
_NOTES = "AssociatedDocumentLineDocument"
_ACCOUNT = f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"

_TEXTS = {
    "invoice.number": f"{_DOCUMENT}/ID",
    "invoice.order_ref": f"{_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID|ID",
}
_PARTIES = {"invoice.supplier": f"{_AGREEMENT}/SellerTradeParty", "invoice.buyer": f"{_AGREEMENT}/BuyerTradeParty"}
_PARTY_NAMES = ("Name", "SpecifiedLegalOrganization/TradingBusinessName", "DefinedTradeContact/PersonName")
_TAX_NUMBERS = f"{_AGREEMENT}/SellerTradeParty/SpecifiedTaxRegistration/ID"
_DATES = {
    "invoice.date": f"{_DOCUMENT}/IssueDateTime",
    "invoice.due_date": f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime",
}
_TAX = f"{_SUMS}/TaxTotalAmount"
_AMOUNTS = {
    "invoice.net": f"{_SUMS}/TaxBasisTotalAmount",
    "invoice.total": f"{_SUMS}/GrandTotalAmount",
    "invoice.due": f"{_SUMS}/DuePayableAmount",
}


def is_invoice(element: etree._Element) -> bool:
    """Say whether this is a Cross Industry Invoice or its forerunner, `CrossIndustryDocument` or once `Invoice`."""
    named = local_name(element)
    return named in _ROOTS or (named == "Invoice" and first(element, "HeaderExchangedDocument") is not None)


def read(root: etree._Element) -> Iterator[Invoice]:
    """Read the header terms.

    invoice.number BT-1 · .date BT-2 · .type BT-3 · .currency BT-5 · .due_date BT-9 · .order_ref BT-13 ·
    .supplier BT-27 (else BT-28, BT-41) · .supplier_vat BT-31 · .buyer BT-44 (else BT-45, BT-56) · .iban BT-84 ·
    .net BT-109 · .tax BT-110 · .total BT-112 · .due BT-115 · .lines the number of BG-25.

    Amounts keep the digits and the sign of the document. In a credit note (`.type`) a positive amount is owed *to* the
    buyer, as EN 16931 has it; a total written as negative is named in the problems. A term that appears several times
    (instalments, accounts) is given several times. BT-111, the tax in the currency of the tax office, is no fact.
    """
    invoice = Invoice()
    for name, path in _TEXTS.items():
        invoice.add_texts(name, find(root, path))
    _read_parties(root, invoice)
    _read_type(root, invoice)
    for name, path in _DATES.items():
        invoice.add_days(name, _days(root, path))
    _read_amounts(root, invoice)
    _read_accounts(root, invoice)
    _read_lines(root, invoice)
    check(invoice)
    # MINIMUM, BASIC WL and ZUGFeRD 1 do not promise what EN 16931 does, that the amount due can be computed.
    if "en16931" in text_at(root, _GUIDELINE):
        check_due(invoice, _amount(root, "TotalPrepaidAmount"), _amount(root, "RoundingAmount"))
    yield invoice


def _days(root: etree._Element, path: str) -> Iterator[etree._Element]:
    """Give the dates; the first draft of ZUGFeRD writes them without an element of their own."""
    for moment in find(root, path):
        yield from find(moment, "DateTimeString|DateTime|Date")
        if text_of(moment):
            yield moment


def _read_parties(root: etree._Element, invoice: Invoice) -> None:
    for name, path in _PARTIES.items():
        for party in find(root, path):
            written = next((at for at in _PARTY_NAMES if text_at(party, at)), _PARTY_NAMES[0])
            invoice.add_texts(name, find(party, written))
    numbers = list(find(root, _TAX_NUMBERS))
    by_scheme = ([number for number in numbers if number.get("schemeID") == scheme] for scheme in ("VA", "VAT"))
    invoice.add_texts("invoice.supplier_vat", next(filter(None, by_scheme), []))


def _read_type(root: etree._Element, invoice: Invoice) -> None:
    for element in find(root, f"{_DOCUMENT}/TypeCode"):
        code = text_of(element)
        if kind := kind_of(code):
            invoice.add(Term("invoice.type", "text", kind, path_of(element)))
        else:
            invoice.problems.append(unknown(code))


def _read_amounts(root: etree._Element, invoice: Invoice) -> None:
    amounts = (element for path in (*_AMOUNTS.values(), _TAX) for element in find(root, path))
    currency = invoice.add_currency(find(root, _CURRENCY), amounts)
    for name, path in _AMOUNTS.items():
        elements = list(find(root, path))
        matching = [element for element in elements if element.get("currencyID", currency) == currency]
        for element in matching or elements:
            invoice.add_amount(name, element, currency)
    for element in find(root, _TAX):
        # BT-110 and BT-111 share an element and differ in its currency: the invoice's, and the tax office's.
        if element.get("currencyID", currency) == currency:
            invoice.add_amount("invoice.tax", element, currency)


def _read_accounts(root: etree._Element, invoice: Invoice) -> None:
    invoice.add_accounts(find(root, f"{_ACCOUNT}/IBANID"))
    if "invoice.iban" not in invoice.mentioned:
        invoice.add_accounts(find(root, f"{_ACCOUNT}/ProprietaryID"))


def _read_lines(root: etree._Element, invoice: Invoice) -> None:
    """Count the invoice lines, not those that hold a note alone (in ZUGFeRD 1 they stand above a group of lines).

    The profiles MINIMUM and BASIC WL have none, which says nothing about the invoice.
    """
    trade = first(root, _TRADE)
    if trade is not None:
        number = sum(1 for line in find(root, _LINES) if _is_billed(line))
        invoice.add_count("invoice.lines", number, f"{path_of(trade)}/ram:IncludedSupplyChainTradeLineItem")


def _is_billed(line: etree._Element) -> bool:
    return first(line, f"{_NOTES}/LineID") is not None or any(local_name(part) != _NOTES for part in line)


def _amount(root: etree._Element, name: str) -> Decimal:
    amounts = (amount_of(element) for element in find(root, f"{_SUMS}/{name}"))
    return next((amount for amount in amounts if amount is not None), Decimal(0))
