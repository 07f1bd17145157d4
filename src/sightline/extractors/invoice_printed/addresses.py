"""What makes lines an address, and the name in it."""

from functools import lru_cache

from sightline.extractors.invoice_printed import names
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.fields import Found
from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.invoice_printed.money_words import role
from sightline.extractors.invoice_printed.stacks import Block
from sightline.extractors.invoice_printed.vocabulary import wordings
from sightline.extractors.regex import regex

CONTACT = regex(
    r"(?i)@|\bwww\.|https?:|\b(?:tel|phone|fax|telefon|telefoon|tlf|tfno|t[eé]l|mobil|telefone|tel[eé]fono)\b|"
    r"\b(?:IBAN|BIC|SWIFT)\b|\+\d\d|\(\d{3}\) \d{3}-\d{4}"
)
REGISTER = regex(
    r"(?i)\b(?:HR[AB] ?\d|amtsgericht|registergericht|handelsregister|geschäftsführer|siret|siren|rcs|kvk|cvr|krs|"
    r"regon|company (?:no|number|reg)|registered|org(?:anisations)?\.?[-\s]?n(?:r|ummer|o)|mersis|ticaret sicil|"
    r"(?:vat|coc|business|reg)\.? (?:no|reg|number|id)|vat(?= [A-Z]{2} ?[A-Z]?\d)|coc(?= \d)|"
    r"ust-?id(?:-?nr|ent\w*)?|abn|ein|gstin|rea|registro mercantil|cif|nif|nip|"
    r"p\.? ?iva|partita iva|btw|tva|moms|mwst|steuer-?n(?:r|ummer)?|uid|vkn)\b"
)
POSTAL = regex(
    r"(?<![\w.,-])(?:[A-Z]{1,3}[- ])?\d{4,6}(?![\w.,]) [^\W\d]|\d{2}-\d{3} [^\W\d]|\d{4} ?[A-Z]{2} [^\W\d]|"
    r"\d{3} \d{2} [^\W\d]|[^\W\d]{3} \d{3}-\d{4}\b|\d{4}-\d{3}|"
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b|"
    r"\b[A-Z]\d[\dW] [A-Z][A-Z\d]{3}\b|\b(?i:singapore) \d{6}\b|[^\W\d]{3} ?[-\u2013] ?\d{6}\b"
)
_DOMAIN = regex(r"(?i)(?:@|www\.|https?://)(?:[\w-]{1,60}\.){0,3}?([\w-]{3,60})\.(?:co\.|com\.|org\.)?[a-z]{2,8}\b")
_FREE_MAIL = {
    "gmail", "googlemail", "gmx", "web", "outlook", "hotmail", "yahoo", "orange", "tonline", "icloud", "live", "free",
    "wanadoo", "libero",
}  # fmt: skip
_SMALL_WORDS = regex(
    r"\b(?:the|and|of|le|la|les|l|du|de|des|et|der|die|das|und|am|im|zum|zur|von|van|den|het|en|el|los|las|y|del|"
    r"di|da|della|e|do|dos|og|och|i|w|z)\b"
)
_PIECES = regex(r"\s*[,;·•|●\u2219*▪]\s+|\s+[-\u2013—/]\s+")
_DOOR = regex(r"\d{1,5}[a-zA-Z]? [^\W\d]|[^\W\d].* \d{1,4}[a-zA-Z]?$")
_HOUSE = regex(r"[^\W\d]{3}.*\s\d{1,4}\s?[a-zA-Z]?$")
_HOST = regex(r"(?:[\w-]+\.)+[a-z]{2,}")
_PARTNER = regex(r"(?i)\bphg\b|persönlich haftende|komplementär|general partner")
_AGENT = regex(
    r"(?i)\b(?:on behalf of|in the name of|im namen(?: und (?:für|auf) rechnung)?|im auftrag|au nom(?: et pour le compte)?|"
    r"pour le compte|in nome e per conto|per conto|(?:en nombre y )?por cuenta|namens|w imieniu|på vegne af|på vegne av)\b"
    r"(?: (?:de[rs]?|von|di|del|della|du|of))?"
)
_SHORTEST = 3
_HEADING_SECTIONS = (
    "ship to", "attention", "seller", "buyer", "order ref", "other number", "other date", "due date", "date", "number",
    "invoice title", "receipt title", "credit note title", "other title",
)  # fmt: skip


def name_line(block: Block) -> Found | None:
    """Find the name in an address: a company in its first lines, else the first line that may be a name."""
    for line in block.lines[:3]:
        for company in names.companies(line):
            return Found(names.clean(company.text), company, 1.0)
    for line in (_before_labels(line) for line in block.lines[:2]):
        is_short = sum(map(str.isalpha, line.text)) < _SHORTEST
        if names.is_name(line.text) and not (is_short or _is_heading(line) or _is_no_name(line.text)):
            return Found(names.clean(line.text), line, 1.0)
    return None


def _before_labels(line: Span) -> Span:
    """Cut off what follows the name with a label of its own: `LABORATORIOS CIENFUEGOS RFC: LCI0408117T2`."""
    at = next((n for n, word in enumerate(line.words) if n > 1 and word.text.endswith(":")), len(line.words))
    return Span(line.page, line.words[:at])


def named_in_one_line(line: Span) -> Span | None:
    """Find the name in a whole address on one line: `Uwe Brand, Mill Lane 5, 91054 Erlangen`."""
    first, *others = _PIECES.split(line.text)
    is_placed = any(POSTAL.search(piece) for piece in others)
    is_address = len(others) > 1 and (is_placed or (_DOOR.match(others[0]) and REGISTER.search(line.text)))
    if (
        not is_address
        or ":" in first
        or any(map(str.isdigit, first))
        or names.has_legal_form(first)
        or not names.is_name(first)
    ):
        return None
    return line.part(0, len(first))


def acts_for_another(company: Span, line: Span) -> bool:
    """Say whether a company is named as the partner of another, or as who writes `on behalf of` another."""
    agency = list(_AGENT.finditer(line.text))
    is_agent = bool(agency) and not line.text[agency[-1].end() :].lstrip().startswith(company.text)
    return is_agent or bool(_PARTNER.search(line.text))


def is_street_of(line: Span, following: str) -> bool:
    """Say whether a line is the street above a place: `Oudegracht 211` above `3511 NK Utrecht`."""
    return bool(_HOUSE.search(line.text) and POSTAL.search(following))


def _is_no_name(text: str) -> bool:
    return bool(CONTACT.search(text) or POSTAL.search(text) or _HOST.fullmatch(text))


def _is_heading(line: Span) -> bool:
    bare = names.clean(line.text)
    if role(plain(bare))[1] == 1:  # what an amount is called, such as `Amount due`
        return True
    return line.text.endswith(":") or ":" in bare or not _headings().isdisjoint({plain(line.text), plain(bare)})


@lru_cache(maxsize=1)
def _headings() -> frozenset[str]:
    return frozenset[str]().union(*map(wordings, _HEADING_SECTIONS))


def is_reachable_by(text: str) -> bool:
    """Say whether a text says how to call, pay or look up somebody."""
    return bool(CONTACT.search(text) or REGISTER.search(text))


def is_of(span: Span, blocks: list[Block]) -> bool:
    """Say whether words stand in one of these blocks."""
    return any(block.holds(span) for block in blocks)


def own_domains(document: Document, buyers: list[Block]) -> set[str]:
    """List the names in mail and web addresses that are not the buyer's."""
    theirs = "\n".join(block.text for block in buyers)
    found = {match[1].lower().replace("-", "") for match in _DOMAIN.finditer(document.text)}
    others = {match[1].lower().replace("-", "") for match in _DOMAIN.finditer(theirs)}
    return found - others - _FREE_MAIL


def bears(name: str, domains: set[str]) -> bool:
    """Say whether one of these domains is in a name, small words aside: `quaytools` in `The Quay and Tools Company`."""
    core, short = names.core(name), names.core(_SMALL_WORDS.sub(" ", plain(name)))
    return any(domain in core or domain in short for domain in domains)
