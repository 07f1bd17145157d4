"""Files are looked at inside the page, at the place where a fact was read."""

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Team
from tests.e2e.windows import Open, Window
from tests.extractors.packed import docx, xlsx

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
