"""Numbers that prove themselves: IBAN (ISO 13616, MOD 97-10 of ISO 7064) and VAT identification numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sightline.extractors.invoice_printed.layout import Row, Span
from sightline.extractors.regex import regex

# Length of an IBAN by country, from the SWIFT IBAN registry.
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
# Shapes of VAT numbers as the VIES service of the European Union lists them, and of some neighbours.
_VAT_SHAPES = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"[1-9]\d{8}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"\d{9}(?:\d{3})?", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LT": r"\d{9}(?:\d{3})?",
    "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d\d", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}",
    "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"\d{9}", "CHE": r"\d{9}(?:MWST|TVA|IVA|VAT)?", "NO": r"\d{9}MVA",
}  # fmt: skip
_COUNTRY = regex(r"(?<![A-Za-z0-9])([A-Z]{2})(\d\d)(?=[\s\dA-Z-])")
_VAT = regex(
    rf"(?<![A-Za-z0-9])({'|'.join(_VAT_SHAPES)})[ .-]{{0,2}}"
    r"([A-Z0-9](?:[ .\-]{0,2}[A-Z0-9]){6,15}?(?: ?(?:MVA|MWST|TVA|IVA))?)(?![A-Za-z0-9])"
)
# A tax number with this label beside it is the national form of the VAT number.
_NATIONAL = (
    ("PL", regex(r"(?i)\bNIP\b[\s:.]{0,4}(?:PL\s?)?(\d{3}[- ]?\d{2,3}[- ]?\d{2}[- ]?\d{2,3})(?!\d)")),
    ("IT", regex(r"(?i)\b(?:partita ?iva|p(?:art)?\.? ?iva|p\. ?i\.)[\s:.n\u00b0]{0,6}(\d{11})(?!\d)")),
    ("PT", regex(r"(?i)\b(?:NIF|NIPC|contribuinte)[\s:.n\u00ba]{0,6}([1-9]\d{2} ?\d{3} ?\d{3})(?!\d)")),
    ("ES", regex(r"(?i)\b(?:C\.?I\.?F\.?|N\.?I\.?F\.?)[\s:.]{0,4}([A-Z][- ]?\d{7}[- ]?[A-Z0-9])(?![A-Za-z0-9])")),
    ("ES", regex(r"(?i)\b(?:N\.?I\.?F\.?)[\s:.]{0,4}(\d{8}[- ]?[A-Z])(?![A-Za-z0-9])")),
)


def is_iban(written: str) -> bool:
    """Check length and check digits of an IBAN, written with or without spaces."""
    compact = re.sub(r"[\s-]", "", written).upper()
    if _IBAN_LENGTHS.get(compact[:2]) != len(compact) or not re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]+", compact):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def ibans(row: Row, below: Row | None = None) -> Iterator[tuple[str, Span]]:
    """Find the IBANs of a row whose check digits are right, also one that goes on in the row below."""
    own = row.span.text
    text = f"{own} {below.span.text}" if below is not None else own
    for match in _COUNTRY.finditer(text):
        length = _IBAN_LENGTHS.get(match[1])
        end = _end(text, match.start(), length) if length else 0
        if match.start() < len(own) and end and is_iban(text[match.start() : end]):
            yield re.sub(r"[\s-]", "", text[match.start() : end]), row.span.part(match.start(), min(end, len(own)))


def _end(text: str, start: int, length: int) -> int:
    """Find where so many letters and digits end."""
    counted = 0
    for at in range(start, min(len(text), start + 2 * length)):
        counted += text[at].isalnum()
        if counted == length:
            return at + 1
    return 0


def vat_ids(row: Row) -> Iterator[tuple[str, Span]]:
    """Find VAT numbers of the right shape: with country, or in a national form beside its own label."""
    text = row.span.text
    seen = set()
    for match in _VAT.finditer(text):
        country, number = match[1], re.sub(r"[ .\-]", "", match[2])
        shape = _shape(country)
        if shape and shape.fullmatch(number) and not is_iban(country + number):
            seen.add(number)
            yield country + number, row.span.part(*match.span())
    for country, label in _NATIONAL:
        for match in label.finditer(text):
            number = re.sub(r"[ \-]", "", match[1]).upper()
            shape = _shape(country)
            if number not in seen and shape and shape.fullmatch(number):
                yield country + number, row.span.part(*match.span(1))


@lru_cache(maxsize=64)
def _shape(country: str) -> re.Pattern[str] | None:
    written = _VAT_SHAPES.get(country)
    return re.compile(written) if written else None
