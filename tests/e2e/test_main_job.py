"""Two people in two windows, from a dropped file to a closed issue."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Team
from tests.e2e.server import INVOICE, SCAN, TRACE
from tests.e2e.windows import Open


def _numbers(page: Page) -> dict[str, int]:
    """Read the numbers of the insights page by status."""
    links = page.get_by_role("region", name="By status").get_by_role("link")
    links.first.wait_for()
    words = (text.split() for text in links.all_inner_texts())
    return {" ".join(name): int(number) for *name, number in words}


def test_a_dropped_invoice_is_read_filed_worked_and_closed_before_two_peoples_eyes(window: Open, team: Team) -> None:
    team.maintainer.file("There before it")
    theirs, ours = window(team.reporter), window(team.maintainer)
    queue = ours.open("/issues")
    counts = window(team.maintainer)
    before = _numbers(counts.open("/insights"))

    page = theirs.open("/new")
    page.locator("input[type=file]").set_input_files(INVOICE)
    facts = page.get_by_role("region", name=f"Facts read from {INVOICE.name}")
    expect(facts.get_by_role("button", name=re.compile("Number 471102"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Invoice 471102 from Lieferant GmbH, 197.65 EUR")

    facts.get_by_role("button", name=re.compile("Total 197.65 EUR")).click()
    expect(page.get_by_alt_text(f"Page 3 of {INVOICE.name}")).to_be_visible()
    expect(page.get_by_role("button", name="Total was read here")).to_have_attribute("aria-pressed", "true")

    facts.get_by_role("button", name="Correct Order reference").click()
    facts.get_by_label("Order reference").fill("2018-471332")
    facts.get_by_role("button", name="Save").click()
    expect(facts.get_by_text("corrected", exact=True)).to_be_visible()

    page.get_by_role("button", name="File issue").click()
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    key = page.url.rsplit("/", 1)[1]
    expect(page.get_by_text(f"{key} was filed")).to_be_visible()

    queue.get_by_role("button", name=re.compile(r"\d new")).click()
    queue.get_by_role("link", name=re.compile(key)).click()
    properties = queue.get_by_role("complementary", name="Properties")
    expect(properties.get_by_text("Rosa")).to_be_visible()
    queue.keyboard.press("s")
    queue.get_by_role("option", name="Triaged").click()
    expect(properties.get_by_role("button", name="Status")).to_contain_text("Triaged")
    seen = page.get_by_role("complementary", name="Properties")
    expect(seen.get_by_role("button", name="Status")).to_contain_text("Triaged")

    queue.keyboard.press("v")
    queue.get_by_role("option", name="High").click()
    queue.keyboard.press("i")
    expect(seen.get_by_role("button", name="Assignee")).to_contain_text("Grace")
    expect(seen.get_by_role("button", name="Severity")).to_contain_text("High")

    queue.keyboard.press("s")
    queue.get_by_role("option", name="Done, fixed").click()
    expect(seen.get_by_role("button", name="Status")).to_contain_text("Done, fixed")
    expect(page.get_by_role("list", name="Timeline")).to_contain_text("moved this from Triaged to Done")

    row = counts.page.get_by_role("region", name="By status").get_by_role("link", name=re.compile("Done"))
    expect(row).to_contain_text(str(before["Done"] + 1))
    assert _numbers(counts.page) == before | {"Done": before["Done"] + 1}
    row.click()
    expect(counts.page.get_by_role("link", name=re.compile(key))).to_be_visible()
    listed = counts.page.get_by_role("list", name="Issues").get_by_role("listitem")
    expect(listed).to_have_count(before["Done"] + 1)


def test_several_files_go_at_once_and_a_crash_log_shows_its_lines(window: Open, team: Team) -> None:
    page = window(team.reporter).open("/new")
    page.locator("input[type=file]").set_input_files([TRACE, SCAN])
    page.get_by_role("button", name=re.compile(TRACE.name)).first.click()
    facts = page.get_by_role("region", name=f"Facts read from {TRACE.name}")
    facts.get_by_role("button", name=re.compile("Type KeyError")).click()
    text = page.get_by_role("region", name=f"Text of {TRACE.name}")
    expect(text).to_contain_text("Traceback (most recent call last)")
    expect(page.get_by_role("textbox", name="Title")).to_have_value(re.compile("^KeyError"))
    expect(page.get_by_role("combobox", name="Severity").or_(page.get_by_label("Severity: High"))).to_be_visible()
    page.get_by_role("button", name=re.compile(SCAN.name)).first.click()
    expect(page.get_by_alt_text(re.compile(SCAN.name))).to_be_visible()
    page.get_by_role("button", name=f"Remove {SCAN.name}").click()
    page.get_by_role("button", name="File issue").click()
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    files = page.get_by_role("region", name="Files and facts")
    expect(files.get_by_role("button", name=re.compile(TRACE.name)).first).to_be_visible()
    expect(files.get_by_role("button", name=re.compile(SCAN.name))).to_have_count(0)


def test_a_file_dropped_on_the_list_starts_an_issue(window: Open, team: Team) -> None:
    page = window(team.reporter).open("/issues")
    page.get_by_role("heading", name="Issues").wait_for()
    transfer = page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(['ValueError: dropped from nowhere'], 'dropped.log', { type: 'text/plain' }));
          return transfer;
        }"""
    )
    page.dispatch_event("#main", "dragenter", {"dataTransfer": transfer})
    expect(page.get_by_text("Drop to start an issue")).to_be_visible()
    page.dispatch_event("#main", "drop", {"dataTransfer": transfer})
    expect(page).to_have_url(re.compile("/new$"))
    expect(page.get_by_role("textbox", name="Title")).to_have_value(re.compile("dropped"))
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Drop a file, and its facts are read at once")).to_be_visible()
