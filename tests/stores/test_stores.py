"""Files in a bucket and in a container: as in a folder, and with the store stopped in the middle."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from sightline.attachments import inventory, keys, service
from sightline.attachments.inventory import Finding
from sightline.core import clock
from sightline.core.config import Settings
from sightline.jobs.models import Job
from tests.facts.quiet import quiet, work
from tests.stores.servers import StoreServer
from tests.world import SAMPLES, World

INVOICE = (SAMPLES / "zugferd_en16931_1_teilrechnung.pdf").read_bytes()


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    yield
    clock.reset()


async def keys_in(world: World) -> list[str]:
    return [key async for page in world.house.storage.listing() for key in page]


async def test_files_are_stored_read_served_and_removed(settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("bill.pdf", INVOICE)
            archive.writestr("large.bin", bytes(range(256)) * 50_000)
        stored = await rae.upload("all.zip", packed.getvalue())
        large = await rae.upload("large.bin", bytes(range(256)) * 50_000)
        await work(world)
        issue = await rae.file(attachment_ids=[stored["id"], large["id"]])
        files = {one["name"]: one for one in (await rae.get(f"/issues/{issue['id']}/attachments")).json()["items"]}
        read = (await rae.get(f"/attachments/{files['bill.pdf']['id']}/facts")).json()["items"]
        assert {fact["name"]: fact["value"] for fact in read}["invoice.number"] == "471102"
        address = f"/attachments/{large['id']}/content"
        assert (await rae.get(address)).content == bytes(range(256)) * 50_000
        assert (await rae.get(address, headers={"Range": "bytes=255-257"})).content == b"\xff\x00\x01"
        assert (await rae.get(f"/attachments/{files['bill.pdf']['id']}/preview")).status_code == 200
        findings = [found async for _, found in inventory.check(world.house.database, world.house.storage)]
        assert findings == [Finding.good] * 4
        for one in (stored, large):
            await rae.delete(f"/attachments/{one['id']}")
        await service.sweep(world.house.database, world.house.storage)
        assert await keys_in(world) == []


async def test_a_store_that_is_away_loses_nothing(store: StoreServer, settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")
        waiting = await rae.upload("bill.pdf", INVOICE)
        issue = await rae.file(attachment_ids=[waiting["id"]])
        store.stop()
        refused = await rae.client.post("/attachments", files={"file": ("second.pdf", INVOICE)})
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert (await rae.get(f"/issues/{issue['id']}")).status_code == 200
        listed = (await rae.get(f"/issues/{issue['id']}/attachments")).json()["items"]
        assert [one["name"] for one in listed] == ["bill.pdf"]
        for what in ("content", "preview"):
            assert (await rae.get(f"/attachments/{waiting['id']}/{what}")).status_code == 503
        assert (await rae.get(f"{world.base_url}/health/ready")).status_code == 503
        await work(world)
        async with world.house.database.reading() as session:
            [job] = await session.scalars(select(Job).where(Job.kind == "extract"))
        assert (job.state, job.attempts) == ("queued", 0)
        store.start()
    moved = settings.model_copy(update={"storage_url": store.settings()["storage_url"]})
    async with quiet(moved) as world:
        clock.turn(timedelta(minutes=1))
        await work(world)
        read = (await (await world.sign_in(rae.user)).get(f"/attachments/{waiting['id']}/facts")).json()["items"]
        assert "invoice.number" in {fact["name"] for fact in read}


async def test_an_upload_that_breaks_leaves_nothing(settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")

        async def half() -> AsyncIterator[bytes]:
            yield bytes(12 << 20)
            raise RuntimeError("the connection is gone")

        assert (await rae.client.post("/attachments", content=half())).status_code == 500
        assert await keys_in(world) == []


async def test_bytes_that_no_file_came_to_own_are_removed_a_day_later(settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")
        kept = await rae.upload("kept.txt", b"kept")

        async def chunks() -> AsyncIterator[bytes]:
            yield b"lost"

        await world.house.storage.put(chunks(), 10)
        await world.house.storage.put_as("aa/of-somebody-else", chunks(), 10)
        assert await inventory.strangers(world.house.database, world.house.storage) == 2
        assert await keys.sweep(world.house.database, world.house.storage) == 0
        clock.turn(timedelta(days=1, minutes=1))
        assert await keys.sweep(world.house.database, world.house.storage) == 1
        assert len(await keys_in(world)) == 2
        clock.reset()
        assert (await rae.get(f"/attachments/{kept['id']}/content")).content == b"kept"


async def test_an_upload_goes_on_while_others_read_when_the_store_stops(store: StoreServer, settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")
        issue = await rae.file()
        begun = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            for _ in range(12):
                yield bytes(1 << 20)
                begun.set()
                await asyncio.sleep(0.05)

        sending = asyncio.create_task(rae.client.post("/attachments", content=slow()))
        await begun.wait()
        store.stop()
        assert (await rae.get(f"/issues/{issue['id']}")).status_code == 200
        answer = await sending
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        async with world.house.database.reading() as session:
            assert await session.scalar(select(Job.id).where(Job.kind == "extract")) is None
        store.start()
