"""A click on a fact opens the place it was read, in files that make it hard to find; what cannot be shown says so."""

import io
import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader, PdfWriter

from tests.e2e.conftest import Team
from tests.e2e.server import INVOICE, SAMPLES, TRACE
from tests.e2e.test_viewers import dropped, file
from tests.e2e.windows import Open
from tests.extractors.packed import xlsx

LOG = "\n".join(f"2026-11-02 09:00:0{n} INFO \x1b[32mfine\x1b[0m" for n in range(8))
PROGRESS = f"10%\r50%\r100%\nloaded\n2026-11-02 09:00:00 \x1b[1;31mERROR\x1b[0m no room\n{LOG}\n"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"><script>window.pwned=1</script></svg>'


def facts_of(page: Page, name: str, fact: str) -> None:
    facts = page.get_by_role("region", name=f"Facts read from {name}")
    facts.get_by_role("button", name=re.compile(f"^{fact}")).click()


def test_a_line_of_a_log_is_counted_as_the_server_counts_it_and_shown_without_its_colours(
    window: Open, team: Team
) -> None:
    _, page = dropped(window, team, "progress.log", PROGRESS.encode())
    facts_of(page, "progress.log", "Errors 1")
    marked = page.get_by_role("region", name="Text of progress.log").locator(".bg-selected")
    expect(marked).to_have_attribute("data-line", "3")
    expect(marked).to_contain_text("2026-11-02 09:00:00 ERROR no room")
    page.get_by_role("button", name="Discard").click()


def test_words_far_out_in_a_long_line_are_shown_where_they_are(window: Open, team: Team) -> None:
    theirs, page = dropped(window, team, "wide.log", f"short\n{'x' * 90_000} needle {'x' * 9_000}\nshort".encode())
    page.get_by_role("searchbox", name="Find in the file").fill("Needle")
    expect(page.get_by_text("1 match", exact=True)).to_be_visible()
    page.get_by_role("searchbox", name="Find in the file").press("Enter")
    expect(page.locator("mark")).to_have_text("needle")
    expect(page.locator("mark")).to_be_in_viewport()
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


def test_text_in_an_old_encoding_is_read(window: Open, team: Team) -> None:
    _, page = dropped(window, team, "old.txt", "Müller, Straße\n".encode("cp1252"))
    expect(page.get_by_role("region", name="Text of old.txt")).to_contain_text("Müller, Straße")
    page.get_by_role("button", name="Discard").click()


def _mail_with_a_mail(trace: str) -> bytes:
    mail, carried = EmailMessage(), EmailMessage()
    for one, subject in (mail, "Look at this"), (carried, "It broke"):
        one["From"], one["To"], one["Subject"] = "ada@example.org", "bo@example.org", subject
    mail.set_content("<p>first</p><p>second</p><p>third</p><p>fourth</p>", subtype="html")
    carried.set_content(trace)
    mail.add_attachment(carried)
    return mail.as_bytes()


def test_a_fact_of_a_mail_is_shown_in_its_head_or_in_the_mail_as_it_was_sent(window: Open, team: Team) -> None:
    theirs, page = dropped(window, team, "carrier.eml", _mail_with_a_mail(TRACE.read_text("utf-8")))
    text = page.get_by_role("region", name="Text of carrier.eml")
    facts_of(page, "carrier.eml", "Subject")
    expect(text.locator(".bg-selected")).to_have_text("Look at this")
    facts_of(page, "carrier.eml", "Message")
    expect(text.locator("[data-line].bg-selected")).to_contain_text("KeyError: 'coffee'")
    expect(text.locator("[data-line].bg-selected")).to_be_in_viewport()
    assert theirs.axe() == []
    page.get_by_role("button", name="As a mail").click()
    expect(text).to_contain_text("fourth")
    page.get_by_role("button", name="Discard").click()


def test_a_fact_of_xml_is_shown_at_its_element_whatever_its_value_became(window: Open, team: Team) -> None:
    invoice = SAMPLES / "samples" / "fatturapa_fpr01.xml"
    _, page = dropped(window, team, "fattura.xml", invoice.read_bytes())
    facts_of(page, "fattura.xml", "Supplier VAT number")
    marked = page.get_by_role("region", name="Text of fattura.xml").locator(".bg-selected")
    expect(marked).to_contain_text("<IdFiscaleIVA>")
    page.get_by_role("button", name="Discard").click()


def test_rows_are_marked_in_the_sheet_they_are_of(window: Open, team: Team) -> None:
    book = xlsx(Offers=[["Article", "Price"], ["Cheese", 1.5]], Others=[["Name", "Place"], ["Ada", "London"]])
    _, page = dropped(window, team, "book.xlsx", book)
    facts_of(page, "book.xlsx", "Rows 1")
    marked = page.get_by_role("region", name="Text of book.xlsx").locator("tr.bg-selected")
    expect(marked).to_have_text(re.compile("Cheese"))
    names = page.get_by_role("region", name="Text of book.xlsx").locator("th[scope=rowgroup]")
    expect(names).to_have_text(["Offers", "Others"])
    expect(page.get_by_role("columnheader", name="Article")).to_be_visible()
    page.get_by_role("button", name="Discard").click()


def test_a_page_of_a_long_document_is_gone_to_by_its_number(window: Open, team: Team) -> None:
    book = PdfWriter()
    for _ in range(120):
        book.add_page(PdfReader(INVOICE).pages[0])
    written = io.BytesIO()
    book.write(written)
    theirs, page = dropped(window, team, "book.pdf", written.getvalue())
    page.get_by_role("textbox", name="Page").fill("99")
    page.get_by_role("textbox", name="Page").press("Enter")
    expect(page.get_by_role("img", name="Page 99 of book.pdf")).to_be_visible()
    page.get_by_role("textbox", name="Page").fill("4000")
    page.get_by_role("textbox", name="Page").press("Enter")
    expect(page.get_by_role("textbox", name="Page")).to_have_value("120")
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.txt", b"", "This file is empty."),
        ("half.pdf", INVOICE.read_bytes()[:9_000], "No picture can be made of this file."),
        ("drawing.svg", DRAWING.encode(), "<script>window.pwned=1</script>"),
    ],
)
def test_what_can_and_what_cannot_be_shown_of_a_file_is_told(
    window: Open, team: Team, name: str, content: bytes, words: str
) -> None:
    theirs, page = dropped(window, team, name, content)
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Zoom in")).to_have_count(0)
    assert page.evaluate("window.pwned") is None
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


def test_leaving_a_correction_keeps_the_focus_on_its_fact(window: Open, team: Team) -> None:
    _, page = dropped(window, team, "invoice.pdf", INVOICE.read_bytes())
    facts = page.get_by_role("region", name="Facts read from invoice.pdf")
    facts.get_by_role("button", name=re.compile("^Number 471102")).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(facts.get_by_role("textbox", name="Number")).to_be_focused()
    page.keyboard.press("Escape")
    expect(facts.get_by_role("button", name=re.compile("^Number 471102"))).to_be_focused()
    page.get_by_role("button", name="Discard").click()


def test_a_file_that_is_no_longer_sent_is_no_error(window: Open, team: Team) -> None:
    key = team.maintainer.file("Waits for a file")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    page.route("**/attachments", lambda _: None)
    page.get_by_label("Attach files").set_input_files(file("slow.txt", b"slow"))
    page.get_by_role("button", name="Cancel slow.txt").click()
    expect(page.get_by_text("No files.")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel slow.txt")).to_have_count(0)
    expect(page.get_by_text("Something went wrong")).to_have_count(0)
