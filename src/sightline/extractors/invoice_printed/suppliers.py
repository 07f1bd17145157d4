"""Who sends the invoice: judged by place, legal form, ways to call and pay, and the domain of mail and web."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from statistics import median

from sightline.extractors.invoice_printed import names
from sightline.extractors.invoice_printed.addresses import (
    CONTACT,
    POSTAL,
    REGISTER,
    acts_for_another,
    bears,
    is_of,
    is_reachable_by,
    is_street_of,
    name_line,
    named_in_one_line,
    own_domains,
)
from sightline.extractors.invoice_printed.character import titles
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.fields import Found
from sightline.extractors.invoice_printed.layout import Page, Span, plain
from sightline.extractors.invoice_printed.stacks import LINE_GAP, Block
from sightline.extractors.invoice_printed.under_labels import under_labels
from sightline.extractors.regex import regex

_COPYRIGHT = regex(r"(?i)(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s*[-\u2013]\s*\d{4})?)?\s*(?:by )?(?=[^\W\d])")
_BANK = regex(r"(?i)\b\w*(?:bank|sparkasse|banque|banco|banca|caixa|bancaire|bankas\u0131)\b")
_TAX = regex(r"(?i)vat|ust|cif|nif|nip|p\.? ?iva|partita|btw|tva|moms|mwst|steuer|uid|ein|gstin|vkn|abn")
_EDGE = 0.2
_SHORTEST_PAGE = 450.0
_LABELLED, _LABELLED_BY_A_SHORT_WORD, _COPYRIGHTED, _SAME_DOMAIN, _IN_ONE_LINE = 0.85, 0.7, 0.6, 0.2, 0.72
SHORT_LABEL, _ALONE = 4, 0.3
_CLEAR_LEAD, _KNOWN_COMPANY = 0.12, 0.55
_INITIALS = 3


def find_suppliers(document: Document, buyers: list[Block]) -> list[Found]:
    """List the names that may be the sender's, the surest first; `buyers` are the addresses of the others."""
    scored: dict[str, list[Found]] = defaultdict(list)
    clues = _Clues(document, buyers)
    for one in clues.all():
        value = names.clean(one.value)
        if names.is_name(value) and one.confidence > 0:
            scored[names.core(value)].append(replace(one, value=value))
    merged = sorted(_merged(scored, clues.full_names), key=lambda one: -one.confidence)
    if _is_close(merged):
        merged[0] = replace(merged[0], confidence=min(merged[0].confidence, 0.74))
    return merged


def _is_close(ranked: list[Found]) -> bool:
    """Say whether the second may as well be the sender: nearly as sure, or a company where the first is only a name."""
    if len(ranked) < 2:  # noqa: PLR2004 - nothing to compare
        return False
    is_only_named = not names.has_legal_form(ranked[0].value)
    companies = (one for one in ranked[1:] if is_only_named and names.has_legal_form(one.value))
    return ranked[0].confidence - ranked[1].confidence < _CLEAR_LEAD or any(
        one.confidence >= _KNOWN_COMPANY for one in companies
    )


def _merged(scored: dict[str, list[Found]], full_names: set[str]) -> Iterator[Found]:
    """Join spellings of one name: one that is part of a fuller name counts for that one."""
    full = {
        core
        for core, same in scored.items()
        if core in full_names or any(names.has_legal_form(one.value) for one in same)
    }
    companies = [one.value for same in scored.values() for one in same if names.has_legal_form(one.value)]
    abbreviated = {plain(value).partition(" ")[0] for value in companies if len(value.split()) > 2}  # noqa: PLR2004 - more than it and a form
    for core, same in scored.items():
        if any(core in other and other != core for other in full if len(core) > _INITIALS or core in abbreviated):
            continue
        parts = [part for part in scored if core in full and part != core and len(part) > _INITIALS and part in core]
        heard = [*same, *(one for part in parts for one in scored[part])]
        best = max(same, key=lambda one: (names.has_legal_form(one.value), one.confidence))
        surest = max(one.confidence for one in heard)
        yield replace(best, confidence=round(min(surest + 0.05 * min(len(heard) - 1, 4), 0.95), 3))


class _Clues:
    """What speaks for a name, each with its weight; the weights were tuned on printed samples of many layouts."""

    def __init__(self, document: Document, buyers: list[Block]) -> None:
        self.document, self.buyers = document, buyers
        self.domains = own_domains(document, buyers)
        priced = (one for one in document.amounts if one.has_cents or one.currency)
        self.with_amounts = {(one.row.page, one.span.baseline) for one in priced}
        first = (block for block in document.stacks if block.lines[0].page == document.pages[0].number)
        self.firsts = sorted(first, key=lambda block: block.lines[0].baseline)
        self.headings = [title.span.words[0] for title in titles(document)]

    def all(self) -> Iterator[Found]:
        """Give every name that something speaks for."""
        yield from self.labelled()
        yield from self.companies()
        yield from self.heads()
        yield from self.one_line_addresses()
        yield from self.copyrights()

    @property
    def full_names(self) -> set[str]:
        """The names, as `names.core` writes them, that shorter ones are a part of."""
        return self.domains | {names.core(one.value) for one in self.one_line_addresses()}

    def labelled(self) -> Iterator[Found]:
        """Take the name under `Seller` or `Account holder`; short labels such as `from` and `de` say less."""
        for label, block in under_labels(self.document, "seller"):
            line = name_line(block)
            if line and not is_of(line.span, self.buyers):
                weight = _LABELLED if len(label.wording) > SHORT_LABEL else _LABELLED_BY_A_SHORT_WORD
                weight -= _ALONE * (len(label.wording) <= SHORT_LABEL and len(block.lines) == 1)
                yield replace(line, confidence=weight + _SAME_DOMAIN * self._is_domain_of(line.value))

    def companies(self) -> Iterator[Found]:
        """Take every name with a legal form."""
        for block in self.document.stacks:
            for above, line in zip((None, *block.lines), block.lines, strict=False):
                for company in (self._whole(above, one) for one in names.companies(line)):
                    yield Found(company.text, company, self._company(company, line, block))

    def _whole(self, above: Span | None, company: Span) -> Span:
        """Join a name that a narrow column has broken, if mail or web address say the whole name."""
        if above is not None and names.core(f"{above.text} {company.text}") in self.domains:
            return Span(company.page, (*above.words, *company.words))
        return company

    def _company(self, company: Span, line: Span, block: Block) -> float:
        reach = self._with_below(block).text if company.words[-1] is block.lines[-1].words[-1] else block.text
        is_reachable, page = is_reachable_by(reach), self.document.page_of_number(company.page)
        has_address = line.text != company.text and bool(POSTAL.search(line.text))
        weight = (
            0.5
            + 0.2 * is_reachable
            - 0.06 * _is_only_taxed(block)
            + 0.12 * _is_at_edge(company, page)
            + 0.1 * has_address
        )
        weight += _SAME_DOMAIN * self._is_domain_of(company.text)
        weight -= 0.4 * acts_for_another(company, line)
        weight -= 0.7 * is_of(company, self.buyers) + 0.3 * bool(_BANK.search(company.text))
        return weight - 0.3 * ((company.page, company.baseline) in self.with_amounts)

    def heads(self) -> Iterator[Found]:
        """Take the large or topmost lines of the first page, and the first line of an address with ways to call or pay."""
        page = self.document.pages[0]
        usual = median(word.size for row in page.rows for word in row.words)
        for block in self.document.stacks:
            line = block.lines[0]
            following = block.lines[1].text if len(block.lines) > 1 else ""
            if line.page == page.number and self._may_be_head(line) and not is_street_of(line, following):
                weight = self._head(
                    line,
                    self._with_below(block),
                    usual,
                    is_top=line.box[1] < _EDGE * max(page.bottom, _SHORTEST_PAGE)
                    or line.words[0] in page.rows[0].words,
                )
                yield Found(line.text, line, weight)

    def _may_be_head(self, line: Span) -> bool:
        return (
            names.is_name(names.clean(line.text))
            and not names.is_list(line.text)
            and not REGISTER.search(line.text)
            and not any(names.companies(line))
            and not POSTAL.search(line.text)
            and not is_of(line, self.buyers)
            and not any(line.words[0] is heading for heading in self.headings)
            and not self._is_field(line)
        )

    def _with_below(self, block: Block) -> Block:
        """Join a large heading with the smaller lines close under it."""
        last = block.lines[-1]
        left, _, right, _ = last.box
        start = bisect_right(self.firsts, last.baseline, key=lambda other: other.lines[0].baseline)
        for other in takewhile(
            lambda other: other.lines[0].baseline < last.baseline + LINE_GAP * last.size, self.firsts[start:]
        ):
            x0, _, x1, _ = other.lines[0].box
            if x0 < right and x1 > left:
                return Block((*block.lines, *other.lines))
        return block

    def _head(self, line: Span, block: Block, usual: float, *, is_top: bool) -> float:
        is_reachable = is_reachable_by(block.text)
        is_address = is_reachable and bool(POSTAL.search(block.text))
        is_domain = self._is_domain_of(line.text)
        if not (is_top or is_address or is_domain):
            return 0.0
        has_company = any(True for below in block.lines[1:3] for _ in names.companies(below))
        large = is_top * min(max(line.size / usual - 1.15, 0.0), 0.8)
        return (
            0.32
            - 0.2 * has_company
            + 0.15 * is_top
            + 0.2 * is_address
            + 0.25 * large
            + (_SAME_DOMAIN + 0.05) * is_domain
        )

    def one_line_addresses(self) -> Iterator[Found]:
        """Take the name of an address in one line, as above the window of an envelope or at the foot of a page."""
        pairs = (
            pair for block in self.document.stacks for pair in zip((None, *block.lines), block.lines, strict=False)
        )
        for above, cell in pairs:
            is_below_name = above is not None and names.is_name(above.text) and not any(map(str.isdigit, above.text))
            name = None if is_below_name else named_in_one_line(cell)
            is_other = name is not None and (REGISTER.search(name.text) or _BANK.search(name.text))
            if name is not None and not is_other and not is_of(cell, self.buyers):
                at_edge = 0.05 * _is_at_edge(cell, self.document.page_of_number(cell.page))
                yield Found(name.text, name, _IN_ONE_LINE + at_edge + _SAME_DOMAIN * self._is_domain_of(name.text))

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
        is_whole = label is not None and label.span.words[-1] is line.words[-1]
        return line.text.endswith(":") or (label is not None and (is_whole or bool(label.roles - {"seller"})))

    def _is_domain_of(self, name: str) -> bool:
        core = names.core(name)
        first = plain(name).partition(" ")[0]
        is_part = (core in one or (len(first) > _INITIALS and first in one) for one in self.domains)
        return bears(name, self.domains) or (bool(core) and any(is_part))


def _is_only_taxed(block: Block) -> bool:
    """Say whether a tax number is all that an address has, as those of customers often do."""
    return not CONTACT.search(block.text) and all(_TAX.match(found[0]) for found in REGISTER.finditer(block.text))


def _is_at_edge(span: Span, page: Page) -> bool:
    return span.box[1] < _EDGE * page.bottom or span.box[1] > (1 - _EDGE) * page.bottom
