"""Several tabs of one person share one stream of events."""

from playwright.sync_api import Page, Request, Route, expect

from tests.e2e.conftest import Team
from tests.e2e.windows import Open


def _status(page: Page, text: str) -> None:
    expect(page.get_by_role("button", name="Status").first).to_contain_text(text)


def test_two_tabs_hold_one_stream_and_the_one_left_takes_it_over_without_a_gap(window: Open, team: Team) -> None:
    key = team.maintainer.file("Seen from two tabs")["key"]
    theirs = window(team.maintainer)
    streams: list[Request] = []
    theirs.context.on("request", lambda one: streams.append(one) if one.url.endswith("/api/v1/events") else None)
    first = theirs.open(f"/issues/{key}")
    _status(first, "Open")
    second = theirs.context.new_page()
    second.goto(f"/issues/{key}")
    _status(second, "Open")

    team.admin.edit(key, status="triaged")
    _status(first, "Triaged")
    _status(second, "Triaged")
    assert [one.frame.page for one in streams] == [first]

    def change_in_between(route: Route) -> None:
        team.admin.edit(key, status="in_progress")
        route.continue_()

    theirs.context.route("**/api/v1/events", change_in_between)
    theirs.page = second
    first.close()
    _status(second, "In progress")
    assert [one.frame.page for one in streams[1:]] == [second]
    assert second.get_by_text("Reconnecting…").count() == 0


def test_signing_out_in_one_tab_signs_the_other_out(window: Open, team: Team) -> None:
    theirs = window(team.stranger)
    first = theirs.open("/settings/profile")
    first.get_by_role("heading", name="Profile").wait_for()
    second = theirs.context.new_page()
    second.goto("/issues")
    second.get_by_role("heading", name="Issues").wait_for()
    first.keyboard.press("Control+k")
    first.get_by_role("combobox", name="Search and commands").fill("sign out")
    first.keyboard.press("Enter")
    expect(first.get_by_role("button", name="Sign in")).to_be_visible()
    expect(second.get_by_role("button", name="Sign in")).to_be_visible()
