from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Fact, Reading, read

Read = Callable[[bytes], Reading]


def facts_of(reading: Reading) -> dict[str, Fact]:
    return {fact.name.removeprefix("document."): fact for fact in reading.facts}


def written_pdf(pages: int = 1, title: str = "", rotation: int = 0, text: str = "Hello world") -> bytes:
    """Write a PDF by hand: each page 200 by 100 points with a line of text at 20, 70 from the bottom left."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{' '.join(f'{6 + n} 0 R' for n in range(pages))}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Title({title})>>".encode(),
    ]
    drawing = f"BT /F 10 Tf 20 70 Td ({text}) Tj ET".encode()
    objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing))
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Rotate {rotation}/Contents 5 0 R"
    objects += [page.encode() + b"/Resources<</Font<</F 3 0 R>>>>>>"] * pages
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF"
    return bytes(body) + end % (size, table, size, len(body))


def test_lines_have_page_and_box(samples: Path) -> None:
    reading = read(samples / "plain_QualityHosting.pdf", "x.pdf")
    assert facts_of(reading)["pages"].value == "2"
    assert {line.page for line in reading.text} == {1, 2}
    total = next(line for line in reading.text if "34,73" in line.text)
    assert total.box
    assert 0 < total.box[0] < total.box[2] < 596
    assert 0 < total.box[1] < total.box[3] < 843


def test_signs_of_which_half_is_there_move_no_box(samples: Path) -> None:
    reading = read(samples / "facturx_fr_basicwl.pdf", "x.pdf")
    due = next(fact for fact in reading.facts if fact.name == "invoice.due_date")
    assert due.locator.box == pytest.approx((155.7, 257.9, 204.1, 265.3), abs=0.5)
    assert not any(0xD800 <= ord(sign) <= 0xDFFF for line in reading.text for sign in line.text)


def test_boxes_count_from_the_top_left_of_the_page(read_bytes: Read) -> None:
    (line,) = read_bytes(written_pdf()).text
    assert (line.page, line.line, line.text) == (1, 1, "Hello world")
    assert line.box == pytest.approx((20, 22, 70, 30), abs=3)


@pytest.mark.parametrize(
    ("rotation", "box"),
    [(90, (70, 20, 78, 70)), (180, (130, 70, 180, 78)), (270, (22, 130, 30, 180))],
)
def test_boxes_follow_the_rotation_of_the_page(read_bytes: Read, rotation: int, box: tuple[float, ...]) -> None:
    (line,) = read_bytes(written_pdf(rotation=rotation)).text
    assert line.box == pytest.approx(box, abs=3)


def test_the_title_of_the_properties_comes_before_the_first_line(read_bytes: Read) -> None:
    title = facts_of(read_bytes(written_pdf(title="Yearly report")))["title"]
    assert (title.value, title.confidence) == ("Yearly report", 0.9)
    assert [other.value for other in title.alternatives] == ["Hello world"]


@pytest.mark.parametrize("made_up", ["Microsoft Word - report final.docx", "Untitled", "scan0001.pdf", "Document1", ""])
def test_a_title_that_a_program_made_up_is_not_the_title(read_bytes: Read, made_up: str) -> None:
    title = facts_of(read_bytes(written_pdf(title=made_up)))["title"]
    assert (title.value, title.confidence, title.locator.page) == ("Hello world", 0.4, 1)


def test_a_locked_pdf_says_so(read_bytes: Read) -> None:
    trailer = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    reading = read_bytes(written_pdf().replace(b"/Info 4 0 R", b"/Info 4 0 R" + trailer))
    assert reading.problems == ("The PDF is locked with a password, so nothing could be read from it.",)
    assert reading.facts == ()


def test_a_damaged_pdf_says_so(read_bytes: Read) -> None:
    reading = read_bytes(b"%PDF-1.7\nnothing else")
    assert reading.problems == ("The PDF is damaged and could not be opened.",)


def test_pages_beyond_the_limit_are_counted_and_the_limit_is_said(read_bytes: Read) -> None:
    reading = read_bytes(written_pdf(pages=501))
    assert facts_of(reading)["pages"].value == "501"
    assert reading.text[-1].page == 500
    assert reading.problems == ("The PDF has 501 pages: only the first 500 were read.",)


def test_more_text_than_is_kept_is_said(read_bytes: Read) -> None:
    reading = read_bytes(written_pdf(pages=300, text="x" * 5000))
    assert reading.text[-1].page == 200
    assert reading.problems == ("The PDF is long: only the text of its first 200 pages is kept for searching.",)
