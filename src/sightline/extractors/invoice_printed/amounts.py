"""Amounts of money as people write them: `1.234,50 €`, `$1,234.50`, `CHF 1'234.50`, `1 234,50 kr`, `249,-`."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from sightline.extractors.invoice_printed.layout import Row, Span
from sightline.extractors.regex import regex

CODES = (
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "TRY", "JPY", "CNY", "INR", "CAD", "AUD", "NZD", "CZK",
    "HUF", "RON", "BGN", "HRK", "BRL", "MXN", "ZAR", "SGD", "HKD", "ISK", "UAH", "RUB", "AED", "ILS", "KRW", "THB",
    "MYR", "IDR", "PHP", "VND", "TWD", "SAR", "EGP", "MAD", "NGN", "KES", "COP", "CLP", "ARS", "PEN", "RSD",
)  # fmt: skip
SYMBOLS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "\uffe5": "JPY", "円": "JPY", "元": "CNY", "₹": "INR", "₺": "TRY", "₽": "RUB", "₴": "UAH",
    "₪": "ILS", "₩": "KRW", "원": "KRW", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "tl": "TRY", "rs": "INR",
    "rs.": "INR", "r$": "BRL", "us$": "USD", "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD",
    "s$": "SGD", "mx$": "MXN", "sfr.": "CHF", "sfr": "CHF", "fr.": "CHF", "euro": "EUR", "euros": "EUR", "лв.": "BGN", "rmb": "CNY",
    "skr": "SEK", "nkr": "NOK", "dkr": "DKK", "r": "ZAR", "฿": "THB", "₫": "VND", "₱": "PHP", "rm": "MYR",
}  # fmt: skip
# These say a family of currencies; the rest of the document has to tell which.
OPEN = {"$": "$", "kr": "kr", "kr.": "kr"}

_WORDS = sorted({*(code.lower() for code in CODES), *SYMBOLS, *OPEN}, key=len, reverse=True)
_CURRENCY = "(?:" + "|".join(re.escape(word) for word in _WORDS) + ")"
_NUMBER = (
    r"(?:\d{1,3}(?:[.,'\u2019 \u00a0\u202f]\d{3})+(?:[.,]\d{1,4})?"  # 1.234.567,89
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d{1,4})?"  # 12,34,567.89 as in India
    r"|\d{1,12}(?:[.,]\d{1,4})?)"
)
_AMOUNT = regex(
    rf"(?<![\w.,/:#-])(?P<open>\()?(?P<sign>[-\u2212\u2013+])?\s?(?:(?P<before>{_CURRENCY})(?![^\W\d_])\s?)?(?P<sign2>[-\u2212\u2013])?\s?"
    rf"(?P<number>{_NUMBER})(?P<dash>[,.][-\u2013—]{{1,2}}|"
    rf":\d\d)?(?:\s?(?P<after>{_CURRENCY})(?!\w))?(?P<sign3>[-\u2212\u2013](?!\w))?"
    r"(?![\w%/:]|[.,'\u2019-]\d|\s?[%°])",
    re.IGNORECASE,
)
_NEED_CENTS = {"R", "r"}
_CENTS = regex(r"[.,]\d\d$")
_GROUPED = regex(r"\d{1,3}(?:([.,'\u2019 \u00a0\u202f])\d{3})+$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount with the words it takes; `currency` is an ISO 4217 code, `$`, `kr` or None."""

    value: Decimal
    currency: str | None
    span: Span
    row: Row
    has_cents: bool


@lru_cache(maxsize=4096)
def currency_of(written: str) -> str | None:
    """Give the code of a currency's sign, code or abbreviation; `$` and `kr` stay as they are."""
    lowered = written.lower()
    if lowered.upper() in CODES:
        return lowered.upper()
    return SYMBOLS.get(lowered) or OPEN.get(lowered)


def decimal_mark(rows: Iterable[Row]) -> str:
    """Find whether the document writes cents behind a comma or a point: whatever most amounts do."""
    marks: Counter[str] = Counter()
    for row in rows:
        for match in _AMOUNT.finditer(row.span.text):
            if _CENTS.search(match["number"]):
                marks[match["number"][-3]] += 1
    return "," if marks[","] > marks["."] else "."


def amounts(row: Row, mark: str) -> list[Amount]:
    """Find the amounts of a row: numbers with cents, or with a currency beside them."""
    found = []
    for cell in row.figures:
        for match in _AMOUNT.finditer(cell.text):
            amount = _amount(match, cell, row, mark)
            if amount is not None:
                found.append(amount)
    return _with_neighbours(found, row)


def _amount(match: re.Match[str], cell: Span, row: Row, mark: str) -> Amount | None:
    written = match["before"] or match["after"]
    number = match["number"]
    if match["dash"] and match["dash"].startswith(":"):
        if not written and "kr" not in cell.text.lower():
            return None
        number = f"{number},{match['dash'][1:]}"
    value = parse(number, mark)
    if written in _NEED_CENTS and not _CENTS.search(number):
        return None
    is_negative = bool(match["sign"] and match["sign"] != "+") or bool(match["sign2"]) or bool(match["sign3"])
    is_negative = is_negative or bool(match["open"] and cell.text[match.end() : match.end() + 1] == ")")
    span = cell.part(match.start(), match.end())
    has_cents = bool(_CENTS.search(number)) or bool(match["dash"])
    return Amount(-value if is_negative else value, currency_of(written) if written else None, span, row, has_cents)


def _with_neighbours(found: list[Amount], row: Row) -> list[Amount]:
    """Give amounts the currency that stands alone in the cell before or behind them; drop what is no amount."""
    alone = [(cell, currency_of(cell.text.strip("()[]:"))) for cell in row.figures]
    signs = [(cell.box, sign) for cell, sign in alone if sign]
    kept = []
    for amount in found:
        near = [sign for box, sign in signs if _is_beside(box, amount.span)]
        if amount.currency is None and near:
            kept.append(Amount(amount.value, near[0], amount.span, row, amount.has_cents))
        elif amount.has_cents or amount.currency is not None or _GROUPED.fullmatch(amount.span.text.strip("()+-")):
            kept.append(amount)
    return kept


def _is_beside(box: tuple[float, ...], span: Span) -> bool:
    left, _, right, _ = span.box
    return min(abs(left - box[2]), abs(box[0] - right)) < 6 * span.size


def parse(number: str, mark: str) -> Decimal:
    """Read a number; a single group of three digits after a point or comma is thousands unless cents use that mark."""
    digits = re.sub(r"['\u2019 \u00a0\u202f]", "", number)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    tail, sign = digits[last + 1 :], digits[last]
    both = "." in digits and "," in digits
    is_group = len(tail) == 3 and not both and (digits.count(sign) > 1 or sign != mark)  # noqa: PLR2004 - thousands
    if is_group:
        return Decimal(re.sub(r"[.,]", "", digits))
    return Decimal(re.sub(r"[.,]", "", digits[:last]) + "." + tail)
