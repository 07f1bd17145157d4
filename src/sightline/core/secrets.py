"""Random credentials, what is kept of them, and values derived from the server's secret."""

import hashlib
import hmac
import re
import secrets
from typing import Final

_CREDENTIAL: Final = re.compile(r"\b(sl[krt]_)[\w-]+", re.ASCII)


def fresh(prefix: str = "") -> str:
    """Return a new credential of 256 random bits, URL-safe, after `prefix`."""
    return prefix + secrets.token_urlsafe(32)


def masked(text: str) -> str:
    """Return `text` without what follows the prefix of any credential in it."""
    return _CREDENTIAL.sub(r"\1…", text)


def digest(credential: str) -> str:
    """Return what the database keeps of a credential: its SHA-256 in hex (256 random bits need no salt)."""
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()


def derive(secret: str, purpose: str, what: str) -> str:
    """Return 256 bits bound to the server's secret, a purpose and a subject (HMAC-SHA256, hex)."""
    return hmac.new(secret.encode(), f"{purpose}:{what}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
