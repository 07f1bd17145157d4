"""What a picture says becomes facts like any other, and its absence is told, not guessed."""

import asyncio
import io
from pathlib import Path

from PIL import Image

from sightline.extractors import read
from sightline.facts.recognising import NOT_INSTALLED, Recogniser
from tests.extractors.test_recognition import PAPER, drawn, saved
from tests.world import Person, World


async def test_what_a_picture_says_becomes_facts_and_text(world: World, reporter: Person) -> None:
    content = io.BytesIO()
    drawn(PAPER).save(content, "PNG")
    file = (await reporter.upload("paper.png", content.getvalue()))["id"]
    assert (await world.extracted(reporter.client, file))["extraction"]["kind"] == "invoice"
    facts = {one["name"]: one for one in (await reporter.get(f"/attachments/{file}/facts")).json()["items"]}
    assert facts["invoice.number"]["value"] == "HT-2026-0417"
    assert "Harbour Tools Ltd" in facts["image.text"]["value"]
    lines = (await reporter.get(f"/attachments/{file}/text")).json()["items"]
    assert any("HT-2026-0417" in line["text"] for line in lines)


async def test_a_scan_without_the_engine_says_why_nothing_was_read(tmp_path: Path) -> None:
    without = Recogniser("an_engine_that_nobody_has")
    scan = saved(tmp_path / "scan.pdf", drawn(PAPER))
    assert (await without.complete(scan, read(scan, "scan.pdf"))).problems == (NOT_INSTALLED,)
    picture = saved(tmp_path / "photo.png", Image.new("RGB", (200, 100), "teal"))
    assert not without.is_for(read(picture, "photo.png"))
    assert Recogniser().is_for(read(picture, "photo.png"))


async def test_a_picture_that_cannot_be_decoded_keeps_what_was_read(tmp_path: Path) -> None:
    whole = saved(tmp_path / "paper.png", drawn(PAPER)).read_bytes()
    path = tmp_path / "broken.png"
    path.write_bytes(whole[:400])
    reading = read(path, "broken.png")
    complete = await Recogniser().complete(path, reading)
    assert complete.facts == reading.facts
    assert [problem for problem in complete.problems if "could not be recognised" in problem]


async def test_a_picture_is_seen_while_its_text_is_still_recognised(world: World, reporter: Person) -> None:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Made-up Cameras"
    drawn(PAPER).save(content, "JPEG", exif=exif)
    file = await reporter.upload("photo.jpg", content.getvalue())
    async with asyncio.timeout(30):
        while True:
            seen = (await reporter.get(f"/attachments/{file['id']}")).json()
            if not seen["withheld"]:
                break
            await asyncio.sleep(0.01)
    assert seen["extraction"]["status"] in {"queued", "running"}
    early = (await reporter.get(f"/attachments/{file['id']}/content")).content
    assert b"Made-up" not in early
    done = await world.extracted(reporter.client, file["id"])
    assert done["extraction"]["kind"] == "invoice"
    assert (await reporter.get(f"/attachments/{file['id']}/content")).content == early
    assert len([one for one in world.files.rglob("*") if one.is_file()]) == 2
