from collections.abc import AsyncIterator

import pytest

from sightline.core.config import Settings
from tests.access.scene import Scene, standing


@pytest.fixture
async def scene(settings: Settings) -> AsyncIterator[Scene]:
    async with standing(settings) as opened:
        yield opened
