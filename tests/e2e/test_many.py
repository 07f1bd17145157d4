"""Where there is more than one page of something, all of it is reached."""

import re

from playwright.sync_api import Route, expect

from tests.e2e.conftest import Team
from tests.e2e.windows import Open, Window


def _short_pages(theirs: Window, kind: str) -> None:
    """Make the server hand out two at a time, as if there were hundreds."""

    def shorten(route: Route) -> None:
        route.continue_(url=re.sub(r"limit=\d+", "limit=2", route.request.url))

    theirs.context.route(re.compile(rf"/api/v1/{kind}\?"), shorten)


def test_users_below_the_first_page_are_listed_and_found_by_the_server(window: Open, team: Team) -> None:
    theirs = window(team.admin)
    _short_pages(theirs, "users")
    page = theirs.open("/settings/users")
    expect(page.get_by_role("row", name=re.compile("sven@example.org"))).to_be_visible()
    page.get_by_role("searchbox", name="Find a user").fill("grace@")
    expect(page.get_by_role("row", name=re.compile("@example.org"))).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=grace%40$"))
    page.reload()
    expect(page.get_by_role("row", name=re.compile("@example.org"))).to_have_count(1)


def test_an_issue_is_given_to_somebody_beyond_the_first_page(window: Open, team: Team) -> None:
    key = team.maintainer.file("For Sven")["key"]
    theirs = window(team.maintainer)
    _short_pages(theirs, "users")
    page = theirs.open(f"/issues/{key}")
    page.get_by_role("button", name="Assignee").wait_for()
    page.keyboard.press("a")
    expect(page.get_by_role("option", name="Ada")).to_be_visible()
    expect(page.get_by_role("option", name="Grace")).to_be_visible()
    expect(page.get_by_role("option", name="Sven")).to_have_count(0)
    page.keyboard.type("sve")
    page.get_by_role("option", name="Sven").click()
    expect(page.get_by_role("button", name="Assignee")).to_contain_text("Sven")
    sven = team.stranger.call("GET", "/me")["id"]
    page.goto(f"/issues?assignee={sven}")
    expect(page.get_by_role("button", name="Assignee Sven")).to_be_visible()


def test_every_label_can_be_chosen(window: Open, team: Team) -> None:
    names = [f"many-{number}" for number in range(5)]
    for name in names:
        team.maintainer.call("POST", "/labels", json={"name": name, "colour": "#2f7d5b"})
    key = team.maintainer.file("To be labelled")["key"]
    theirs = window(team.maintainer)
    _short_pages(theirs, "labels")
    page = theirs.open(f"/issues/{key}")
    page.get_by_role("button", name="Labels").wait_for()
    page.keyboard.press("l")
    for name in names:
        expect(page.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.type("many-4")
    expect(page.get_by_role("option", name=re.compile("many-"))).to_have_count(1)


def test_a_tall_screen_gets_as_many_rows_as_it_holds(window: Open, team: Team) -> None:
    for number in range(3):
        team.maintainer.file(f"Row {number}")
    theirs = window(team.maintainer)
    _short_pages(theirs, "issues")
    page = theirs.open("/insights")
    page.get_by_role("table").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.locator("[data-row]").nth(4)).to_be_visible()
