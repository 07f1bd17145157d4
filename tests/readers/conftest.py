from collections.abc import AsyncIterator

import pytest

from tests.world import World, listening


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """Serve the application on a real port."""
    async with listening(world.app) as found:
        yield found
