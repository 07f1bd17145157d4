"""Pictures are drawn anew, whatever they were stored as."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sightline.extractors import ExtractionFailed, read
from sightline.extractors.picture import DRAWN
from sightline.extractors.sandbox import draw_limited


def saved(path: Path, *pages: Image.Image, **more: Any) -> Path:
    first, *others = pages
    first.save(path, save_all=bool(others), append_images=others, **more)
    return path


def plain(colour: str, size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("RGB", size, colour)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "tiff", "bmp"])
async def test_a_picture_in_any_format_is_drawn(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"a.{suffix}", plain("teal"))
    assert read(path, path.name).media_type in DRAWN
    drawn = await draw_limited(path, 1)
    shown = Image.open(io.BytesIO(drawn.png)).convert("RGB")
    assert (drawn.width, drawn.height, drawn.pages, shown.size) == (60, 40, 1, (60, 40))
    red, green, blue = shown.getpixel((30, 20))  # type: ignore[misc] # a tuple, of an RGB image
    assert (red, green, blue) == pytest.approx((0, 128, 128), abs=3)


async def test_a_fax_has_pages(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "fax.tiff", *(plain(colour).convert("1") for colour in ("white", "black")), compression="group4"
    )
    assert read(path, "fax.tiff").pictures == (1, 2)
    darkest = [
        Image.open(io.BytesIO((await draw_limited(path, page)).png)).convert("L").getextrema() for page in (1, 2)
    ]
    assert darkest == [(255, 255), (0, 0)]
    assert (await draw_limited(path, 2)).pages == 2
    with pytest.raises(ExtractionFailed, match="NoSuchPage"):
        await draw_limited(path, 3)


async def test_the_frames_of_a_film_are_no_pages(tmp_path: Path) -> None:
    path = saved(tmp_path / "film.gif", plain("red"), plain("blue"))
    assert (await draw_limited(path, 1)).pages == 1
    assert read(path, "film.gif").pictures == (1,)


async def test_a_long_strip_stays_as_wide_as_it_can_be_read(tmp_path: Path) -> None:
    drawn = await draw_limited(saved(tmp_path / "strip.png", plain("white", (900, 9000))), 1)
    shown = Image.open(io.BytesIO(drawn.png))
    assert (drawn.width, drawn.height) == (900, 9000)
    assert shown.width > 600
    assert shown.width * shown.height <= 4_100_000


async def test_what_is_cut_off_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path / "cut.png", Image.effect_noise((200, 200), 90))
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(ExtractionFailed, match=r"^the image is damaged, cut off, or too large$"):
        await draw_limited(path, 1)
