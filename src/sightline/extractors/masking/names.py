"""Which names smell of a secret value."""

from functools import lru_cache

from sightline.extractors.regex import regex

_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LONGEST_NAME = 200
# fmt: off
_WORDS = {
    "apikey", "auth", "authentication", "authenticity", "authorization", "bearer", "cert", "cookie", "cookies",
    "credential", "credentials", "csrf", "cvc", "cvv", "hmac", "jwt", "kennwort", "key", "keys", "nonce", "otp", "pass",
    "passphrase", "passwd", "passwort", "password", "pin", "psk", "pwd", "saml", "secret", "secrets", "sess", "session",
    "sessionid", "sid", "sig", "signature", "ticket", "token", "tokens", "totp", "verifier", "xsrf",
}
_PARTS = (
    "token", "secret", "passw", "apikey", "sessid", "sessionid", "jsession", "accesskey", "privatekey", "csrf", "xsrf",
    "jwt", "credential", "signature", "samlre", "relaystate", "authkey", "authcode", "cookie",
)
# fmt: on
_ONLY_WHOLE = {"code", "state", "oauth_state", "code_challenge"}
_PASSWORD_PARTS = ("passw", "pwd", "passphrase", "kennwort", "secret")


@lru_cache(maxsize=4096)
def smells(name: str) -> bool:
    """Say whether a header, parameter or field of this name holds a secret; `author` and `statusCode` do not."""
    name = name[:_LONGEST_NAME]
    lower = name.lower()
    if lower in _ONLY_WHOLE or any(part in lower.replace("-", "").replace("_", "") for part in _PARTS):
        return True
    return any(word.lower() in _WORDS for word in _WORD.findall(name))


def may_be_harmless(name: str) -> bool:
    """Say whether fields of this name also hold plain words: the code or state of an answer, the key of a text."""
    return name.lower() in {"code", "state", "key", "keys"}


@lru_cache(maxsize=4096)
def is_password(name: str) -> bool:
    """Say whether people choose the value themselves, so that it may look like any word."""
    return any(part in name.lower() for part in _PASSWORD_PARTS) or name.lower() == "pass"
