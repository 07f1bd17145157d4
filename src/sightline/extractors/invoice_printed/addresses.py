"""What makes lines an address, and the name in it."""

import re
from functools import lru_cache

from sightline.extractors.invoice_printed import names
from sightline.extractors.invoice_printed.fields import Found
from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.invoice_printed.stacks import Block
from sightline.extractors.invoice_printed.vocabulary import wordings

CONTACT = re.compile(
    r"(?i)@|\bwww\.|https?:|\b(?:tel|phone|fax|telefon|telefoon|tlf|tfno|t[eé]l|mobil|telefone|tel[eé]fono)\b|"
    r"\b(?:IBAN|BIC|SWIFT)\b|\+\d\d"
)
REGISTER = re.compile(
    r"(?i)\b(?:HR[AB] ?\d|amtsgericht|registergericht|handelsregister|geschäftsführer|siret|siren|rcs|kvk|cvr|krs|"
    r"regon|company (?:no|number|reg)|registered|org(?:anisations)?\.?[-\s]?n(?:r|ummer|o)|mersis|ticaret sicil|"
    r"vat (?:no|reg|number|id)|ust-?id(?:-?nr|ent\w*)?|abn|ein|gstin|rea|registro mercantil|cif|nif|nip|"
    r"p\.? ?iva|partita iva|btw|tva|moms|mwst|steuer-?n(?:r|ummer)?|uid|vkn)\b"
)
POSTAL = re.compile(
    r"(?<![\w.,-])(?:[A-Z]{1,3}[- ])?\d{4,6}(?![\w.,])\s[^\W\d]|\d{2}-\d{3} [^\W\d]|\d{4} ?[A-Z]{2}\s[^\W\d]|"
    r"\d{3} \d{2} [^\W\d]|\d{4}-\d{3}|"
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"
)

_HEADING_SECTIONS = (
    "ship to", "seller", "buyer", "order ref", "other number", "other date", "due date", "date", "number",
    "invoice title", "receipt title", "credit note title", "other title",
)  # fmt: skip


def name_line(block: Block) -> Found | None:
    """Find the name in an address: a company in its first lines, else the first line that may be a name."""
    for line in block.lines[:3]:
        for company in names.companies(line):
            return Found(names.clean(company.text), company, 1.0)
    for line in block.lines[:2]:
        if names.is_name(line.text) and not _is_heading(line) and not _is_no_name(line.text):
            return Found(names.clean(line.text), line, 1.0)
    return None


def _is_no_name(text: str) -> bool:
    return bool(CONTACT.search(text) or POSTAL.search(text))


def _is_heading(line: Span) -> bool:
    return ":" in line.text or plain(line.text) in _headings()


@lru_cache(maxsize=1)
def _headings() -> frozenset[str]:
    return frozenset[str]().union(*map(wordings, _HEADING_SECTIONS))


def is_of(span: Span, blocks: list[Block]) -> bool:
    """Say whether words stand in one of these blocks."""
    return any(block.holds(span) for block in blocks)
