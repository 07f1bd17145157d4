"""Masked values that stand in the file a second time, under a harmless name."""

import re
from typing import Any
from urllib.parse import quote

from sightline.extractors.masking.text import MASK
from sightline.extractors.regex import regex

_TOKEN = regex(r"[A-Za-z0-9]{8,}")
_LONG = 16
_SHORTEST_PASSWORD = 6


def without_duplicates(tree: Any, secrets: dict[str, bool]) -> Any:
    """Mask in all strings what occurs in `secrets`: value to whether a person chose it (then also plain words count)."""
    tokens = {token for secret in secrets for token in _TOKEN.findall(secret) if _is_random(token)}
    wholes = {
        form
        for secret, is_chosen in secrets.items()
        if _counts_whole(secret, is_chosen=is_chosen)
        for form in _forms(secret)
    }
    pattern = re.compile("|".join(map(re.escape, sorted(wholes, key=len, reverse=True)))) if wholes else None
    return _walk(tree, tokens, pattern) if tokens or pattern else tree


def _is_random(token: str) -> bool:
    has_digit = any(mark.isdigit() for mark in token)
    return has_digit or len(token) >= _LONG or not (token.islower() or token.isupper() or token[1:].islower())


def _counts_whole(secret: str, *, is_chosen: bool) -> bool:
    if len(secret) < _SHORTEST_PASSWORD:
        return False
    return is_chosen or (any(mark.isdigit() for mark in secret) and len(secret) >= _LONG and not _TOKEN.search(secret))


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe="")}


def _walk(value: Any, tokens: set[str], pattern: re.Pattern[str] | None) -> Any:
    match value:
        case str():
            return _string(value, tokens, pattern)
        case list():
            return [_walk(inner, tokens, pattern) for inner in value]
        case dict():
            return {_string(key, tokens, pattern): _walk(inner, tokens, pattern) for key, inner in value.items()}
    return value


def _string(text: str, tokens: set[str], pattern: re.Pattern[str] | None) -> str:
    present = {found[0] for found in _TOKEN.finditer(text)} & tokens
    for token in sorted(present, key=len, reverse=True):
        text = text.replace(token, MASK)
    return pattern.sub(MASK, text) if pattern else text
