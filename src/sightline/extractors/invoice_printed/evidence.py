"""What speaks for an invoice that does not call itself one."""

import re
from functools import lru_cache

from sightline.extractors.invoice_printed.character import reminds, titles
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.identifiers import ibans, vat_ids
from sightline.extractors.invoice_printed.layout import plain
from sightline.extractors.invoice_printed.vocabulary import wordings
from sightline.extractors.regex import regex

_ENOUGH = 3
_SHORTEST = 5
_CHARGES = regex(
    r"\b(?:berechnen\s+wir|wir\s+berechnen|erlaube\s+ich\s+mir|nous\s+vous\s+facturons|brengen\s+wij|le\s+facturamos)\b"
)
_OPEN = regex(
    r"\b(?:valid until|offer|quot(?:e|ation)|angebot|offerte|devis|preventivo|presupuesto|orcamento|oferta|offert|tilbud|"
    r"gultig bis|geldig tot|valable jusqu\w*|valido hasta|valida? fino|wazna do|giltig till)\b"
)


def is_evident(document: Document, *, has_tax: bool, has_date: bool) -> bool:
    """Say whether a paper with a total is an invoice though no title says so: taxed or named, dated, with tax number or account."""
    text = plain(document.text)
    if any(title.kind == "other" for title in titles(document)) or _OPEN.search(text) or reminds(document):
        return False
    is_named = bool(_names().search(text) or _CHARGES.search(text))
    has_tax_number = any(True for row in document.rows for _ in vat_ids(row))
    has_account = any(True for row in document.rows for _ in ibans(row))
    return (is_named or has_tax) and sum((is_named, has_tax, has_date, has_tax_number, has_account)) >= _ENOUGH


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    named = wordings("invoice title") | wordings("receipt title") | wordings("credit note title")
    return re.compile(rf"\b(?:{'|'.join(sorted(re.escape(word) for word in named if len(word) >= _SHORTEST))})\b")
