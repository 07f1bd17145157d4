"""How much work something is, whatever machine it is done on."""

import time
from collections.abc import Callable

LOOP = 200_000


def effort(work: Callable[[], object]) -> float:
    """Return the processor time of some work, counted in turns of a simple loop, in millions (0.02 to 0.2 seconds)."""
    before = _turn()
    begun = time.process_time()
    work()
    spent = time.process_time() - begun
    return spent / ((before + _turn()) / 2) * LOOP / 1_000_000


def _turn() -> float:
    begun = time.process_time()
    total = 0
    for number in range(LOOP):
        total += number
    return time.process_time() - begun
