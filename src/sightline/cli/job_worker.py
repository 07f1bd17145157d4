"""One process that runs jobs and readers without serving."""

import asyncio

from sightline.cli.child import Channel
from sightline.core.config import Settings
from sightline.house import House


async def work(channel: Channel, settings: Settings) -> None:
    """Work until told to stop."""
    told = asyncio.Event()
    channel.until_told(told.set)
    house = House(settings)
    async with house.open(), house.at_work():
        channel.ready()
        await told.wait()


def main(channel: Channel, settings: Settings, _board_fd: int) -> None:
    """Run until told to stop."""
    asyncio.run(work(channel, settings))
