"""Numbers that a label names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, takewhile

from sightline.extractors.invoice_printed.dates import days
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.identifiers import is_iban
from sightline.extractors.invoice_printed.labels import Label
from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.regex import regex
from sightline.extractors.words import Word

_FILLERS = {"", "no", "nr", "n", "num", "number", "nummer", "numero", "#", "id", "o", "is", "is:", "c", "lautet", "de"}
_IDENTIFIER = regex(r"[#(]?[^\W_][\w./\-\u2013#&]{0,38}\)?")
_PREFIX = regex(r"(?!(?:VAT|TVA|IVA|BTW|KDV)$)[^\W\d_]{1,5}[-/.]?")
_PHONE = regex(r"\+\d|00[1-9]\d[\d /.-]{7}")
_LONGEST_WAY = 4
QUOTED = 0.7
_GROUP = regex(r"\d{2,4}")
_FIRST_OF_MANY = regex(r"\d")
_SPACE = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its place, and how sure it is from 0 to 1."""

    value: str
    span: Span
    confidence: float


def order_refs(document: Document) -> list[Found]:
    """Find the reference to the buyer's order."""
    found = []
    for label in document.labels:
        if "order ref" in label.roles and not _is_post_box(label):
            found += [
                Found(one.value, one.span, round(0.9 * place, 3))
                for span, place in document.places(label)
                if (one := identifier(span, label)) is not None
            ][:1]
    return distinct(found)


def _is_post_box(label: Label) -> bool:
    words = label.row.words
    end = next(at for at, word in enumerate(words, start=1) if word is label.span.words[-1])
    return end < len(words) and plain(words[end].text) == "box"


def identifier(span: Span, label: Label | None = None) -> Found | None:
    """Read the number at the beginning of a span; None when what stands there is something else."""
    words = list(span.words)
    while words and (plain(words[0].text) in _FILLERS):
        words.pop(0)
    if not words or _is_day(Span(span.page, tuple(words[:_LONGEST_WAY]))):
        return None
    taken = _take(words[:_LONGEST_WAY])
    value = " ".join(word.text for word in words[:taken]).strip("#:;,.()\u2013-* ")
    if not taken or not _is_identifier(value, label):
        return None
    return Found(value, Span(span.page, tuple(words[:taken])), 1.0)


def _take(words: list[Word]) -> int:
    first = words[0].text.rstrip(",;:")
    if any(letter.isdigit() for letter in first):
        return _with_tail(words)
    follows = len(words) > 1 and any(letter.isdigit() for letter in words[1].text)
    return 1 + _with_tail(words[1:]) if follows and _PREFIX.fullmatch(first) and first.isupper() else 0


def _with_tail(words: list[Word]) -> int:
    """Join what a space cut: `2024 / 0042`, `30 064 443`, `7 118 0442`."""
    first = words[:1] if _FIRST_OF_MANY.fullmatch(words[0].text) else []
    groups = [*first, *takewhile(lambda word: _GROUP.fullmatch(word.text), words[len(first) :])]
    if len(groups) > 1 + len(first) and all(
        after.box[0] - word.box[2] < _SPACE * word.size for word, after in pairwise(groups)
    ):
        return len(groups)
    is_joined = len(words) > 2 and words[1].text in {"/", "-", "\u2013"} and words[2].text.isalnum()  # noqa: PLR2004 - three words
    if is_joined and any(map(str.isdigit, words[2].text)):
        return 3
    return 1


def _is_identifier(value: str, label: Label | None) -> bool:
    if not _IDENTIFIER.fullmatch(value.replace(" ", "")) or not any(letter.isdigit() for letter in value):
        return False
    is_named = label is not None and "number" in label.roles
    if is_iban(value) or (_PHONE.match(value) and not is_named) or re.search(r"\d[.,]\d\d$", value):
        return False
    return label is None or len(value) > 1 or is_named


def _is_day(span: Span) -> bool:
    found = days(span)
    return bool(found) and found[0].span.words[0] is span.words[0] and not found[0].is_compact


def distinct(found: Iterable[Found]) -> list[Found]:
    """Keep the surest of equal values; among equally sure ones the earlier stays first."""
    best: dict[str, Found] = {}
    for one in found:
        if one.value not in best or one.confidence > best[one.value].confidence:
            best[one.value] = one
    return sorted(best.values(), key=lambda one: -one.confidence)
