"""Many people edit one issue at once: no edit is lost and none is made from a stale view."""

from tests.reliability.counters import count_up
from tests.reliability.server import Server

CLIENTS, EDITS = 8, 6


async def test_no_edit_of_one_issue_is_lost(server: Server, admin: str) -> None:
    issue, tally = await count_up(server, admin, CLIENTS, EDITS)
    assert tally.acknowledged == CLIENTS * EDITS
    assert issue["title"] == str(CLIENTS * EDITS)
    assert issue["version"] == 1 + CLIENTS * EDITS
    assert tally.conflicts > 0
