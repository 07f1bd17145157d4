"""After an upgrade files are read again; what people corrected stays."""

from sightline.core.config import Settings
from sightline.facts.rebuilding import rebuild
from tests.facts.quiet import quiet, work
from tests.world import SAMPLES

INVOICE = (SAMPLES / "xrechnung_einfach.cii.xml").read_bytes()


async def test_files_of_a_kind_and_unknown_ones_are_read_again(settings: Settings) -> None:
    async with quiet(settings) as world:
        rae = await world.person("Rae")
        invoice = await rae.upload("bill.xml", INVOICE)
        await rae.upload("till.log", b'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n')
        await rae.upload("blob", b"\0\1\2")
        gone = await rae.upload("gone.txt", b"gone")
        assert await work(world) == 4
        (number,) = [
            fact
            for fact in (await rae.get(f"/attachments/{invoice['id']}/facts")).json()["items"]
            if fact["name"] == "invoice.number"
        ]
        await rae.patch(f"/facts/{number['id']}", json={"value": "mine"})
        await rae.delete(f"/attachments/{gone['id']}")
        assert await work(world) == 1, "its bytes are swept away"
        assert await rebuild(world.house.database, "invoice") == 2
        assert await work(world) == 2
        assert await rebuild(world.house.database, None) == 3
        assert await work(world) == 3
        facts = {one["id"]: one for one in (await rae.get(f"/attachments/{invoice['id']}/facts")).json()["items"]}
        assert (facts[number["id"]]["value"], facts[number["id"]]["read_value"]) == ("mine", "471102")
