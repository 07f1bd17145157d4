"""What somebody may not see does not exist, in every room."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Team
from tests.e2e.windows import Open


def test_a_reporter_never_meets_the_issues_of_others(window: Open, team: Team) -> None:
    hidden = team.reporter.file("Rosa's secret")["key"]
    team.stranger.file("Sven's first")
    theirs = window(team.stranger)
    page = theirs.open("/issues")
    page.get_by_role("heading", name="Issues").wait_for()
    own = team.stranger.file("Sven's own")["key"]
    page.get_by_role("button", name=re.compile(r"\d new")).click()
    expect(page.get_by_role("link", name=re.compile(own))).to_be_visible()
    expect(page.get_by_text("Rosa's secret")).to_have_count(0)

    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("Rosa's secret")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.keyboard.press("Escape")

    theirs.open(f"/issues/{hidden}")
    expect(page.get_by_text("There is nothing here, or nothing you may see")).to_be_visible()
    told = page.locator("main").last.inner_text()
    theirs.open("/no/such/page")
    expect(page.get_by_text("There is nothing here, or nothing you may see")).to_be_visible()
    assert page.locator("main").last.inner_text() == told


def test_the_document_of_a_hidden_issue_is_that_of_a_missing_one(window: Open, team: Team) -> None:
    hidden = team.reporter.file("Another secret")["key"]
    request = window(team.stranger).context.request
    answers = [request.get(path) for path in (f"/issues/{hidden}", "/issues/INBOX-999999", "/no/such/page")]
    assert [answer.status for answer in answers] == [404, 404, 404]
    bodies = {re.sub(r'nonce="[^"]+"', "", answer.text()) for answer in answers}
    assert len(bodies) == 1


def test_controls_a_reporter_cannot_use_say_why(window: Open, team: Team) -> None:
    key = team.reporter.file("Mine")["key"]
    page = window(team.reporter).open(f"/issues/{key}")
    priority = page.get_by_role("complementary").get_by_role("button", name="Priority")
    expect(priority).to_be_disabled()
    expect(priority).to_have_attribute("title", "Only the team can change this")
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.goto("/settings/users")
    expect(page.get_by_text("There is nothing here, or nothing you may see")).to_be_visible()


def test_numbers_of_a_reporter_count_own_issues_only(window: Open, team: Team) -> None:
    team.maintainer.file("The team's")
    own = team.stranger.call("GET", "/issues?count=true")["count"]["exact"]
    page = window(team.stranger).open("/insights")
    expect(page.get_by_role("link", name=re.compile("in all"))).to_contain_text(str(own))


def test_the_first_issue_comes_to_an_empty_list_by_itself(window: Open, team: Team) -> None:
    newcomer = team.admin.server.person("Nothingyet", "reporter")
    page = window(newcomer).open("/issues")
    expect(page.get_by_text("Nothing yet")).to_be_visible()
    newcomer.file("The first of all")
    expect(page.get_by_role("link", name=re.compile("The first of all"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"\d new"))).to_have_count(0)
