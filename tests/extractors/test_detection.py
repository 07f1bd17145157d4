import codecs
import io
import zipfile
from pathlib import Path

import pytest

from sightline.extractors import detect
from tests.extractors.effort import effort

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def archive(*names: str, content: str = "x") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name in names:
            packed.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        (archive("notes.txt", "word/list.txt"), "application/zip"),
        (archive("server.log", content="2026-11-03 10:00:00 ERROR it stopped\n" * 500)[:8192], "application/zip"),
        (
            archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            archive("mimetype", "content.xml", content="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
        (b"\x1f\x8b\x08\0\0\0\0\0", "application/x-gzip"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<a/>", "application/xml"),
        (b"<rsm:CrossIndustryInvoice xmlns:rsm='urn:x'>", "application/xml"),
        (codecs.BOM_UTF16_LE + "<?xml version='1.0'?><a/>".encode("utf-16-le"), "application/xml"),
        (b"<!DOCTYPE html><p>hello", "text/html"),
        (b"\n <!-- hi --> <HTML><body>", "text/html"),
        (b"<script>alert(1)</script>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "application/xhtml+xml"),
        (b'{"level": "info"}\n', "application/json"),
        (b"[1] is not JSON\n", "text/plain"),
        (b"<- that way\n", "text/plain"),
        (b"<internal:kernel>:187:in 'loop': stopped\n", "text/plain"),
        (b"Traceback (most recent call last):\n", "text/plain"),
        (b"BMW and MZ are brands\n", "text/plain"),
        (b"\x1b]8;;https://x.example/a\x07a.py\x1b]8;;\x07 failed\n" * 9, "text/plain"),
        ("größer".encode()[:-2], "text/plain"),
        ("Es fehlt die Größe, und zwar überall".encode("cp1252"), "text/plain"),
        (codecs.BOM_UTF16_LE + "log".encode("utf-16-le"), "text/plain"),
        (b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nhello", "message/rfc822"),
        (b"\x00\x01\x02\x03 nothing known", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_content_decides_the_media_type(head: bytes, media_type: str) -> None:
    assert detect(head, "file.bin") == media_type


def test_html_named_png_is_html() -> None:
    assert detect(b"<html><script>alert(1)</script>", "picture.png") == "text/html"


def test_an_image_named_txt_is_an_image(samples: Path) -> None:
    assert detect((samples / "scan_AmazonWebServices.png").read_bytes()[:8192], "notes.txt") == "image/png"


def test_a_character_cut_at_the_end_of_the_head_is_still_text() -> None:
    assert detect(("a" * 8190 + "ü").encode()[:8191], "x") == "text/plain"


@pytest.mark.parametrize("repeated", [b"<!---->", b"<!-- -->\n", b"<?a?><!---->", b"<!-- "])
def test_the_beginning_of_markup_is_looked_at_once(repeated: bytes) -> None:
    # Detection runs in the server, where everybody would wait.
    head = repeated * (65536 // len(repeated)) + b"<x>"
    assert effort(lambda: detect(head, "")) < 10


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"\xff\xd8\xff\xe1\xf0\x00", "image/jpeg"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
    ],
)
def test_a_picture_that_says_much_before_its_pixels_is_no_text(beginning: bytes, kind: str) -> None:
    said = b"<exif:GPSLatitude>51.4778</exif:GPSLatitude>\n" * 2_000
    for length in (8_192, 65_536):
        assert detect((beginning + said)[:length], "") == kind
