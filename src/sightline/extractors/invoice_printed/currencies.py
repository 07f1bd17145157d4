"""The currency of an invoice: what stands beside its total, else what its text names most."""

from collections import Counter
from dataclasses import dataclass

from sightline.extractors.invoice_printed.amounts import CODES, Amount, currency_of
from sightline.extractors.invoice_printed.document import Document
from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.regex import regex

_CODE = regex(rf"(?<![A-Za-z0-9])({'|'.join(CODES)})(?![A-Za-z0-9])")
_NAMED = regex(
    r"(?i)\b(?:currency|währung|waehrung|devise|valuta|moneda|moeda|waluta|valutta|döviz|"
    r"para birimi)\b[\s:]{0,4}(\w{3})\b"
)
# Words and numbers that only one of the countries that share a sign would print.
_DOLLARS = (
    (
        "CAD",
        regex(r"(?i)\bcanada\b|\bHST\b|\bTPS\b|\bTVQ\b|\bQST\b|\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b|\.ca\b"),
    ),
    ("AUD", regex(r"(?i)\baustralia\b|\bABN\b|\.com\.au\b|\b(?:NSW|VIC|QLD|TAS)\b ?\d{4}")),
    ("NZD", regex(r"(?i)new zealand|\.co\.nz\b|\bNZBN\b")),
    ("SGD", regex(r"(?i)\bsingapore\b|\.com\.sg\b|\bUEN\b")),
    ("HKD", regex(r"(?i)\.com\.hk\b")),
    ("MXN", regex(r"(?i)\bm[eé]xico\b|\bRFC\b|\.com\.mx\b")),
)
_CROWNS = (
    ("NOK", regex(r"(?i)\bMVA\b|\bnorge\b|\bnorway\b|\.no\b|\bNO\d{2} ?\d{4}|å betale|foretaksregisteret|\+47")),
    ("DKK", regex(r"(?i)\bCVR\b|\bdanmark\b|\bdenmark\b|\.dk\b|\bDK\d{2} ?\d{4}|at betale|\bSE-nr|\+45")),
    (
        "SEK",
        regex(r"(?i)\bsverige\b|\bsweden\b|\.se\b|\bSE\d{2} ?\d{4}|bankgiro|att betala|f-skatt|org\.? ?nr|\+46"),
    ),
)
_EURO = (
    "AT", "BE", "CY", "DE", "EE", "EL", "ES", "FI", "FR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI", "SK",
)  # fmt: skip
_COUNTRY_MONEY = dict.fromkeys(_EURO, "EUR") | {
    "GB": "GBP", "CH": "CHF", "SE": "SEK", "NO": "NOK", "DK": "DKK", "PL": "PLN", "TR": "TRY", "CZ": "CZK",
    "HU": "HUF", "RO": "RON",
}  # fmt: skip
_BESIDE, _NAMED_ONCE, _HINTED, _GUESSED = 0.95, 0.9, 0.82, 0.6


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency with its place and how sure it is."""

    code: str
    span: Span
    confidence: float


def find_currency(document: Document, total: Amount, countries: list[str]) -> Currency | None:
    """Find the currency; `countries` are those of the supplier's IBAN and VAT number, the last resort."""
    sign, span, confidence = _sign(document, total)
    if sign is not None and sign in {"$", "kr"}:
        named = next(iter(_codes(document)), None)
        code, sure = _settled(document.text, sign, named)
        return Currency(code, span, min(confidence, sure))
    if sign:
        return Currency(sign, span, confidence)
    local = next((_COUNTRY_MONEY[country] for country in countries if country in _COUNTRY_MONEY), None)
    return Currency(local, total.span, _GUESSED) if local else None


def _sign(document: Document, total: Amount) -> tuple[str | None, Span, float]:
    if total.currency:
        return total.currency, total.span, _BESIDE
    for word in reversed(total.row.words):
        beside = currency_of(word.text.strip("()[]:.,")) if len(word.text) > 1 or not word.text.isalpha() else None
        if beside:
            return beside, Span(total.row.page, (word,)), _BESIDE
    if named := _named(document):
        return named
    priced = [amount for amount in document.amounts if amount.currency]
    counted = Counter(amount.currency for amount in ([one for one in priced if one.has_cents] or priced))
    if counted:
        most = counted.most_common(1)[0][0]
        place = next(amount.span for amount in document.amounts if amount.currency == most)
        return most, place, _NAMED_ONCE if len(counted) == 1 else _GUESSED
    return _written(document, total)


def _named(document: Document) -> tuple[str, Span, float] | None:
    """Find what a label says: `Currency: EUR`."""
    for row in document.rows:
        named = _NAMED.search(row.span.text)
        if named and (code := currency_of(named[1])):
            return code, row.span.part(*named.span(1)), _NAMED_ONCE
    return None


def _written(document: Document, total: Amount) -> tuple[str | None, Span, float]:
    """Find a code anywhere, such as `All amounts in EUR` or `Betrag (€)` in the head of a table."""
    counted = _codes(document)
    signs = Counter(sign for sign in "€£$₺₹¥₽₴" if sign in document.text)
    if not counted and signs:
        counted = Counter({currency_of(sign) or sign: count for sign, count in signs.items()})
    if not counted:
        return None, total.span, 0.0
    return counted.most_common(1)[0][0], total.span, _HINTED if len(counted) == 1 else _GUESSED


def _codes(document: Document) -> Counter[str]:
    return Counter(_CODE.findall(document.text))


def _settled(text: str, sign: str, named: str | None) -> tuple[str, float]:
    family = {"$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"), "kr": ("SEK", "NOK", "DKK")}[sign]
    if named in family:
        return named, _BESIDE
    if sign == "$":
        hinted = next((code for code, pattern in _DOLLARS if pattern.search(text)), None)
        return (hinted, _HINTED) if hinted else ("USD", 0.85)
    hinted = next((code for code, pattern in _CROWNS if pattern.search(text)), None)
    return (hinted, 0.9) if hinted else ("SEK", _GUESSED)


def is_american(currency: str, text: str) -> bool:
    """Say whether such a document writes the month before the day."""
    return currency == "USD" or (currency == "CAD" and " invoice" in f" {plain(text)}")
