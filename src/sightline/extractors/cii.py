"""Read the header of an invoice in the syntax UN/CEFACT Cross Industry Invoice (CII).

One mapping serves CII D16B (XRechnung, Factur-X, ZUGFeRD 2) and its forerunner in ZUGFeRD 1, whose elements differ
in a few names. BT and BG are the business terms of EN 16931-1, bound to CII by CEN/TS 16931-3-3.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lxml import etree

from sightline.extractors.hardened_xml import local_name, path_of
from sightline.extractors.reading import FactType, Money, Value

_DOCUMENT = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMS = f"{_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINES = f"{_TRADE}/IncludedSupplyChainTradeLineItem"
_CURRENCY = f"{_SETTLEMENT}/InvoiceCurrencyCode"

_TEXTS = {
    "invoice.number": f"{_DOCUMENT}/ID",
    "invoice.supplier": f"{_AGREEMENT}/SellerTradeParty/Name",
    "invoice.supplier_vat": f"{_AGREEMENT}/SellerTradeParty/SpecifiedTaxRegistration/ID@VA",
    "invoice.buyer": f"{_AGREEMENT}/BuyerTradeParty/Name",
    "invoice.currency": _CURRENCY,
    "invoice.iban": f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID",
    "invoice.order_ref": f"{_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID|ID",
}
_DATES = {
    "invoice.date": f"{_DOCUMENT}/IssueDateTime",
    "invoice.due_date": f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime",
}
_AMOUNTS = {
    "invoice.net": f"{_SUMS}/TaxBasisTotalAmount",
    "invoice.tax": f"{_SUMS}/TaxTotalAmount",
    "invoice.total": f"{_SUMS}/GrandTotalAmount",
    "invoice.due": f"{_SUMS}/DuePayableAmount",
}
# fmt: off
_INVOICES = {
    "71", "80", "82", "84", "102", "130", "202", "203", "204", "211", "218", "219", "295", "325", "326", "331",
    "380", "382", "383", "384", "385", "386", "387", "388", "389", "390", "393", "394", "395", "456", "457", "471",
    "472", "473", "500", "501", "527", "553", "575", "623", "633", "751", "780", "817", "870", "875", "876", "877",
    "935",
}
_CREDIT_NOTES = {
    "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532",
}
# fmt: on
_DATE_FORMATS = {"102": r"\d{8}", "203": r"\d{12}", "204": r"\d{14}", None: r"\d{4}-\d\d-\d\d(?:T.{1,40})?"}
_LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Term:
    """One business term that the invoice states."""

    name: str
    type: FactType
    value: Value
    path: str


@dataclass(slots=True)
class Invoice:
    """What one CII document says, and what is wrong with it."""

    terms: list[Term] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def is_cii(root: etree._Element) -> bool:
    """Say whether this is the root of a Cross Industry Invoice or its forerunner `CrossIndustryDocument`."""
    return local_name(root) in {"CrossIndustryInvoice", "CrossIndustryDocument"}


def read_invoice(root: etree._Element) -> Invoice:
    """Read the header terms.

    invoice.number BT-1 · .date BT-2 · .type BT-3 · .currency BT-5 · .due_date BT-9 · .order_ref BT-13 ·
    .supplier BT-27 · .supplier_vat BT-31 · .buyer BT-44 · .iban BT-84 · .net BT-109 · .tax BT-110 · .total BT-112 ·
    .due BT-115 · .lines the number of BG-25.

    Amounts keep the digits and the sign of the document. In a credit note (`.type`) a positive amount is owed *to* the
    buyer, as EN 16931 has it; a total written as negative is named in the problems. A term that appears several times
    (instalments, accounts) is given several times.
    """
    invoice = Invoice()
    _read_texts(root, invoice)
    _read_type(root, invoice)
    _read_dates(root, invoice)
    _read_amounts(root, invoice)
    _read_lines(root, invoice)
    _check_sums(invoice)
    return invoice


def _read_texts(root: etree._Element, invoice: Invoice) -> None:
    for name, path in _TEXTS.items():
        for element in _all(root, path):
            value = _text(element)[:_LONGEST_TEXT]
            if name == "invoice.iban":
                value = value.replace(" ", "")
            if value:
                invoice.terms.append(Term(name, "text", value, path_of(element)))


def _read_type(root: etree._Element, invoice: Invoice) -> None:
    """Map BT-3, a code of UNTDID 1001: 380, 384, 389 … are invoices, 381, 261, 396 … are credit notes.

    389, which German sellers call "Gutschrift", is an invoice that the buyer wrote, not a credit note.
    """
    for element in _all(root, f"{_DOCUMENT}/TypeCode"):
        code = _text(element)
        if code in _INVOICES | _CREDIT_NOTES:
            kind = "credit_note" if code in _CREDIT_NOTES else "invoice"
            invoice.terms.append(Term("invoice.type", "text", kind, path_of(element)))
        else:
            invoice.problems.append(f'The document type "{code[:20]}" is no code for an invoice or a credit note.')


def _read_dates(root: etree._Element, invoice: Invoice) -> None:
    for name, path in _DATES.items():
        for element in _all(root, f"{path}/DateTimeString|DateTime|Date"):
            day = _day(element)
            if day:
                invoice.terms.append(Term(name, "date", day, path_of(element)))
            else:
                invoice.problems.append(
                    f'The {_spoken(name)} "{_text(element)[:40]}" is no date in a format that names a day.'
                )


def _day(element: etree._Element) -> str | None:
    """Read formats 102, 203 and 204 of UNTDID 2379, and ISO 8601 where no format is named."""
    written = _text(element)
    pattern = _DATE_FORMATS.get(element.get("format"))
    if not pattern or not re.fullmatch(pattern, written, re.ASCII):
        return None
    digits = written.replace("-", "")[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None


def _read_amounts(root: etree._Element, invoice: Invoice) -> None:
    currency = next(map(_text, _all(root, _CURRENCY)), None)
    for name, path in _AMOUNTS.items():
        # BT-110 and BT-111 share an element and differ in its currency: the invoice's, and the tax office's.
        elements = list(_all(root, path))
        matching = [element for element in elements if element.get("currencyID", currency) == currency]
        for element in matching or elements:
            _read_amount(name, element, currency, invoice)


def _read_amount(name: str, element: etree._Element, currency: str | None, invoice: Invoice) -> None:
    amount = _text(element)
    own = element.get("currencyID", currency)
    if not re.fullmatch(r"[+-]?\d{1,30}(?:\.\d{0,20})?", amount, re.ASCII):
        invoice.problems.append(f'The {_spoken(name)} "{amount[:40]}" is no number.')
        return
    if own != currency:
        invoice.problems.append(
            f"The {_spoken(name)} is in {str(own)[:10]}, the invoice in {currency or 'no currency'}."
        )
    invoice.terms.append(Term(name, "money", Money(amount=amount.removeprefix("+"), currency=own), path_of(element)))


def _read_lines(root: etree._Element, invoice: Invoice) -> None:
    """Count the invoice lines; the profiles MINIMUM and BASIC WL have none, which says nothing about the invoice."""
    first = next(_all(root, _LINES), None)
    if first is not None:
        number = sum(1 for _ in _all(root, _LINES))
        invoice.terms.append(Term("invoice.lines", "number", str(number), re.sub(r"\[\d+\]$", "", path_of(first))))


def _check_sums(invoice: Invoice) -> None:
    stated = [(term.name, term.value["amount"]) for term in invoice.terms if isinstance(term.value, dict)]
    amounts = dict(reversed(stated))
    net, tax, total = (amounts.get(name) for name in ("invoice.net", "invoice.tax", "invoice.total"))
    if net and tax and total and Decimal(net) + Decimal(tax) != Decimal(total):
        invoice.problems.append(f"Net {net} and tax {tax} do not add up to the total {total}.")
    is_credit = any(term.value == "credit_note" for term in invoice.terms)
    if is_credit and total and Decimal(total) < 0:
        invoice.problems.append(f"The credit note writes its total as {total}; a credit note's amounts are positive.")


def _all(root: etree._Element, path: str) -> Iterator[etree._Element]:
    """Walk a path of `/` steps with `|` alternatives in any namespace; `@X` at the end asks for schemeID X."""
    path, _, scheme = path.partition("@")
    elements = iter([root])
    for step in path.split("/"):
        elements = _children(elements, [f"{{*}}{name}" for name in step.split("|")])
    return (element for element in elements if not scheme or element.get("schemeID") == scheme)


def _children(elements: Iterator[etree._Element], tags: list[str]) -> Iterator[etree._Element]:
    return (child for element in elements for child in element.iterchildren(*tags))


def _text(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


def _spoken(name: str) -> str:
    return name.removeprefix("invoice.").replace("_", " ")
