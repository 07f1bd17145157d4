"""Read the header of an invoice or credit note in the syntax UBL 2 (Peppol BIS 3, XRechnung and their forerunners).

BT and BG are the business terms of EN 16931-1, bound to UBL by CEN/TS 16931-3-2.
"""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from sightline.extractors.hardened_xml import local_name, path_of
from sightline.extractors.invoice_xml.checks import check, check_due
from sightline.extractors.invoice_xml.terms import (
    COMPUTED,
    STATED,
    Invoice,
    Term,
    amount_of,
    currency_of,
    find,
    first,
    text_at,
    text_of,
)
from sightline.extractors.invoice_xml.type_codes import kind_of, unknown

_KINDS = {
    "Invoice": "invoice",
    "CreditNote": "credit_note",
    "SelfBilledInvoice": "invoice",
    "SelfBilledCreditNote": "credit_note",
    "DebitNote": "invoice",
}
_NAMESPACES = ("urn:oasis:names:specification:ubl:", "urn:oasis:names:tc:ubl:")
_SUPPLIER = "AccountingSupplierParty|SellerSupplierParty|SellerParty"
_BUYER = "AccountingCustomerParty|BuyerCustomerParty|BuyerParty"
_CURRENCY = "DocumentCurrencyCode|InvoiceCurrencyCode"
_TYPE = "InvoiceTypeCode|CreditNoteTypeCode"
_NO_ORDER = {"NA", "N/A"}
_SUMS = "LegalMonetaryTotal|RequestedMonetaryTotal|LegalTotal"
_NET_IS_NOT_STATED = "OIOUBL-2"
_LINES = ("InvoiceLine", "CreditNoteLine", "DebitNoteLine")
_TAXES = "PartyTaxScheme"
_TAX = "TaxTotal/TaxAmount|TotalTaxAmount"
# How schemes like VAT are called elsewhere; 63 is the Danish one in OIOUBL.
_LIKE_VAT = {"VAT", "GST", "MOMS", "IVA", "63"}
_ANYTHING_BUT = {"!=", "NOT"}
_PARTY_NAMES = ("PartyLegalEntity/RegistrationName", "PartyName/Name")
_PERSON = ("Person/FirstName", "Person/MiddleName", "Person/FamilyName")
# A credit note has no DueDate of its own, and the invoices of UBL 2.0 often use the other places too.
_DUE_DATES = ("DueDate", "PaymentMeans/PaymentDueDate|DuePaymentDate", "PaymentTerms/PaymentDueDate")
_AMOUNTS = {
    "invoice.net": f"{_SUMS}/TaxExclusiveAmount|TaxExclusiveTotalAmount",
    "invoice.total": f"{_SUMS}/TaxInclusiveAmount|TaxInclusiveTotalAmount",
    "invoice.due": f"{_SUMS}/PayableAmount",
}


def is_invoice(element: etree._Element) -> bool:
    """Say whether this is a UBL document that bills or credits; orders and others are not."""
    if local_name(element) not in _KINDS:
        return False
    namespace = etree.QName(element).namespace or ""
    return namespace.lower().startswith(_NAMESPACES) or first(element, _SUPPLIER) is not None


def read(root: etree._Element) -> Iterator[Invoice]:
    """Read the header terms.

    invoice.number BT-1 · .date BT-2 · .type BT-3, or the name of the document · .currency BT-5 · .due_date BT-9 (in a
    credit note `PaymentMeans/PaymentDueDate`) · .order_ref BT-13 · .supplier BT-27, else BT-28 · .supplier_vat BT-31 ·
    .buyer BT-44, else BT-45 · .iban BT-84 · .net BT-109 · .tax BT-110 · .total BT-112 (where UBL 2.0 lets it out,
    net + tax with confidence 0.9) · .due BT-115 · .lines the number of BG-25. In OIOUBL 2, whose TaxExclusiveAmount is
    the tax, .net is what the lines come to with what is taken off and added.

    Amounts keep the digits and the sign of the document. In a credit note (`.type`) a positive amount is owed *to* the
    buyer; a total written as negative is named in the problems. A term that appears several times is given several
    times. A currency that the document does not name is that of its amounts, with confidence 0.9. BT-111, the tax
    in the currency of the tax office, is no fact. BT-84 may hold a domestic account number; one that is not written
    like an IBAN has confidence 0.7. BT-13 is left out when it is "NA", which Peppol demands where only a sales
    order (BT-14) is named, and which others write where there is none at all.
    """
    invoice = Invoice()
    invoice.add_texts("invoice.number", find(root, "ID"))
    invoice.add_texts("invoice.order_ref", _orders(root))
    _read_parties(root, invoice)
    _read_type(root, invoice)
    invoice.add_days("invoice.date", find(root, "IssueDate"))
    invoice.add_days("invoice.due_date", _first_present(root, _DUE_DATES))
    invoice.add_accounts(find(root, "PaymentMeans/PayeeFinancialAccount/ID"))
    _read_amounts(root, invoice)
    for line in _LINES:
        invoice.add_count("invoice.lines", sum(1 for _ in find(root, line)), f"{path_of(root)}/cac:{line}")
    rounding = _amount(root, "PayableRoundingAmount")
    if "en16931" in text_at(root, "CustomizationID"):
        check(invoice)
        check_due(invoice, _amount(root, "PrepaidAmount"), rounding + _for_others(root))
    else:  # the total may be the rounded one
        check(invoice, rounding)
    yield invoice


def _for_others(root: etree._Element) -> Decimal:
    """Add up the payments to third parties (BT-DEX-002 of the XRechnung extension), which are due with the invoice."""
    is_extension = "xrechnung" in text_at(root, "CustomizationID") and "extension" in text_at(root, "CustomizationID")
    return sum(_amounts(root, "PrepaidPayment/PaidAmount"), Decimal(0)) if is_extension else Decimal(0)


def _first_present(root: etree._Element, paths: tuple[str, ...]) -> list[etree._Element]:
    found = ([element for element in find(root, path) if text_of(element)] for path in paths)
    return next(filter(None, found), [])


def _orders(root: etree._Element) -> Iterator[etree._Element]:
    for reference in find(root, "OrderReference"):
        if text_at(reference, "ID").upper() not in _NO_ORDER:
            yield from find(reference, "ID|BuyersID")


def _read_parties(root: etree._Element, invoice: Invoice) -> None:
    for name, role in (("invoice.supplier", _SUPPLIER), ("invoice.buyer", _BUYER)):
        party = next((party for place in (f"{role}/Party", role) for party in find(root, place)), None)
        if party is not None:
            _read_name(name, party, invoice)
            if name == "invoice.supplier":
                invoice.add_texts("invoice.supplier_vat", _vat_numbers(party))


def _read_name(name: str, party: etree._Element, invoice: Invoice) -> None:
    if names := _first_present(party, _PARTY_NAMES):
        invoice.add_texts(name, names[:1])
        return
    person = " ".join(filter(None, (text_at(party, part) for part in _PERSON)))
    if person:
        invoice.add(Term(name, "text", person, f"{path_of(party)}/cac:Person"))


def _vat_numbers(party: etree._Element) -> list[etree._Element]:
    """Give the numbers of the scheme VAT, as EN 16931 wants it; else of one named alike, such as `UK VAT`, or GST.

    Romanian senders call the scheme of a number that is none `!= VAT`.
    """
    schemes = list(find(party, _TAXES))
    exact = [scheme for scheme in schemes if text_at(scheme, "TaxScheme/ID").upper() == "VAT"]
    named = [(scheme, _words(scheme, "TaxScheme/ID", "TaxScheme/Name")) for scheme in schemes]
    alike = [scheme for scheme, words in named if _LIKE_VAT & words and not _ANYTHING_BUT & words]
    return [number for scheme in exact or alike for number in find(scheme, "CompanyID")]


def _words(element: etree._Element, *paths: str) -> set[str]:
    return {word for path in paths for word in text_at(element, path).upper().split()}


def _read_type(root: etree._Element, invoice: Invoice) -> None:
    named = _KINDS[local_name(root)]
    element = first(root, _TYPE)
    if element is None:
        invoice.add(Term("invoice.type", "text", named, path_of(root)))
        return
    code = text_of(element)
    kind = kind_of(code)
    if kind is None:
        invoice.problems.append(unknown(code))
    elif named == "credit_note" and kind != named:
        invoice.problems.append(f'The document is a credit note, but its type "{code}" is that of an invoice.')
        kind = None
    invoice.add(Term("invoice.type", "text", kind or named, path_of(element if kind else root)))


def _read_amounts(root: etree._Element, invoice: Invoice) -> None:
    amounts = (element for path in (*_AMOUNTS.values(), _TAX) for element in find(root, path))
    currency = invoice.add_currency(find(root, _CURRENCY), amounts)
    for name, path in _AMOUNTS.items():
        if name == "invoice.net" and text_at(root, "CustomizationID").upper().startswith(_NET_IS_NOT_STATED):
            _add_up_net(root, currency, invoice)
            continue
        for element in find(root, path):
            invoice.add_amount(name, element, currency)
    for element in find(root, _TAX):
        if (currency_of(element) or currency) == currency:
            invoice.add_amount("invoice.tax", element, currency)
    _complete_total(root, currency, invoice)


def _add_up_net(root: etree._Element, currency: str | None, invoice: Invoice) -> None:
    for lines in find(root, f"{_SUMS}/LineExtensionAmount"):
        net = invoice.amount_in("invoice.net", lines)
        more = _amount(root, "ChargeTotalAmount") - _amount(root, "AllowanceTotalAmount")
        if net is not None:
            invoice.add_money("invoice.net", net + more, currency, path_of(lines), COMPUTED if more else STATED)


def _complete_total(root: etree._Element, currency: str | None, invoice: Invoice) -> None:
    """Compute a total that UBL 2.0 lets out; EN 16931 demands it."""
    net, tax, sums = invoice.amount("invoice.net"), invoice.amount("invoice.tax"), first(root, _SUMS)
    if "invoice.total" not in invoice.mentioned and net is not None and tax is not None and sums is not None:
        invoice.add_money("invoice.total", net + tax, currency, path_of(sums), COMPUTED)


def _amounts(root: etree._Element, path: str) -> list[Decimal]:
    return [amount for amount in map(amount_of, find(root, path)) if amount is not None]


def _amount(root: etree._Element, name: str) -> Decimal:
    return next(iter(_amounts(root, f"{_SUMS}/{name}")), Decimal(0))
