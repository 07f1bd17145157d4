from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from sightline.core.config import Settings
from tests.access.scene import Scene, standing


@pytest.fixture
async def scene(routes: FastAPI, settings: Settings) -> AsyncIterator[Scene]:
    async with standing(routes, settings) as opened:
        yield opened
