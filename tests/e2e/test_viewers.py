"""Files are looked at inside the page, at the place where a fact was read."""

import io
import json
import re
import zipfile
from email.message import EmailMessage

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Team
from tests.e2e.server import INVOICE, SAMPLES, TRACE
from tests.e2e.windows import Open, Window
from tests.extractors.packed import docx, xlsx, zipped

UNSURE = SAMPLES / "samples" / "broken_facturx_xml_encoding.pdf"
ROWS = "Article,Price\n" + "".join(f"Article {number},{number}.50\n" for number in range(1_200))
MAIL = (
    "From: Ada <ada@example.org>\nTo: bo@example.org\nSubject: The lift\nDate: Wed, 01 May 2024 12:00:00 +0000\n"
    "Message-ID: <1@example.org>\n\nIt is stuck.\n<script>alert(1)</script>\n"
)


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}


def dropped(window: Open, team: Team, name: str, content: bytes) -> tuple[Window, Page]:
    theirs = window(team.stranger)
    page = theirs.open("/new")
    page.locator("input[type=file]").set_input_files(file(name, content))
    return theirs, page


def test_a_table_is_shown_in_rows_and_cells(window: Open, team: Team) -> None:
    theirs, page = dropped(window, team, "prices.csv", ROWS.encode())
    text = page.get_by_role("region", name="Text of prices.csv")
    expect(text.get_by_role("columnheader", name="Price")).to_be_visible()
    expect(text.get_by_role("row")).to_have_count(500)
    text.get_by_role("button", name="Show more rows").click()
    expect(text.get_by_role("row")).to_have_count(1_000)
    expect(page.get_by_role("button", name=re.compile("Headers Article, Price"))).to_be_visible()
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


def test_a_workbook_and_a_document_are_shown_without_their_programs(window: Open, team: Team) -> None:
    theirs, page = dropped(window, team, "offers.xlsx", xlsx(Offers=[["Article", "Price"], ["Cheese", 1.5]]))
    text = page.get_by_role("region", name="Text of offers.xlsx")
    expect(text.get_by_role("cell", name="Cheese")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Rows 1")).click()
    expect(text.locator("tr.bg-selected")).to_have_text(re.compile("Cheese"))
    page.locator("input[type=file]").first.set_input_files(
        file("terms.docx", docx("<w:p><w:r><w:t>Nobody shall pay.</w:t></w:r></w:p>"))
    )
    expect(page.get_by_text("Nobody shall pay.").first).to_be_visible()
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


def test_a_mail_is_shown_with_its_headers_and_nothing_in_it_runs(window: Open, team: Team) -> None:
    theirs, page = dropped(window, team, "lift.eml", MAIL.encode())
    text = page.get_by_role("region", name="Text of lift.eml")
    expect(text.get_by_role("button", name="The lift")).to_be_visible()
    expect(text).to_contain_text("It is stuck.")
    expect(text).to_contain_text("<script>alert(1)</script>")
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


def _with_invoice() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ada <ada@example.org>", "bo@example.org", "Your invoice"
    mail.set_content("See the attachment.")
    mail.add_attachment(INVOICE.read_bytes(), maintype="application", subtype="pdf", filename="invoice.pdf")
    return mail.as_bytes()


def test_files_inside_a_mail_are_shown_with_their_facts_where_it_is_dropped_and_where_it_is_filed(
    window: Open, team: Team
) -> None:
    theirs, page = dropped(window, team, "post.eml", _with_invoice())
    inside = page.get_by_role("region", name="Inside post.eml")
    inside.get_by_role("button", name=re.compile("invoice.pdf")).click()
    number = page.get_by_role("button", name=re.compile("Number 471102"))
    expect(number).to_be_visible()
    number.click()
    expect(page.get_by_role("button", name="Number was read here", exact=True)).to_be_visible()
    assert theirs.axe() == []
    page.get_by_role("button", name=re.compile("^post.eml")).click()
    expect(page.get_by_role("region", name="Text of post.eml")).to_contain_text("See the attachment.")
    page.get_by_role("button", name="File issue").click()
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    inside.get_by_role("button", name=re.compile("invoice.pdf")).click()
    expect(number).to_be_visible()
    assert theirs.axe() == []


def test_files_in_an_archive_inside_an_archive_say_where_they_are(window: Open, team: Team) -> None:
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", zipped({"crash.txt": TRACE.read_text("utf-8")}))
        archive.writestr("notes.txt", "just words")
    _, page = dropped(window, team, "all.zip", outer.getvalue())
    inside = page.get_by_role("region", name="Inside all.zip")
    inside.get_by_role("button", name=re.compile("inner.zip . crash.txt")).click()
    expect(page.get_by_role("button", name=re.compile("Type KeyError"))).to_be_visible()
    page.get_by_role("button", name="Discard").click()


def test_json_is_a_tree_that_opens_at_the_fact(window: Open, team: Team) -> None:
    run = {
        "tool": {"driver": {"name": "ruff"}},
        "results": [{"ruleId": "S101", "level": "error", "message": {"text": "x"}}],
    }
    theirs, page = dropped(window, team, "scan.sarif", json.dumps({"version": "2.1.0", "runs": [run]}).encode())
    tree = page.get_by_role("region", name="Data of scan.sarif")
    expect(tree.get_by_role("button", name=re.compile("^runs"))).to_be_visible()
    expect(tree).not_to_contain_text("S101")
    page.get_by_role("button", name=re.compile("^First rule S101")).click()
    expect(tree.locator(".bg-selected")).to_contain_text("0 {3}")
    expect(tree).to_contain_text(re.compile('ruleId:\\s*"S101"'))
    assert theirs.axe() == []
    page.get_by_role("button", name="As text").click()
    expect(page.get_by_role("region", name="Text of scan.sarif")).to_contain_text('"ruleId"')
    page.get_by_role("button", name="Discard").click()


def test_a_long_log_is_there_to_its_end_and_leads_to_its_errors(window: Open, team: Team) -> None:
    lines = [f"2026-11-02 09:00:00 INFO request number {n} was answered as it should be" for n in range(60_000)]
    lines[41_233] = "2026-11-02 09:14:03 ERROR no room left"
    theirs, page = dropped(window, team, "long.log", "\n".join(lines).encode())
    text = page.get_by_role("region", name="Text of long.log")
    expect(page.get_by_text("1 error", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next error").click()
    expect(text.locator("[data-line='41234']")).to_be_in_viewport()
    page.get_by_role("searchbox", name="Find in the file").fill("NUMBER 59999")
    page.get_by_role("searchbox", name="Find in the file").press("Enter")
    expect(text.locator("[data-line='60000']")).to_be_in_viewport()
    expect(text.get_by_role("listitem")).not_to_have_count(60_000)
    assert theirs.axe() == []
    page.get_by_role("button", name="Discard").click()


def test_text_that_was_decoded_wrongly_is_repaired_with_a_click(window: Open, team: Team) -> None:
    mail = MAIL.replace("The lift", "Der Aufzug für Müller".encode().decode("cp1252"))
    theirs, page = dropped(window, team, "wrong.eml", mail.encode())
    expect(page.get_by_text("it was meant as Der Aufzug für Müller").first).to_be_visible()
    assert theirs.axe() == []
    page.get_by_role("region", name="Facts read from wrong.eml").get_by_role("button", name="Repair").click()
    expect(page.get_by_role("button", name=re.compile("^Subject Der Aufzug für Müller"))).to_be_visible()
    page.get_by_role("button", name="Repair").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Der Aufzug für Müller")
    plain = "Kunde: Müller & Söhne\n".encode().decode("cp1252").encode()
    page.locator("input[type=file]").first.set_input_files(file("wrong.txt", plain))
    page.get_by_role("button", name="Show it as it was meant").click()
    expect(page.get_by_role("region", name="Text of wrong.txt")).to_contain_text("Kunde: Müller & Söhne")
    page.get_by_role("button", name="Discard").click()


def test_an_unsure_reading_is_confirmed_and_corrected_from_the_keyboard(window: Open, team: Team) -> None:
    theirs, page = dropped(window, team, "unsure.pdf", UNSURE.read_bytes())
    facts = page.get_by_role("region", name="Facts read from unsure.pdf")
    questions = facts.get_by_role("group", name=re.compile("right\\?$"))
    expect(questions.first).to_be_visible()
    asked = questions.count()
    page.get_by_role("heading", name="New issue").click()
    page.keyboard.press("n")
    expect(facts.get_by_role("textbox")).to_be_focused()
    assert theirs.axe() == []
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(questions).to_have_count(asked - 1)
    page.get_by_role("button", name="Discard").click()
