"""Documents of word processors, and web pages."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading
from tests.extractors.packed import docx, odt, zipped

Read = Callable[[bytes], Reading]
WORDS = (
    "<w:p><w:r><w:t>Terms of</w:t></w:r><w:r><w:t> use</w:t></w:r></w:p><w:p/>"
    "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/></w:r><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr>"
    "</w:tbl><w:sdt><w:sdtContent><w:p><w:r><w:t>inside</w:t></w:r></w:p></w:sdtContent></w:sdt>"
)
PARAGRAPHS = (
    "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Terms of <text:span>use</text:span></text:h>"
    '<text:p>one<text:line-break/>two<text:s text:c="2"/>three<text:tab/>'
    "<office:annotation><text:p>remark</text:p></office:annotation></text:p>"
    "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
    "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
)


def values(reading: Reading) -> dict[str, Any]:
    return {fact.name: fact.value for fact in reading.facts}


def text_of(reading: Reading) -> list[str]:
    return [line.text for line in reading.text]


def test_a_docx_gives_its_paragraphs_and_tables(read_bytes: Read) -> None:
    reading = read_bytes(docx(WORDS, "Conditions", "3"))
    assert reading.kind == "document"
    assert text_of(reading) == ["Terms of use", "one", "two\t", "a\tb", "inside"]
    assert values(reading) == {"document.title": "Conditions", "document.pages": "3"}


def test_an_odt_gives_its_paragraphs_and_tables(read_bytes: Read) -> None:
    reading = read_bytes(odt(PARAGRAPHS, "Conditions", "3"))
    assert reading.kind == "document"
    assert text_of(reading) == ["Terms of use", "one", "two  three\t", "a\tb"]
    assert values(reading) == {"document.title": "Conditions", "document.pages": "3"}


@pytest.mark.parametrize("make", [docx, odt])
@pytest.mark.parametrize("title", ["", "Microsoft Word - draft.doc", "terms.docx"])
def test_without_a_title_of_its_own_the_first_words_are_a_question(
    read_bytes: Read, make: Callable[..., bytes], title: str
) -> None:
    reading = read_bytes(make(WORDS if make is docx else PARAGRAPHS, title))
    (fact,) = reading.facts
    assert (fact.name, fact.value, fact.locator.line) == ("document.title", "Terms of use", 1)
    assert fact.confidence < 0.5


@pytest.mark.parametrize("pages", ["", "0", "-1", "many", "9" * 30, "²"])
def test_a_wrong_number_of_pages_is_none(read_bytes: Read, pages: str) -> None:
    assert "document.pages" not in values(read_bytes(docx(WORDS, "T", pages)))
    assert "document.pages" not in values(read_bytes(odt(PARAGRAPHS, "T", pages)))


def test_a_broken_document_says_so(read_bytes: Read) -> None:
    whole = docx(WORDS)
    assert read_bytes(whole[: len(whole) // 2]).problems == ("The document could not be read: it is damaged.",)
    (problem,) = read_bytes(docx("<w:p>")).problems
    assert problem.startswith("The document could not be read: ")


def test_a_document_with_entities_is_not_read(read_bytes: Read) -> None:
    hostile = '<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document xmlns:w="urn:w"><w:body>&a;</w:body></w:document>'
    reading = read_bytes(zipped({"[Content_Types].xml": "", "word/document.xml": hostile}))
    assert (reading.text, len(reading.problems)) == ((), 1)


def test_a_deep_document_is_not_read(read_bytes: Read) -> None:
    reading = read_bytes(docx("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000))
    assert len(reading.problems) == 1


def test_a_long_document_is_kept_in_part(read_bytes: Read) -> None:
    reading = read_bytes(docx("<w:p><w:r><w:t>line</w:t></w:r></w:p>" * 20_001))
    assert len(reading.text) == 20_000
    assert reading.problems == ("The document is long: only the beginning of its text is kept for searching.",)


def test_a_page_gives_the_words_that_are_seen(read_bytes: Read) -> None:
    page = b"<!DOCTYPE html>\n"
    page += (
        b"<html><head><title>A &amp;\n B</title><style>p{}</style></head>\n<body><h1>Hi</h1>\n<p>there <b>you</b></p>"
    )
    reading = read_bytes(page + b"<script>secret()</script></body></html>")
    assert reading.kind == "document"
    assert [(line.line, line.text) for line in reading.text] == [(4, "Hi"), (5, "there you")]
    assert values(reading) == {"document.title": "A & B"}
    assert reading.facts[0].locator.line == 2


def test_a_page_with_a_trace_is_a_crash_whose_words_are_kept_once(read_bytes: Read) -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n'
    reading = read_bytes(f"<!DOCTYPE html><html><body><pre>{trace}</pre></body></html>".encode())
    assert reading.kind == "crash"
    assert sum("KeyError" in line.text for line in reading.text) == 1
