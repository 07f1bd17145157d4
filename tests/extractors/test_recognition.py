"""Text in pictures: papers, screenshots and scans that the tests draw, read by the real engine."""

import asyncio
import io
import resource
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont

from sightline.extractors import ExtractionFailed, Fact, Reading, read
from sightline.extractors.sandbox import recognise_limited

PAPER = (
    (80, 60, "Harbour Tools Ltd"),
    (80, 95, "12 Quay Street, Bristol BS1 4RW"),
    (760, 60, "INVOICE"),
    (760, 130, "Invoice number: HT-2026-0417"),
    (760, 165, "Invoice date: 17 March 2026"),
    (760, 330, "Net 200.00 EUR"),
    (760, 365, "VAT 20 % 40.00 EUR"),
    (760, 400, "Total 240.00 EUR"),
)
SCREEN = (
    (40, 40, "Traceback (most recent call last):"),
    (80, 75, 'File "/srv/shop/basket.py", line 57, in total'),
    (120, 110, "return net / count"),
    (40, 145, "ZeroDivisionError: division by zero"),
)


def drawn(lines: Sequence[tuple[int, int, str]], size: tuple[int, int] = (1240, 500)) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(24)
    for x, y, text in lines:
        pen.text((x, y), text, fill="black", font=font)
    return picture


def saved(path: Path, *pages: Image.Image) -> Path:
    first, *others = pages
    if path.suffix == ".pdf":
        first.save(path, save_all=True, append_images=others, resolution=150.0)
    else:
        first.save(path, exif=first.getexif())
    return path


async def recognised(path: Path) -> tuple[Reading, dict[str, Fact]]:
    found = await recognise_limited(path, read(path, path.name).pictures)
    return found, {fact.name: fact for fact in found.facts}


def overlap(fact: Fact, x: float, y: float) -> bool:
    assert fact.locator.box
    x0, y0, x1, y1 = fact.locator.box
    return x0 <= x <= x1 and y0 <= y <= y1


async def test_a_photographed_invoice_gives_its_facts_and_their_places(tmp_path: Path) -> None:
    found, facts = await recognised(saved(tmp_path / "paper.png", drawn(PAPER)))
    assert found.kind == "invoice"
    assert facts["invoice.number"].value == "HT-2026-0417"
    assert facts["invoice.date"].value == "2026-03-17"
    assert facts["invoice.total"].value == {"amount": "240.00", "currency": "EUR"}
    assert facts["invoice.supplier"].value == "Harbour Tools Ltd"
    assert overlap(facts["invoice.number"], 1000, 145)
    assert overlap(facts["invoice.total"], 850, 415)
    assert {fact.extractor for fact in found.facts} == {"recognition"}
    assert all(fact.confidence < 1 for fact in found.facts)
    assert "Harbour Tools Ltd" in str(facts["image.text"].value)
    assert any(line.text == "Invoice date: 17 March 2026" and line.page == 1 and line.box for line in found.text)


async def test_where_things_stand_counts_on_a_scan_of_any_fineness(tmp_path: Path) -> None:
    addressed = (*PAPER, (80, 140, "Meadow Bakery Ltd"), (80, 165, "3 Mill Lane"), (80, 190, "Bath BA1 1AA"))
    fine = drawn(addressed, (1240, 1000)).resize((2480, 2000))
    _, facts = await recognised(saved(tmp_path / "paper.png", fine))
    assert (facts["invoice.supplier"].value, facts["invoice.buyer"].value) == ("Harbour Tools Ltd", "Meadow Bakery Ltd")
    assert overlap(facts["invoice.number"], 2000, 290)


async def test_a_long_strip_is_read_to_its_end(tmp_path: Path) -> None:
    lines = tuple((40, 40 + 100 * number, f"entry {number} of the list") for number in range(60))
    found, _ = await recognised(saved(tmp_path / "strip.png", drawn(lines, (900, 6100))))
    assert [line.text for line in found.text] == [text for _, _, text in lines]
    assert all(line.box and abs(line.box[1] - y) < 15 for line, (_, y, _) in zip(found.text, lines, strict=True))


async def test_the_pages_of_a_fax_are_read(tmp_path: Path) -> None:
    path = tmp_path / "fax.tiff"
    first, second = (page.convert("1") for page in (drawn(()), drawn(PAPER)))
    first.save(path, save_all=True, append_images=[second], compression="group4")
    found, facts = await recognised(path)
    assert (found.kind, facts["invoice.number"].locator.page) == ("invoice", 2)
    assert await recognise_limited(path, (1, 2, 3)) == found


async def test_what_stands_before_a_damaged_page_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "fax.tiff"
    line = drawn(((40, 30, "Flight to Lisbon"),), (600, 120)).convert("L")
    line.save(path, save_all=True, append_images=[line], compression="raw")
    path.write_bytes(path.read_bytes()[:-30_000])
    found, _ = await recognised(path)
    assert [line.text for line in found.text] == ["Flight to Lisbon"]
    assert found.problems == ("Not all pages could be recognised: the image is damaged, cut off, or too large.",)


async def test_a_scan_has_its_places_in_points_of_its_page(tmp_path: Path) -> None:
    path = saved(tmp_path / "scan.pdf", drawn(()), drawn(PAPER))
    found, facts = await recognised(path)
    assert found.kind == "invoice"
    assert facts["invoice.number"].locator.page == 2
    assert overlap(facts["invoice.number"], 1000 * 72 / 150, 145 * 72 / 150)
    assert "image.text" not in facts


async def test_a_picture_that_is_turned_is_read_as_it_is_shown(tmp_path: Path) -> None:
    lying = drawn(PAPER).transpose(Image.Transpose.ROTATE_90)
    lying.getexif()[0x0112] = 6  # shown turned to the right
    _, facts = await recognised(saved(tmp_path / "turned.jpg", lying))
    assert overlap(facts["invoice.number"], 1000, 145)


async def test_a_screenshot_of_a_crash_is_a_crash(tmp_path: Path) -> None:
    found, facts = await recognised(saved(tmp_path / "screen.png", drawn(SCREEN, (900, 220))))
    assert found.kind == "crash"
    assert facts["crash.type"].value == "ZeroDivisionError"
    assert facts["crash.message"].value == "division by zero"
    assert str(facts["crash.own_frame"].value).startswith("total")
    assert overlap(facts["crash.type"], 200, 160)


async def test_a_picture_without_words_says_nothing(tmp_path: Path) -> None:
    found, facts = await recognised(saved(tmp_path / "blank.png", drawn(())))
    assert (found, facts) == (Reading(), {})


def test_only_what_has_no_text_is_a_picture(tmp_path: Path, samples: Path) -> None:
    assert read(samples / "plain_QualityHosting.pdf", "x.pdf").pictures == ()
    assert read(saved(tmp_path / "scan.pdf", drawn(()), drawn(PAPER)), "x.pdf").pictures == (1, 2)
    assert read(saved(tmp_path / "icon.png", drawn((), (16, 16))), "x.png").pictures == ()


async def test_a_broken_picture_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    whole = io.BytesIO()
    drawn(PAPER).save(whole, "PNG")
    path.write_bytes(whole.getvalue()[:400])
    with pytest.raises(ExtractionFailed, match=r"^the image is damaged, cut off, or too large$"):
        await recognise_limited(path, (1,))


async def test_others_that_go_first_take_nothing_of_its_time(tmp_path: Path) -> None:
    path = saved(tmp_path / "blank.png", drawn(()))
    before = _time_of_children()
    await recognise_limited(path, (1,))
    seconds = 3 * (_time_of_children() - before) + 1
    others = set(psutil.Process().children())
    reading = asyncio.create_task(recognise_limited(path, (1,), seconds=seconds))
    async with asyncio.timeout(30):
        while not (children := set(psutil.Process().children()) - others):  # noqa: ASYNC110 - a process tells nobody that it is there
            await asyncio.sleep(0.01)
    (child,) = children
    child.suspend()
    await asyncio.sleep(seconds + 1)
    child.resume()
    assert await reading == Reading()


def _time_of_children() -> float:
    """Return the processor time of the processes that were started and have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def test_its_own_time_is_limited(tmp_path: Path) -> None:
    # One second of the processor, or ten by the clock where it gets less than a tenth of one.
    with pytest.raises(ExtractionFailed, match=r"^took longer than 10? s$"):
        await recognise_limited(saved(tmp_path / "paper.pdf", drawn(PAPER)), (1,) * 30, seconds=1)


async def test_too_little_memory_is_an_answer(tmp_path: Path) -> None:
    with pytest.raises(ExtractionFailed):
        await recognise_limited(saved(tmp_path / "paper.png", drawn(PAPER)), (1,), memory_mb=200)
