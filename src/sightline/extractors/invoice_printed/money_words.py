"""What the words beside an amount make it: the net, the tax, the total, what is left to pay."""

from functools import lru_cache

from sightline.extractors.invoice_printed.vocabulary import wordings
from sightline.extractors.regex import regex

_KINDS = ("total", "due", "net", "tax", "including", "gross", "aside", "settled", "filler")
_LONGEST_PHRASE = 3
_COMPOUNDS = (
    ("net", regex(r"netto\w{3,}|zwischen\w{3,}")),
    ("tax", regex(r"(?:mwst|ust|umsatzsteuer|mehrwertsteuer|moms|mva|btw)\w{3,}")),
    (
        "aside",
        regex(r"(?:rabatt|skonto|versand|liefer|pfand|teil|einzel|mahn|zins|abschlag|voraus|korting)\w{3,}"),
    ),
    ("total", regex(r"\w{3,}(?:betrag|summe|bedrag|totaal|belopp|belop|belob|summa|sum|total)")),
)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, frozenset[str]]:
    kinds: dict[str, frozenset[str]] = {}
    for kind in _KINDS:
        for phrase in wordings(f"amount {kind}"):
            kinds[phrase] = kinds.get(phrase, frozenset()) | {kind}
    return kinds


@lru_cache(maxsize=4096)
def role(wording: str) -> tuple[str | None, float]:
    """Say what a plain wording calls an amount and which share of its words is understood.

    The roles are `net`, `tax`, `total`, `due`, `settled` for a total that was paid, and `aside` for what is added or
    taken off (shipping, discount, deposit).
    Numbers, rates and currencies should be left out of the wording before.
    """
    tokens = wording.split()
    hits = _hits(tokens)
    if not hits:
        return None, 0.0
    first: dict[str, int] = {}
    for at, kinds in sorted(hits.items()):
        for kind in kinds:
            first.setdefault(kind, at)
    asides = [kinds for kinds in hits.values() if "aside" in kinds]
    is_settled = bool(asides) and "total" in first and all("settled" in kinds for kinds in asides)
    return "settled" if is_settled else _decide(first), len(hits) / len(tokens)


def _hits(tokens: list[str]) -> dict[int, frozenset[str]]:
    """Find which tokens belong to a known word or phrase, and of which kinds."""
    hits: dict[int, frozenset[str]] = {}
    at = 0
    while at < len(tokens):
        sizes = range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1)
        size = next((size for size in sizes if " ".join(tokens[at : at + size]) in _kinds()), 0)
        for place in range(at, at + size):
            hits[place] = _kinds()[" ".join(tokens[at : at + size])]
        compound = _compound(tokens[at]) if not size else None
        if compound is not None:
            hits[at] = frozenset({compound})
        at += max(size, 1)
    return hits


def _compound(token: str) -> str | None:
    """Read a compound such as `gutschriftsbetrag`, `nettorechnungswert` or `factuurtotaal` that no list has."""
    return next((kind for kind, pattern in _COMPOUNDS if pattern.fullmatch(token)), None)


def _decide(first: dict[str, int]) -> str | None:
    """Combine what kinds of words there are, and where each kind comes first."""
    if "due" in first:
        return "due"
    if "aside" in first:
        return "total" if first.get("total") == 0 and {"including", "tax"} <= first.keys() else "aside"
    is_gross = "gross" in first or ("including" in first and "total" in first)
    if "net" in first and not _is_tax_on(first) and not (is_gross and first.get("gross", 99) < first["net"]):
        return "net"
    if "tax" in first:
        return "total" if is_gross else "tax"
    return "total" if "total" in first or "gross" in first else None


def _is_tax_on(first: dict[str, int]) -> bool:
    """Tell `VAT 19% on net` from `total net of VAT`."""
    return "tax" in first and first["tax"] < first["net"] and "total" not in first
