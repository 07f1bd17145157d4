"""Pictures are drawn a few at a time, and what one person asks for does not keep all others waiting."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from sightline.core.actor import Actor
from sightline.core.errors import Unavailable

AT_A_TIME: Final = 2
MOST_EACH: Final = 12


class Drawing:
    """The places at which pictures are drawn in this process."""

    def __init__(self) -> None:
        self.place = asyncio.Semaphore(AT_A_TIME)
        self._asked: Counter[int | None] = Counter()

    @contextlib.asynccontextmanager
    async def asked(self, actor: Actor) -> AsyncIterator[None]:
        """Count a picture for the length of the block; raises `Unavailable` for whoever has asked for many already."""
        if self._asked[actor.id] >= MOST_EACH:
            raise Unavailable("Many of your pictures are being drawn already; try again in a moment.")
        self._asked[actor.id] += 1
        try:
            yield
        finally:
            self._asked[actor.id] -= 1
            self._asked += Counter()  # who waits for nothing is forgotten
