"""One process that runs jobs and readers without serving."""

import asyncio
import sys

from sightline.cli.child import Channel
from sightline.core.config import load_settings
from sightline.core.logging import configure
from sightline.core.refusal import REFUSED, Refusal
from sightline.house import House


async def work(channel: Channel) -> None:
    """Work until told to stop."""
    told = asyncio.Event()
    channel.until_told(told.set)
    house = House(load_settings())
    async with house.open(), house.at_work():
        channel.say({"ready": True})
        await told.wait()


def main(channel_fd: int, _board_fd: int) -> None:
    """Run; exit code 2 means that starting makes no sense."""
    channel = Channel(channel_fd)
    configure(load_settings().log_format)
    try:
        asyncio.run(work(channel))
    except Refusal as error:
        channel.say({"refused": str(error)})
        sys.exit(REFUSED)
