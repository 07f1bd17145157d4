"""Secrets in the JSON of a HAR file, and in the bodies inside it."""

import base64
import binascii
import json
import re
from functools import lru_cache
from typing import Any

from sightline.extractors.masking.names import is_password, may_be_harmless, smells
from sightline.extractors.masking.text import MASK, TextMasker
from sightline.extractors.regex import regex

_GUARD = regex(r"\s{0,100}(?:\)\]\}',?|for\s?\(;;\);|while\s?\(1\);|/\*.{0,10}\*/)?\s{0,100}(?=[\[{])")
_PLAIN_WORDS = regex(r"[A-Za-z]{1,24}(?:[ ._-][A-Za-z]{1,24}){0,6}")
_SHORT_NUMBER = 1000
_MEDIA = ("image/", "font/", "audio/", "video/", "application/font", "application/x-font")
_LEFT_OUT = "(binary body left out of this copy: secrets in it cannot be masked)"
_DEEPEST_JSON = 5
_PAIR = regex(r"([^=;,\s]{1,200})=([^;]{0,100000})")
_ATTRIBUTES = {"path", "domain", "expires", "max-age", "samesite", "priority", "version"}
_COOKIES = {"cookie", "set-cookie", "cookie2", "set-cookie2"}
_SCHEME = regex(r"(Bearer|Basic|Digest|Negotiate|NTLM|Token|AWS4-HMAC-SHA256)\s", re.IGNORECASE)
_BINARY_FRAME = 2
_NAMES = {"name", "key", "field", "id"}


class Masker:
    """Walks one HAR; `secrets` are the values that were masked and why they count, by the name they stood under."""

    def __init__(self) -> None:
        """Begin with no secret known."""
        self.secrets: dict[str, bool] = {}
        self._text = TextMasker(self._note)
        self._key = lru_cache(maxsize=4096)(self._text.text)

    def _note(self, name: str, value: str) -> None:
        self.secrets[value] = self.secrets.get(value, False) or is_password(name)

    def value(self, value: Any, *, depth: int = 0) -> Any:
        """Mask anything that JSON holds; `depth` counts JSON inside the strings of JSON."""
        match value:
            case str():
                return self._string(value, depth)
            case list():
                return [self.value(inner, depth=depth) for inner in value]
            case dict():
                return self._object(value, depth)
        return value

    def _object(self, fields: dict[str, Any], depth: int) -> dict[str, Any]:
        fields = _decoded(fields)
        name = _name_of_value(fields)
        return {
            self._key(key): self._named(name, inner, depth)
            if name is not None and key.lower() == "value"
            else self._field(key, inner, depth)
            for key, inner in fields.items()
        }

    def _field(self, key: str, inner: Any, depth: int) -> Any:
        if key == "cookies" and isinstance(inner, list):
            return [self._cookie(cookie, depth) for cookie in inner]
        return self._named(key, inner, depth)

    def _cookie(self, cookie: Any, depth: int) -> Any:
        if not isinstance(cookie, dict):
            return self._hidden("cookie", cookie)
        kept = {key: inner for key, inner in cookie.items() if key != "value"}
        hidden = {"value": self._hidden("cookie", cookie["value"])} if "value" in cookie else {}
        return {**self.value({**kept}, depth=depth), **hidden}

    def _named(self, name: str, value: Any, depth: int) -> Any:
        lower = name.lower()
        if isinstance(value, str) and lower in _COOKIES:
            return self._pairs(value)
        if not smells(name) or (may_be_harmless(name) and _is_plain(value)):
            return self.value(value, depth=depth)
        if isinstance(value, str) and (scheme := _SCHEME.match(value)):
            self._note(name, value[scheme.end() :])
            return f"{scheme[1]} {MASK}"
        return self._hidden(name, value)

    def _hidden(self, name: str, value: Any) -> Any:
        """Mask everything below a name that smells; the shape stays."""
        match value:
            case bool() | None:
                return value
            case str() | int() | float():
                text = str(value)
                if text.strip(MASK[0]):
                    self._note(name, text)
                return MASK if text else text
            case list():
                return [self._hidden(name, inner) for inner in value]
            case dict():
                return {self._key(key): self._hidden(key, inner) for key, inner in value.items()}
        return MASK

    def _pairs(self, header: str) -> str:
        """Mask the values of a cookie header; names and attributes stay."""
        if "=" not in header:
            return str(self._hidden("cookie", header))
        return _PAIR.sub(self._pair, header)

    def _pair(self, found: re.Match[str]) -> str:
        if found[1].lower() in _ATTRIBUTES:
            return found[0]
        value = found[2].strip()
        lines = value.split("\n")
        for line in lines:
            self._hidden("cookie", line.strip().strip('"'))
        return f"{found[1]}={MASK if value else ''}"

    def _string(self, text: str, depth: int) -> str:
        if text.startswith("data:") or depth >= _DEEPEST_JSON:
            return self._text.text(text)
        guard = _GUARD.match(text)
        if guard:
            try:
                inner = json.loads(text[guard.end() :], strict=False)
            except (ValueError, RecursionError):
                return self._text.text(text)
            kept = self.value(inner, depth=depth + 1)
            return text if kept == inner else text[: guard.end()] + json.dumps(kept, ensure_ascii=False)
        return self._text.text(text)


def _name_of_value(fields: dict[str, Any]) -> str | None:
    """Return what the value of a pair such as `{"name": "password", "value": "…"}` is called, the one that smells first."""
    names = [name for key, name in fields.items() if key.lower() in _NAMES and isinstance(name, str)]
    return next(filter(smells, names), next(iter(names), None))


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_PLAIN_WORDS.fullmatch(value)) and len(value.split()) < len(value)
    return isinstance(value, int | float) and abs(value) < _SHORT_NUMBER


def _decoded(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn a body in Base64 into text, so that it is masked like any other; a binary frame is left out."""
    if fields.get("opcode") == _BINARY_FRAME and isinstance(fields.get("data"), str):
        return {**fields, "data": _LEFT_OUT}
    body = fields.get("text")
    if not isinstance(body, str) or not body or str(fields.get("encoding", "")).lower() != "base64":
        return fields
    try:
        content = base64.b64decode(body)
    except (binascii.Error, ValueError):
        return {**fields, "text": _LEFT_OUT, "encoding": ""}
    text = _as_text(content)
    if text is not None:
        return {key: inner for key, inner in {**fields, "text": text}.items() if key != "encoding"}
    if str(fields.get("mimeType", "")).lower().startswith(_MEDIA):
        return fields
    return {key: inner for key, inner in {**fields, "text": _LEFT_OUT}.items() if key != "encoding"}


def _as_text(content: bytes) -> str | None:
    if b"\0" in content[:1000]:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
