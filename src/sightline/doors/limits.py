"""How often somebody without an account may do something: room for a busy day, none for a flood.

Counted by network address and by project, in the database. An address is the peer's, an IPv6 one by its /64, which is
what one household has; it is kept as a hash, for an hour.
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sightline.core.db import Database
from sightline.core.secrets import digest
from sightline.users.throttle import Limit, take

HOUR: Final = timedelta(hours=1)
SUBMISSIONS: Final = Limit(60, HOUR)
SUBMISSIONS_OF_PROJECT: Final = Limit(300, HOUR)
ADDITIONS: Final = Limit(120, HOUR)
ADDITIONS_OF_PROJECT: Final = Limit(600, HOUR)
WRONG_TOKENS: Final = Limit(60, HOUR)
# In all, by one receipt.
REPLIES: Final = 200
FILES: Final = 100


def hashed(peer: str) -> str:
    """Return what is kept of a network address."""
    try:
        known = ip_address(peer)
    except ValueError:
        return digest(peer)
    is_long = isinstance(known, IPv6Address) and known.ipv4_mapped is None
    return digest(str(ip_network(f"{known}/64", strict=False) if is_long else known))


async def count_submission(database: Database, peer: str, project_id: int) -> None:
    """Count one submission; raises `TooMany`."""
    by_address, by_project = f"submit:{hashed(peer)}", f"submit:project:{project_id}"
    await take(database, {by_address: SUBMISSIONS, by_project: SUBMISSIONS_OF_PROJECT})


async def count_addition(database: Database, peer: str, project_id: int) -> None:
    """Count one reply, or files that are added; raises `TooMany`."""
    by_address, by_project = f"receipt:{hashed(peer)}", f"receipt:project:{project_id}"
    await take(database, {by_address: ADDITIONS, by_project: ADDITIONS_OF_PROJECT})


async def count_wrong_token(database: Database, peer: str) -> None:
    """Count one token that leads nowhere; raises `TooMany`."""
    await take(database, {f"token:{hashed(peer)}": WRONG_TOKENS})
