"""Two people change the same field: both values are shown, and nothing typed is lost."""

from playwright.sync_api import expect

from tests.e2e.conftest import Team
from tests.e2e.windows import Open


def test_the_same_field_changed_by_two_shows_both_values_and_keeps_what_was_chosen(window: Open, team: Team) -> None:
    key = team.maintainer.file("Printer on fire", description="It burns.")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Description").fill("It burns, and **my long text** says how.")
    team.admin.edit(key, description="It burned down.")
    expect(page.get_by_text("The issue changed since you began")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    dialog = page.get_by_role("dialog", name="Changed by someone else in the meantime")
    expect(dialog.get_by_text("It burns, and **my long text** says how.").first).to_be_visible()
    expect(dialog.get_by_text("It burned down.")).to_be_visible()
    expect(dialog.get_by_text("Ada\u2019s")).to_be_visible()
    dialog.get_by_role("button", name="Save what I chose").click()

    expect(page.locator(".prose strong")).to_have_text("my long text")
    assert team.admin.issue(key)["description"] == "It burns, and **my long text** says how."


def test_taking_the_others_value_changes_nothing(window: Open, team: Team) -> None:
    key = team.maintainer.file("Old title")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    title = page.get_by_role("textbox", name="Title")
    title.fill("My title")
    team.admin.edit(key, title="Their title")
    expect(page.get_by_role("list", name="Timeline")).to_contain_text("renamed this")
    expect(title).to_have_value("My title")
    title.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ada\u2019s").check()
    dialog.get_by_role("button", name="Save what I chose").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Their title")
    assert team.admin.issue(key)["title"] == "Their title"


def test_different_fields_merge_without_a_question(window: Open, team: Team) -> None:
    key = team.maintainer.file("Both of us")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    title = page.get_by_role("textbox", name="Title")
    title.fill("Both of us, renamed")
    team.admin.edit(key, severity="critical")
    title.press("Enter")
    expect(page.get_by_role("button", name="Severity").first).to_contain_text("Critical")
    expect(page.get_by_role("list", name="Timeline")).to_contain_text("renamed this to Both of us, renamed")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_refused_change_is_taken_back_with_the_reason(window: Open, team: Team) -> None:
    key = team.maintainer.file("Not for long")["key"]
    theirs = window(team.maintainer)
    theirs.page.route("**/api/v1/events*", lambda route: route.abort())  # else the change may be seen before the click
    page = theirs.open(f"/issues/{key}")
    page.get_by_role("complementary").get_by_role("button", name="Status").click()
    team.admin.edit(key, status="in_progress")
    page.get_by_role("option", name="Open", exact=True).or_(page.get_by_role("option", name="Triaged")).last.click()
    expect(page.get_by_role("complementary").get_by_role("button", name="Status")).to_contain_text("In progress")
