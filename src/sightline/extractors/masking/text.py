"""Secrets in running text: parameters, assignments, markup, and what looks like a token by itself."""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote_plus

from sightline.extractors.masking.names import smells
from sightline.extractors.regex import regex

MASK = "***"
Note = Callable[[str, str], None]
_DEEPEST_QUOTING = 4
_SHORTEST = 4
_GAPS = (" ", "+", "%20")
_QUOTES = ('"', "'", "`")

_PARAMETER = regex(r"(^|[?&;#\s\"'`,{])([\w.\[\]%~-]{1,100})=([^&;#\s\"'`<>\\]+)")
_QUOTED_PARAMETER = regex(
    r"(%(?:25){0,3}(?:26|3F|23|3B))([\w.-]{1,100})%(?:25){0,3}3D((?:(?!%(?:25){0,3}26)[^&\s\"'<>\\])+)", re.IGNORECASE
)
_ASSIGNED = regex(
    r"""(?<![\w$])([\w$.-]{1,80})\\{0,7}["']?\s{0,8}(?:=>|[:=])\s{0,8}(\\{0,7}["'`])((?:[^"'`\\\r\n]|\\[^"'\r\n]){1,100000})"""
)
_UNQUOTED = regex(r"^[ \t]{0,20}([\w.-]{1,80}):[ \t]{1,20}(?![\"'{\[])([^\r\n]{1,10000})$", re.MULTILINE)
_NUMBER = regex(r"""["']([\w.-]{1,80})\\{0,7}["']\s{0,8}:\s{0,8}(\d{3,40})\b""")
_ELEMENT = regex(r"<(?:[\w-]{1,40}:)?([\w.-]{1,80})(?:\s[^<>]{0,500})?>([^<>]{1,100000})</")
_PART = regex(
    r"""(\bname="([^"\r\n]{1,100})"(?:;[^\r\n]{0,300})?\r?\n(?:[\w-]{1,40}:[^\r\n]{0,300}\r?\n){0,5}\r?\n)([^\r\n]+)"""
)
_FIELD = regex(r"<(?:input|meta|param|parameter|add|attribute|property|setting)\s[^<>]{1,5000}>", re.IGNORECASE)
_FIELD_NAME = regex(r"""\b(?:name|id|key|property)\s{0,3}=\s{0,3}["']?([\w.:\[\]-]{1,100})""", re.IGNORECASE)
_FIELD_VALUE = regex(r"""\b(?:value|content)\s{0,3}=\s{0,3}["']?([^"'<>]{1,10000})""", re.IGNORECASE)
_PATH = regex(r"(?<=/)([\w.~-]{1,60})/([\w.~%-]{8,2000})")
_RANDOM = regex(r"(?=[^\d]*\d)[\w.~%-]{8,}|[\w.~%-]{20,}")
# fmt: off
_PATH_WORDS = {
    "activate", "activation", "confirm", "confirmation", "invitation", "invitations", "invite", "login", "magic",
    "magic-link", "r", "recover", "recovery", "reset", "share", "unsubscribe", "verification", "verify", "webhooks",
    "services",
}
_TOKENS = regex(
    r"""(?<![A-Za-z0-9])(?:
      eyJ[\w-]{8,}(?:\.[\w-]{0,}){1,4} |
      slt_[\w-]{6,} |
      (?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{12,} |
      (?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk_live_|sk_test_|rk_live_|pk_live_|whsec_|npm_|pypi-|shpat_|
         dop_v1_|hf_|sk-|SG\.|ya29\.|AIza|EAAC|ATATT|lin_api_|dckr_pat_)[\w.-]{10,} |
      -----BEGIN[ ][A-Z ]{0,30}PRIVATE[ ]KEY-----[^-]{1,20000}
    )""",
    re.VERBOSE,
)
# fmt: on
_SCHEME = regex(
    r"\b([Bb]earer|BEARER|[Bb]asic|BASIC|[Dd]igest|[Nn]egotiate|NTLM|[Tt]oken|[Aa]pi[Kk]ey|OAuth)((?: |%20|\+)+)(?!realm)"
    r"([\w.~+/=:%-]{6,})"
)
_USER = regex(r"(?<=://)([^\s/@\"'<>?#]{1,500})@")
_USER_QUOTED = regex(r"(?<=%3A%2F%2F)([^\s/@\"'<>?#&]{1,500}?)%40", re.IGNORECASE)
_EMBEDDED = regex(r"data:(?!image/|font/|audio/|video/)[\w/+.;=-]{0,100};base64,([\w+/=%-]{8,})", re.IGNORECASE)


class TextMasker:
    """Masks text, and tells what it masked to `note(name, value)`."""

    def __init__(self, note: Note) -> None:
        """Keep whom to tell."""
        self._note = note

    def text(self, text: str, depth: int = 0) -> str:
        """Mask a URL, a form, a header's value or a body that is no JSON; linear in its length."""
        if len(text) < _SHORTEST:
            return text
        text = self._tokens(text)
        if "=" in text:
            text = _PARAMETER.sub(lambda found: self._parameter(found, depth), text)
        if "3D" in text or "3d" in text:
            text = _QUOTED_PARAMETER.sub(self._third, text)
        # First, while the names in `key="password"` can still be read.
        if "<" in text:
            text = self._markup(text)
        if ":" in text or "=" in text:
            text = self._assignments(text)
        return _PATH.sub(self._path, text) if "/" in text else text

    def _tokens(self, text: str) -> str:
        text = _TOKENS.sub(self._whole, text)
        if any(gap in text for gap in _GAPS):
            text = _SCHEME.sub(lambda found: found[1] + found[2] + self._hidden("token", found[3]), text)
        if "data:" in text:
            text = _EMBEDDED.sub(lambda found: found[0].replace(found[1], MASK), text)
        if "://" in text:
            text = _USER.sub(lambda found: self._user(found[1]) + "@", text)
        return _USER_QUOTED.sub(lambda found: self._user(found[1]) + "%40", text) if "%40" in text else text

    def _assignments(self, text: str) -> str:
        if any(quote_mark in text for quote_mark in _QUOTES):
            text = _NUMBER.sub(self._second, _ASSIGNED.sub(self._assigned, text))
        if ":" in text:
            text = _UNQUOTED.sub(self._second, text)
        if 'name="' in text:
            text = _PART.sub(self._part, text)
        return text

    def _markup(self, text: str) -> str:
        return _FIELD.sub(self._field, _ELEMENT.sub(self._second, text))

    def _hidden(self, name: str, value: str) -> str:
        if value.strip(MASK[0]):
            self._note(name, value)
        return MASK

    def _whole(self, found: re.Match[str]) -> str:
        return self._hidden("token", found[0])

    def _user(self, user: str) -> str:
        for part in user.split(":")[1:]:
            self._hidden("password", part)
        return MASK

    def _parameter(self, found: re.Match[str], depth: int) -> str:
        name, value = unquote_plus(found[2]), found[3]
        if smells(name):
            self._note(name, unquote_plus(value))
            return f"{found[1]}{found[2]}={self._hidden(name, value)}"
        if "%" not in value or depth >= _DEEPEST_QUOTING:
            return found[0]
        inner = unquote_plus(value)
        kept = self.text(inner, depth + 1)
        return found[0] if kept == inner else f"{found[1]}{found[2]}={quote(kept, safe='*')}"

    def _assigned(self, found: re.Match[str]) -> str:
        if not smells(found[1]):
            return found[0]
        return f"{found[0][: found.start(3) - found.start()]}{self._hidden(found[1], found[3])}"

    def _third(self, found: re.Match[str]) -> str:
        if not smells(found[2]):
            return found[0]
        return f"{found[0][: found.start(3) - found.start()]}{self._hidden(found[2], found[3])}"

    def _second(self, found: re.Match[str]) -> str:
        if not smells(found[1]):
            return found[0]
        before, after = found.start(2) - found.start(), found.end(2) - found.start()
        mask = self._hidden(found[1], found[2])
        return f"{found[0][:before]}{mask}{found[0][after:]}"

    def _part(self, found: re.Match[str]) -> str:
        return found[1] + self._hidden(found[2], found[3]) if smells(found[2]) else found[0]

    def _field(self, found: re.Match[str]) -> str:
        if not any(smells(name) for name in _FIELD_NAME.findall(found[0])) and 'type="password"' not in found[0]:
            return found[0]
        return _FIELD_VALUE.sub(lambda value: value[0].replace(value[1], self._hidden("value", value[1])), found[0])

    def _path(self, found: re.Match[str]) -> str:
        if not (found[1].lower() in _PATH_WORDS or smells(found[1])) or not _RANDOM.fullmatch(found[2]):
            return found[0]
        return f"{found[1]}/{self._hidden('token', found[2])}"
