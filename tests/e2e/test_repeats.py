"""What is known already is shown before it is filed again, and proposals can be refused."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Team
from tests.e2e.server import TRACE
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
    known.get_by_role("button", name=f"Add to {key} as seen again").click()
    expect(page).to_have_url(re.compile(f"/issues/{key}$"))
    expect(page.get_by_role("complementary", name="Properties")).to_contain_text("2 times, last")
    timeline = page.get_by_role("list", name="Timeline")
    expect(timeline).to_contain_text(f"attached {TRACE.name}")
    expect(timeline).to_contain_text("saw this again, 2 times now")
