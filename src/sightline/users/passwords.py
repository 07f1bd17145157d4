"""Passwords: rules, and argon2id off the event loop."""

import asyncio
import functools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

from sightline.core.actor import Role
from sightline.core.errors import Invalid

LONGEST: Final = 128
SHORTEST: Final = {Role.reporter: 12, Role.maintainer: 12, Role.admin: 15}
PRODUCT_WORDS: Final = frozenset(
    {"sightlinesightline", "sightlineadmin", "sightline123456", "issuesandinsights", "issues & insights"}
)

ROWS: Final = ("1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "password")
ONES: Final = "0123456789abcdefghijklmnopqrstuvwxyz"

hasher: Final = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
_threads: Final = ThreadPoolExecutor(2, "passwords")


@functools.cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - a large list, needed at the first new password only

    listed = (word for word in FREQUENCY_LISTS["passwords"] if len(word) >= min(SHORTEST.values()))
    return PRODUCT_WORDS.union(listed, _runs())


def _runs() -> Iterator[str]:
    """Yield what the list leaves out because its library finds it by rule: runs and single characters repeated."""
    for length in range(min(SHORTEST.values()), 27):
        for row in ROWS:
            yield (row * 4)[:length]
        for one in ONES:
            yield one * length


def check(password: SecretStr, role: Role) -> None:
    """Raise `Invalid` for a password that is too short, too long, or an exact entry of the common list."""
    plain = password.get_secret_value()
    shortest = SHORTEST[role]
    if not shortest <= len(plain) <= LONGEST:
        raise Invalid("password", f"must have {shortest} to {LONGEST} characters")
    if plain.casefold() in _common():
        raise Invalid("password", "is one of the passwords everybody tries first")


async def hashed(password: SecretStr) -> str:
    """Return the argon2id hash of a password (64 MiB, 3 passes), made in a thread, two at a time."""
    plain = password.get_secret_value().encode("utf-8", "surrogatepass")
    return await asyncio.get_running_loop().run_in_executor(_threads, hasher.hash, plain)


async def matches(stored: str | None, password: SecretStr) -> bool:
    """Tell whether the password is the one behind `stored`; takes as long when there is none."""
    plain = password.get_secret_value().encode("utf-8", "surrogatepass")[:4096]
    is_right = await asyncio.get_running_loop().run_in_executor(_threads, _verify, stored, plain)
    return is_right and stored is not None


@functools.cache
def _nobodys() -> str:
    return hasher.hash("nobody has this password")


def _verify(stored: str | None, plain: bytes) -> bool:
    try:
        return hasher.verify(stored or _nobodys(), plain)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return hasher.check_needs_rehash(stored)
