"""Who sends the invoice: judged by place, legal form, ways to call and pay, and the domain of mail and web."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from sightline.extractors.invoice_printed import names
from sightline.extractors.invoice_printed.addresses import CONTACT, POSTAL, REGISTER, is_of, name_line
from sightline.extractors.invoice_printed.character import titles
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.fields import Found
from sightline.extractors.invoice_printed.layout import Page, Span, plain
from sightline.extractors.invoice_printed.stacks import Block
from sightline.extractors.invoice_printed.under_labels import under_labels

_DOMAIN = re.compile(
    r"(?i)(?:@|www\.|https?://)(?:[\w-]{1,60}\.){0,3}?([\w-]{3,60})\.(?:co\.|com\.|org\.)?[a-z]{2,8}\b"
)
_FREE_MAIL = {
    "gmail", "googlemail", "gmx", "web", "outlook", "hotmail", "yahoo", "orange", "tonline", "icloud", "live", "free",
    "wanadoo", "libero",
}  # fmt: skip
_COPYRIGHT = re.compile(r"(?i)(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s*[-\u2013]\s*\d{4})?)?\s*(?:by )?(?=[^\W\d])")
_BANK = re.compile(r"(?i)\b\w*(?:bank|sparkasse|banque|banco|banca|caixa|bancaire|bankas\u0131)\b")
_EDGE = 0.2
_LABELLED, _LABELLED_BY_A_SHORT_WORD, _COPYRIGHTED, _SAME_DOMAIN = 0.85, 0.7, 0.6, 0.2
_SHORT_LABEL = 4
_CLEAR_LEAD = 0.12
_INITIALS = 3


def find_suppliers(document: Document, buyers: list[Block]) -> list[Found]:
    """List the names that may be the sender's, the surest first; `buyers` are the addresses of the others."""
    scored: dict[str, list[Found]] = defaultdict(list)
    for one in _candidates(document, buyers):
        value = names.clean(one.value)
        if names.is_name(value) and one.confidence > 0:
            scored[names.core(value)].append(replace(one, value=value))
    merged = sorted(_merged(scored, own_domains(document, buyers)), key=lambda one: -one.confidence)
    if len(merged) > 1 and merged[0].confidence - merged[1].confidence < _CLEAR_LEAD:
        merged[0] = replace(merged[0], confidence=min(merged[0].confidence, 0.74))
    return merged


def _merged(scored: dict[str, list[Found]], domains: set[str]) -> Iterator[Found]:
    """Join spellings of one name: one that is part of a fuller name counts for that one."""
    full = {
        core for core, same in scored.items() if core in domains or any(names.has_legal_form(one.value) for one in same)
    }
    for core, same in scored.items():
        if any(core in other and other != core for other in full if len(core) > _INITIALS):
            continue
        parts = [part for part in scored if core in full and part != core and len(part) > _INITIALS and part in core]
        heard = [*same, *(one for part in parts for one in scored[part])]
        best = max(same, key=lambda one: (names.has_legal_form(one.value), one.confidence))
        surest = max(one.confidence for one in heard)
        yield replace(best, confidence=round(min(surest + 0.05 * min(len(heard) - 1, 4), 0.95), 3))


def _candidates(document: Document, buyers: list[Block]) -> Iterator[Found]:
    clues = _Clues(document, buyers)
    yield from clues.labelled()
    yield from clues.companies()
    yield from clues.heads()
    yield from clues.copyrights()


class _Clues:
    """What speaks for a name, each with its weight; the weights were tuned on printed samples of many layouts."""

    def __init__(self, document: Document, buyers: list[Block]) -> None:
        self.document = document
        self.buyers = buyers
        self.domains = own_domains(document, buyers)
        self.with_amounts = {(amount.row.page, amount.span.baseline) for amount in document.amounts}
        self.headings = [title.span.words[0] for title in titles(document)]

    def labelled(self) -> Iterator[Found]:
        """Take the name under `Seller` or `Account holder`; short labels such as `from` and `de` say less."""
        for label, block in under_labels(self.document, "seller"):
            line = name_line(block)
            if line and not is_of(line.span, self.buyers):
                weight = _LABELLED if len(label.wording) > _SHORT_LABEL else _LABELLED_BY_A_SHORT_WORD
                yield replace(line, confidence=weight + _SAME_DOMAIN * self._is_domain_of(line.value))

    def companies(self) -> Iterator[Found]:
        """Take every name with a legal form."""
        for block in self.document.stacks:
            is_reachable = bool(CONTACT.search(block.text) or REGISTER.search(block.text))
            for line in block.lines:
                for company in names.companies(line):
                    yield Found(company.text, company, self._company(company, line, is_reachable=is_reachable))

    def _company(self, company: Span, line: Span, *, is_reachable: bool) -> float:
        page = self.document.page_of_number(company.page)
        has_address = line.text != company.text and bool(POSTAL.search(line.text))
        weight = 0.5 + 0.2 * is_reachable + 0.12 * _is_at_edge(company, page) + 0.1 * has_address
        weight += _SAME_DOMAIN * self._is_domain_of(company.text)
        weight -= 0.7 * is_of(company, self.buyers) + 0.3 * bool(_BANK.search(company.text))
        return weight - 0.3 * ((company.page, company.baseline) in self.with_amounts)

    def heads(self) -> Iterator[Found]:
        """Take the large or topmost lines of the first page, and the first line of an address with ways to call or pay."""
        page = self.document.pages[0]
        usual = median(word.size for row in page.rows for word in row.words)
        for block in self.document.stacks:
            line = block.lines[0]
            if line.page == page.number and self._may_be_head(line):
                weight = self._head(line, block, usual, is_top=line.box[1] < _EDGE * page.bottom)
                yield Found(line.text, line, weight)

    def _may_be_head(self, line: Span) -> bool:
        return (
            names.is_name(names.clean(line.text))
            and not any(names.companies(line))
            and not POSTAL.search(line.text)
            and not is_of(line, self.buyers)
            and not any(line.words[0] is heading for heading in self.headings)
            and not self._is_field(line)
        )

    def _head(self, line: Span, block: Block, usual: float, *, is_top: bool) -> float:
        is_reachable = bool(CONTACT.search(block.text) or REGISTER.search(block.text))
        is_address = is_reachable and bool(POSTAL.search(block.text))
        is_domain = self._is_domain_of(line.text)
        if not (is_top or is_address or is_domain):
            return 0.0
        large = is_top * min(max(line.size / usual - 1.15, 0.0), 0.8)
        return 0.32 + 0.15 * is_top + 0.2 * is_address + 0.25 * large + (_SAME_DOMAIN + 0.05) * is_domain

    def copyrights(self) -> Iterator[Found]:
        """Take the name behind a copyright sign."""
        for row in self.document.rows:
            claim = _COPYRIGHT.search(row.span.text)
            claimed = row.span.part(claim.end(), claim.end() + 60) if claim else None
            if claimed is not None and claimed.words:
                yield Found(re.split(r"[.|,•·]\s|All rights", claimed.text)[0], claimed, _COPYRIGHTED)

    def _is_field(self, line: Span) -> bool:
        """Say whether a line begins with a label such as `Invoice date`."""
        label = next((one for one in self.document.labels if one.row.words[one.start] is line.words[0]), None)
        return line.text.endswith(":") or (label is not None and bool(label.roles - {"seller"}))

    def _is_domain_of(self, name: str) -> bool:
        core = names.core(name)
        first = plain(name).partition(" ")[0]
        return bool(core) and any(
            domain in core or core in domain or (len(first) > _INITIALS and first in domain) for domain in self.domains
        )


def _is_at_edge(span: Span, page: Page) -> bool:
    return span.box[1] < _EDGE * page.bottom or span.box[1] > (1 - _EDGE) * page.bottom


def own_domains(document: Document, buyers: list[Block]) -> set[str]:
    """List the names in mail and web addresses that are not the buyer's."""
    theirs = "\n".join(block.text for block in buyers)
    found = {match[1].lower().replace("-", "") for match in _DOMAIN.finditer(document.text)}
    others = {match[1].lower().replace("-", "") for match in _DOMAIN.finditer(theirs)}
    return found - others - _FREE_MAIL
