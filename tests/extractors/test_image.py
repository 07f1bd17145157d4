"""Images are read and cleaned without decoding them; Pillow, which decodes, says whether that was right."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from sightline.extractors import Fact, Reading, registry
from sightline.extractors.reading import Unreadable
from tests.extractors.effort import effort

GPS = b"secret-place-51.4778N"
SERIAL = "SN-0815-4711"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + GPS + b"</x:xmpmeta>"
FORMATS = ["JPEG", "PNG", "WEBP", "TIFF"]


def exif(orientation: int = 6, **more: str) -> Image.Exif:
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010F], said[0x0110] = more.get("make", "NIKON CORPORATION"), more.get("model", "NIKON D850")
    said.get_ifd(0x8769).update({0x9003: more.get("taken", "2024:05:01 12:30:00"), 0xA431: SERIAL})
    if more.get("offset", "+02:00"):
        said.get_ifd(0x8769)[0x9011] = more.get("offset", "+02:00")
    said.get_ifd(0x8825).update({1: "N", 2: (51.0, 28.0, 40.0), 0x1B: GPS})
    return said


def picture(form: str, **saved: Any) -> bytes:
    image = Image.linear_gradient("L").resize((40, 30)).convert("RGB")
    out = BytesIO()
    image.save(out, form, **saved)
    return out.getvalue()


def full_of_metadata(form: str, said: Image.Exif | None = None) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", GPS.decode(), zip=False)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    extra: dict[str, dict[str, Any]] = {
        "JPEG": {"comment": GPS, "xmp": XMP, "icc_profile": b"profile" * 9, "quality": 90},
        "PNG": {"pnginfo": texts, "icc_profile": b"profile" * 9},
        "WEBP": {"xmp": XMP, "icc_profile": b"profile" * 9},
        "TIFF": {"icc_profile": b"profile" * 9, "description": GPS.decode()},
    }
    said = said or exif()
    return picture(form, **extra[form], **({"tiffinfo": as_folders(said)} if form == "TIFF" else {"exif": said}))


def as_folders(said: Image.Exif) -> TiffImagePlugin.ImageFileDirectory_v2:
    folders = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in said.items():
        folders[tag] = value
    for tag in (0x8769, 0x8825):
        folders.tagtype[tag] = 4
        folders[tag] = said.get_ifd(tag)
    # The place of a map, what Windows keeps, and a tag of Exif outside its folder.
    for tag, kind, value in ((0x87B1, 2, GPS.decode()), (0x9C9C, 1, GPS), (0xA431, 2, SERIAL)):
        folders.tagtype[tag] = kind
        folders[tag] = value
    return folders


def cleaned(content: bytes) -> bytes:
    copy = registry.served_copy(BytesIO(content))
    assert copy is not None
    return copy


def facts(reading: Reading) -> dict[str, Fact]:
    return {fact.name: fact for fact in reading.facts}


@pytest.mark.parametrize("form", FORMATS)
def test_size_time_and_device_are_read_with_their_places(read_bytes: Callable[[bytes], Reading], form: str) -> None:
    reading = read_bytes(full_of_metadata(form))
    found = facts(reading)
    assert (reading.kind, reading.problems) == ("image", ())
    assert {name: (fact.value, fact.confidence) for name, fact in found.items()} == {
        "image.width": ("40", 1.0),
        "image.height": ("30", 1.0),
        "image.taken_at": ("2024-05-01T12:30:00+02:00", 1.0),
        "image.device": ("NIKON D850", 1.0),
    }
    assert found["image.taken_at"].locator.path == "exif:DateTimeOriginal"
    assert found["image.device"].locator.path == "exif:Model"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"])
def test_an_image_without_metadata_has_a_size_and_is_served_as_it_is(
    read_bytes: Callable[[bytes], Reading], form: str
) -> None:
    content = picture(form)
    assert {name: fact.value for name, fact in facts(read_bytes(content)).items()} == {
        "image.width": "40",
        "image.height": "30",
    }
    assert registry.served_copy(BytesIO(content)) is None


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("animated", [True, False])
def test_every_way_of_writing_webp_gives_its_size(
    read_bytes: Callable[[bytes], Reading], *, lossless: bool, animated: bool
) -> None:
    more = {"save_all": True, "append_images": [Image.new("RGB", (40, 30), "red")]} if animated else {}
    found = facts(read_bytes(picture("WEBP", lossless=lossless, **more)))
    assert [found["image.width"].value, found["image.height"].value] == ["40", "30"]


@pytest.mark.parametrize(
    ("make", "model", "device"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("samsung", "SM-G991B\0\0", "samsung SM-G991B"),
        ("", "Pixel 7", "Pixel 7"),
        ("HUAWEI", "", "HUAWEI"),
    ],
)
def test_the_device_names_its_maker_once(
    read_bytes: Callable[[bytes], Reading], make: str, model: str, device: str
) -> None:
    reading = read_bytes(picture("JPEG", exif=exif(make=make, model=model)))
    assert facts(reading)["image.device"].value == device


def test_a_time_without_offset_is_less_sure(read_bytes: Callable[[bytes], Reading]) -> None:
    taken = facts(read_bytes(picture("JPEG", exif=exif(offset=""))))["image.taken_at"]
    assert (taken.value, taken.confidence) == ("2024-05-01T12:30:00", 0.8)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:02:30 10:00:00", "yesterday"])
def test_a_time_that_never_was_is_no_fact(read_bytes: Callable[[bytes], Reading], taken: str) -> None:
    assert "image.taken_at" not in facts(read_bytes(picture("JPEG", exif=exif(taken=taken))))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_served_copy_shows_the_same_pixels_the_same_way_round(form: str, orientation: int) -> None:
    content = full_of_metadata(form, exif(orientation))
    before, after = Image.open(BytesIO(content)), Image.open(BytesIO(cleaned(content)))
    assert after.getexif().get(0x0112, 1) == orientation
    assert before.tobytes() == after.tobytes()
    assert after.info["icc_profile"] == before.info["icc_profile"]


@pytest.mark.parametrize("form", FORMATS)
def test_the_served_copy_holds_no_trace_of_place_camera_or_words(form: str) -> None:
    content = full_of_metadata(form)
    assert GPS in content
    copy = cleaned(content)
    for secret in (GPS, SERIAL.encode(), b"NIKON", b"2024:05", b"xmpmeta"):
        assert secret not in copy
    assert set(Image.open(BytesIO(copy)).getexif()) & {0x8825, 0x8769, 0x010F} == set()


@pytest.mark.parametrize("form", FORMATS)
def test_a_served_copy_needs_no_cleaning(form: str) -> None:
    assert registry.served_copy(BytesIO(cleaned(full_of_metadata(form)))) is None


@pytest.mark.parametrize("form", [*FORMATS[:3], "GIF"])
def test_what_hides_behind_the_end_of_an_image_is_not_served(form: str) -> None:
    content = picture(form)
    hidden = picture("JPEG", exif=exif())
    assert cleaned(content + hidden) == content


@pytest.mark.parametrize("form", [*FORMATS[:3], "GIF"])
def test_a_truncated_image_is_said_and_withheld(read_bytes: Callable[[bytes], Reading], form: str) -> None:
    content = full_of_metadata(form) if form != "GIF" else picture("GIF")
    reading = read_bytes(content[:-20])
    assert reading.problems == ("The image is cut off: its end is missing.",)
    assert facts(reading)["image.width"].value == "40"
    with pytest.raises(Unreadable, match="cut off"):
        registry.served_copy(BytesIO(content[:-20]))


def test_a_png_with_a_wrong_checksum_is_said(read_bytes: Callable[[bytes], Reading]) -> None:
    content = bytearray(picture("PNG"))
    content[content.index(b"IDAT") + 6] ^= 1
    assert read_bytes(bytes(content)).problems == ("The image is damaged: a part does not match its checksum.",)


def test_an_animated_gif_keeps_its_frames_and_loop_but_not_its_comments() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=7, comment=GPS, duration=50)
    xmp = b"\x21\xff\x0bXMP DataXMP" + XMP + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    content = out.getvalue()[:-1] + xmp + b";"
    copy = cleaned(content)
    assert GPS not in copy
    after = Image.open(BytesIO(copy))
    assert (getattr(after, "n_frames", 0), after.info["loop"], after.info["duration"]) == (3, 7, 50)


def test_the_thumbnail_in_a_jfif_header_goes() -> None:
    content = picture("JPEG")
    header = b"JFIF\0\x01\x02\x00\0\x01\0\x01\x05\x05" + bytes(75)
    assert content[2:4] == b"\xff\xe0"
    rest = content[4 + int.from_bytes(content[4:6], "big") :]
    copy = cleaned(content[:2] + b"\xff\xe0" + struct.pack(">H", len(header) + 2) + header + rest)
    assert Image.open(BytesIO(copy)).tobytes() == Image.open(BytesIO(content)).tobytes()
    assert bytes(75) not in copy


def test_a_progressive_jpeg_is_followed_through_all_its_scans() -> None:
    content = picture("JPEG", progressive=True, exif=exif())
    later = b"\xff\xfe" + struct.pack(">H", len(GPS) + 2) + GPS
    scan = content.rindex(b"\xff\xda")
    copy = cleaned(content[:scan] + later + content[scan:])
    assert GPS not in copy
    assert Image.open(BytesIO(copy)).tobytes() == Image.open(BytesIO(content)).tobytes()


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">L", len(payload)) + name + payload + struct.pack(">L", zlib.crc32(name + payload))


def test_a_picture_of_30000_by_30000_pixels_is_measured_but_not_decoded(
    read_bytes: Callable[[bytes], Reading],
) -> None:
    header = struct.pack(">LLBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9_000_000)))
    content += chunk(b"IEND", b"")
    assert effort(lambda: read_bytes(content)) < 60
    reading = read_bytes(content)
    assert facts(reading)["image.width"].value == "30000"
    assert reading.problems == ("The image has more than 50 million pixels: it is not shown.",)


def test_ten_thousand_frames_cost_nothing(read_bytes: Callable[[bytes], Reading]) -> None:
    frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    content = b"GIF89a" + struct.pack("<HH", 5000, 5000) + b"\x80\0\0" + bytes(6) + frame * 10_000 + b";"
    assert effort(lambda: read_bytes(content)) < 60
    assert effort(lambda: registry.served_copy(BytesIO(content))) < 60
    assert facts(read_bytes(content))["image.height"].value == "5000"
    assert registry.served_copy(BytesIO(content)) is None


def test_exif_that_points_into_itself_or_nowhere_is_harmless(read_bytes: Callable[[bytes], Reading]) -> None:
    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack(">HHLL", tag, kind, count, value)

    hostile = [entry(0x8769, 4, 1, 8), entry(0x010F, 2, 0xFFFFFFFF, 8), entry(0x0110, 2, 900, 0xFFFFFFF0)]
    said = b"MM\0*\0\0\0\x08" + struct.pack(">H", len(hostile)) + b"".join(hostile) + struct.pack(">L", 8)
    reading = read_bytes(picture("JPEG", exif=b"Exif\0\0" + said))
    assert set(facts(reading)) == {"image.width", "image.height"}
    assert reading.problems == ()
