"""Who sends the invoice and who gets it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sightline.extractors.invoice_printed import names
from sightline.extractors.invoice_printed.addresses import (
    CONTACT,
    POSTAL,
    REGISTER,
    bears,
    is_of,
    name_line,
    own_domains,
)
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.fields import Found
from sightline.extractors.invoice_printed.identifiers import ibans, vat_ids
from sightline.extractors.invoice_printed.stacks import LINE_GAP, Block
from sightline.extractors.invoice_printed.suppliers import SHORT_LABEL, find_suppliers
from sightline.extractors.invoice_printed.under_labels import under_labels
from sightline.extractors.regex import regex

_WINDOW = (40, 340)
_ADDRESS_LINES = (2, 8)
_FOOTER = 60
_INITIALS = 3
_KNOWN = 0.7
_YOURS = regex(r"(?i)\b(?:your|client|customer|ihre|kunden|votre|uw|klant|cliente|nabywc\w*|kund)\b")


@dataclass(frozen=True, slots=True)
class Parties:
    """What was found of the two, the surest first."""

    suppliers: list[Found]
    supplier_vats: list[Found]
    buyers: list[Found]


def find_parties(document: Document) -> Parties:
    """Find supplier, its VAT number, and buyer."""
    labelled = list(_labelled(document, "buyer", 0.9))
    shipped = list(_labelled(document, "ship to", 0.6))
    window = [] if labelled else [(block, 0.72) for block in _windows(document, [block for block, _ in shipped])]
    blocks = [*labelled, *window, *shipped, *_labelled(document, "attention", 0.55)]
    suppliers = find_suppliers(document, [block for block, _ in blocks])
    buyers = [Found(line.value, line.span, sure) for block, sure in blocks if (line := name_line(block))]
    first = names.core(suppliers[0].value) if suppliers else ""
    return Parties(
        suppliers,
        _vats(document, [block for block, _ in blocks], suppliers),
        [one for one in buyers if names.core(one.value) != first],
    )


def _labelled(document: Document, role: str, sure: float) -> Iterator[tuple[Block, float]]:
    for _, block in under_labels(document, role):
        if name_line(block):
            yield block, sure


def _windows(document: Document, shipped: list[Block]) -> Iterator[Block]:
    """Find the address in the window of an envelope: lines with a place, and nothing to call or to pay.

    The upper one of two in the head of a page is the sender's. A buyer may have a tax number where the sender is known.
    """
    domains = own_domains(document, [])
    sellers = [block for label, block in under_labels(document, "seller") if len(label.wording) > SHORT_LABEL]
    first = document.pages[0].number
    heads = [one for one in document.stacks if one.lines[0].page == first and one.lines[0].box[1] < _WINDOW[1]]
    addresses = [
        block
        for block in (_with_name_above(_without_return_address(head), heads) for head in heads)
        if _is_address(block, document) and not any(is_of(line, sellers) for line in block.lines[:2])
    ]
    senders = [block for block in addresses if _is_senders(block, document, domains)]
    untaxed = [block for block in addresses if block not in senders and not REGISTER.search(block.text)]
    head = document.pages[0].rows[:2][-1].words[0].baseline
    above = [*senders, *(block for block in untaxed[:1] if block.lines[0].baseline <= head)]
    taxed = [block for block in addresses if REGISTER.search(block.text) and block not in senders]
    known = next(iter(find_suppliers(document, [*untaxed, *shipped])), None) if taxed else None
    found = [*untaxed, *(block for block in taxed if _is_below(block, above) or _is_not_of(block, known))]
    is_head = len(found) > 1 and found[0] in above
    yield from found[is_head : is_head + 1]


def _is_below(block: Block, others: list[Block]) -> bool:
    return any(block.lines[0].baseline > other.lines[-1].baseline for other in others)


def _is_not_of(block: Block, supplier: Found | None) -> bool:
    """Say whether an address is not that of a supplier who is known well enough."""
    return (
        supplier is not None
        and supplier.confidence >= _KNOWN
        and names.core(supplier.value) not in names.core(block.text)
    )


def _is_senders(block: Block, document: Document, domains: set[str]) -> bool:
    """Say whether the name of an address is in mail or web address, in lines for contact, or in the head of the page."""
    return (
        any(bears(line.text, domains) for line in block.lines[:2])
        or _signs_elsewhere(block, document)
        or _is_headed(block, document)
    )


def _is_headed(block: Block, document: Document) -> bool:
    """Say whether a company's name begins with a shorter one in the head of the page: `Fen` above `Fen Candles Ltd`."""
    line = name_line(block)
    if line is None or not names.has_legal_form(line.value):
        return False
    heads = (stack.lines[0] for stack in document.stacks if stack.lines[0].baseline < block.lines[-1].baseline)
    cores = (names.core(head.text) for head in heads if head.page == line.span.page and not block.holds(head))
    return any(len(core) > _INITIALS and names.core(line.value).startswith(core) for core in cores)


def _signs_elsewhere(block: Block, document: Document) -> bool:
    """Say whether the name of an address stands in another line beside ways to call, pay or register."""
    line = name_line(block)
    name = names.core(line.value) if line else ""
    return len(name) > _INITIALS and any(
        name in names.core(row.span.text) and not block.holds(row.span)
        for row in document.rows
        if CONTACT.search(row.span.text) or REGISTER.search(row.span.text)
    )


def _with_name_above(block: Block, heads: list[Block]) -> Block:
    """Join a company's name with the smaller lines of its address close under it."""
    first = block.lines[0]
    for other in heads:
        line = other.lines[-1]
        is_close = 0 < first.baseline - line.baseline <= LINE_GAP * line.size
        if is_close and abs(line.box[0] - first.box[0]) < line.size and names.has_legal_form(line.text):
            return Block((line, *block.lines))
    return block


def _without_return_address(block: Block) -> Block:
    """Take off the sender's whole address, which stands in one small line above the other's."""
    line, below = block.lines[0], Block(block.lines[1:])
    is_name = any(company.text == line.text for company in names.companies(line))
    is_whole = not is_name and POSTAL.search(line.text) is not None
    return below if below.lines and is_whole and POSTAL.search(below.text) else block


def _is_address(block: Block, document: Document) -> bool:
    text = block.text
    return (
        block.lines[0].page == document.pages[0].number
        and _WINDOW[0] < block.lines[0].box[1] < _WINDOW[1]
        and _ADDRESS_LINES[0] <= len(block.lines) <= _ADDRESS_LINES[1]
        and POSTAL.search(text) is not None
        and not CONTACT.search(text)
        and name_line(block) is not None
    )


def _vats(document: Document, buyers: list[Block], suppliers: list[Found]) -> list[Found]:
    """List VAT numbers: near the supplier's name or a bank account first, those of the buyer not at all."""
    found: dict[str, Found] = {}
    name = names.core(suppliers[0].value) if suppliers else ""
    accounts = [span.baseline for row in document.rows for _, span in ibans(row)]
    for row in document.rows:
        for value, span in vat_ids(row):
            if is_of(span, buyers) or _YOURS.search(row.span.text):
                continue
            own = next((block for block in document.stacks if block.holds(span)), None)
            is_own = own is not None and name in names.core(own.text)
            is_near = any(abs(span.baseline - at) < _FOOTER for at in accounts)
            sure = round(0.8 + 0.1 * is_own + 0.05 * is_near, 3)
            if value not in found or found[value].confidence < sure:
                found[value] = Found(value, span, sure)
    return sorted(found.values(), key=lambda one: -one.confidence)
