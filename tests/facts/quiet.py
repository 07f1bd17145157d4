"""A Sightline whose worker does one job when it is told to, and otherwise rests."""

import contextlib
from collections.abc import AsyncIterator

from sightline.core.config import Settings
from sightline.main import create_app
from tests.world import World


@contextlib.asynccontextmanager
async def quiet(settings: Settings) -> AsyncIterator[World]:
    """Run everything but the worker."""
    app = create_app(settings)
    world = World(app)
    async with world.house.open(), world.house.at_work(with_worker=False), world.stack:
        yield world


async def work(world: World) -> int:
    """Do every job that is due; return how many."""
    done = 0
    while await world.house.worker.run_one():
        done += 1
    return done
