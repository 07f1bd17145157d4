"""What is known already is shown before it is filed again, and proposals can be refused."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Team
from tests.e2e.server import INVOICE, TRACE
from tests.e2e.test_viewers import file
from tests.e2e.windows import Open


def test_a_crash_that_is_known_is_counted_instead_of_filed(window: Open, team: Team) -> None:
    page = window(team.stranger).open("/new")
    page.locator("input[type=file]").set_input_files(TRACE)
    title = page.get_by_role("textbox", name="Title")
    expect(title).to_have_value(re.compile("^KeyError"))
    expect(page.get_by_text(f"Read in {TRACE.name}")).to_be_visible()
    expect(page.get_by_text("A crash in own code")).to_be_visible()
    page.get_by_role("button", name="Undo the suggested severity").click()
    expect(page.get_by_text("A crash in own code")).to_be_hidden()
    page.get_by_role("button", name="File issue").click()
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    key = page.url.rsplit("/", 1)[1]
    expect(page.get_by_role("button", name="Severity").first).to_contain_text("Medium")

    page.goto("/new")
    page.locator("input[type=file]").set_input_files(TRACE)
    known = page.get_by_role("region", name="This looks like one we have")
    expect(known).to_contain_text("The same file is there already")
    expect(known).to_contain_text("The same crash: KeyError")
    known.get_by_role("button", name=f"Add as occurrence of {key}").click()
    expect(page).to_have_url(re.compile(f"/issues/{key}$"))
    expect(page.get_by_role("complementary", name="Properties")).to_contain_text("2 times, last")
    timeline = page.get_by_role("list", name="Timeline")
    expect(timeline).to_contain_text(f"attached {TRACE.name}")
    expect(timeline).to_contain_text("saw this again, 2 times now")


def test_an_invoice_that_is_there_already_is_called_double_billed_before_it_is_filed(window: Open, team: Team) -> None:
    theirs = window(team.stranger)
    page = theirs.open("/new")
    page.locator("input[type=file]").set_input_files(INVOICE)
    expect(page.get_by_role("textbox", name="Title")).to_have_value(re.compile("471102"))
    page.get_by_role("button", name="File issue").click()
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    key = page.url.rsplit("/", 1)[1]

    other_bytes = file("sent again.pdf", INVOICE.read_bytes() + b"\n")
    page.goto("/new")
    page.locator("input[type=file]").set_input_files(other_bytes)
    known = page.get_by_role("region", name="This looks like one we have")
    mine = known.get_by_role("listitem").filter(has_text=key)
    expect(mine).to_contain_text("Double-billed invoice")
    expect(mine).to_contain_text("Invoice 471102 of Lieferant GmbH")
    expect(mine).not_to_contain_text("The same file")
    assert theirs.axe() == []
    mine.get_by_role("button", name=f"Add as occurrence of {key}").click()
    expect(page).to_have_url(re.compile(f"/issues/{key}$"))

    page.goto("/new")
    page.locator("input[type=file]").set_input_files(INVOICE)
    expect(mine).to_contain_text("The same file is there already")
    expect(mine).not_to_contain_text("Double-billed")
    page.get_by_role("button", name="Discard").click()


def test_proposed_labels_say_why_and_are_refused_with_one_click(window: Open, team: Team) -> None:
    page = window(team.maintainer).open("/new")
    page.locator("input[type=file]").set_input_files(TRACE)
    labels = page.get_by_role("region", name="Labels")
    expect(labels).to_contain_text(f"The kind of {TRACE.name}")
    labels.get_by_role("button", name="Take off the label crash").click()
    expect(labels).not_to_contain_text("crash")
    page.reload()
    expect(page.get_by_role("button", name=re.compile("Type KeyError"))).to_be_visible()
    expect(labels).not_to_contain_text("crash")
    page.get_by_role("button", name="Discard").click()
