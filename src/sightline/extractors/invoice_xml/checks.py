"""Whether an invoice agrees with itself; what does not is said, and changes no value."""

from decimal import Decimal

from sightline.extractors.invoice_xml.terms import Invoice, spoken

_NOTHING = Decimal(0)
_NEVER_MISSING = ("invoice.number", "invoice.date", "invoice.total")


def check(invoice: Invoice, *extras: Decimal, within: Decimal = _NOTHING) -> None:
    """Look for what an invoice must state, and for amounts that contradict each other.

    `extras` are amounts that the total may hold besides net and tax: a rounding, stamp duty, a discount; any of them.
    The total may differ from the sum by as much as `within`, where its parts were rounded each for itself.
    """
    sums = {_NOTHING}
    for extra in extras:
        sums |= {extra + other for other in sums}
    _check_total(invoice, sums, within)
    _check_sign(invoice)
    missing = [spoken(name) for name in _NEVER_MISSING if name not in invoice.mentioned]
    if missing:
        invoice.problems.append(f"The invoice states no {' and no '.join(missing)}.")


def _check_total(invoice: Invoice, extras: set[Decimal], within: Decimal) -> None:
    net, tax, total = (invoice.amount(f"invoice.{name}") for name in ("net", "tax", "total"))
    if net is None or tax is None or total is None:
        return
    if all(abs(total - net - tax - extra) > within for extra in extras):
        invoice.problems.append(f"Net {net:f} and tax {tax:f} do not add up to the total {total:f}.")


def _check_sign(invoice: Invoice) -> None:
    total = invoice.amount("invoice.total")
    is_credit = any(term.value == "credit_note" for term in invoice.terms if term.name == "invoice.type")
    if is_credit and total is not None and total < 0:
        invoice.problems.append(f"The credit note writes its total as {total:f}; a credit note's amounts are positive.")


def check_due(invoice: Invoice, paid: Decimal, added: Decimal) -> None:
    """Compare the amount due (BT-115) with total (BT-112) - paid (BT-113) + what is added, a rounding (BT-114) say."""
    total, due = invoice.amount("invoice.total"), invoice.amount("invoice.due")
    if total is not None and due is not None and due != total - paid + added:
        less = f" less {paid:f} already paid" if paid else ""
        more = f" plus {added:f}" if added else ""
        invoice.problems.append(f"The total {total:f}{less}{more} is not the amount due, {due:f}.")
