"""Somebody without an account and the team, in two windows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests.e2e.conftest import Team
from tests.e2e.server import Server
from tests.e2e.windows import PHONE, Open, Window

LOG: FilePayload = {
    "name": "crash.log",
    "mimeType": "",
    "buffer": b'Traceback (most recent call last):\n  File "app.py", line 3, in pay\nKeyError: "total"\n',
}


@pytest.fixture(scope="module")
def door(team: Team) -> str:
    """Open the public door of a project and return the address of its page."""
    wish = {"key": "SHOP", "name": "The shop", "description": "Tell us what went wrong."}
    team.maintainer.call("POST", "/projects", json=wish)
    team.maintainer.call("PATCH", "/projects/SHOP", json={"submissions": True})
    return "/submit/SHOP"


def _handed_in(page: Page, words: str) -> str:
    """Hand something in and return the address of the receipt."""
    page.get_by_role("textbox", name="What happened?").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    link = page.get_by_role("link", name="/r/slk_")
    expect(link).to_be_visible()
    return link.get_attribute("href") or ""


def test_an_outsider_hands_in_and_converses_with_the_team(window: Open, team: Team, door: str) -> None:
    outside, ours = window(), window(team.maintainer)
    page = outside.open(door)
    expect(page.get_by_role("heading", name="Report to The shop")).to_be_visible()
    page.locator("input[type=file]").set_input_files(LOG)
    receipt = _handed_in(page, "Paying stops at the last step.")
    expect(page.get_by_text("Keep this link.")).to_be_visible()
    key = (page.locator("p", has_text="It is number").inner_text()).split("number ")[1].split(".")[0]
    assert outside.axe() == []
    page.goto(receipt)
    expect(page.get_by_text("It has arrived. Nobody has looked at it yet.")).to_be_visible()
    expect(page.get_by_text("crash.log")).to_be_visible()

    team_page = ours.open(f"/issues/{key}")
    expect(team_page.get_by_role("complementary", name="Properties")).to_contain_text("Through the form")
    expect(team_page.get_by_text("Whoever sent this in through the form will read it.")).to_be_visible()
    team_page.keyboard.press("m")
    box = team_page.get_by_role("textbox", name="Comment")
    expect(box).to_be_focused()
    team_page.keyboard.type("Which **browser** is it?")
    team_page.reload()
    expect(box).to_have_value("Which **browser** is it?")
    box.press("Control+Enter")
    timeline = team_page.get_by_role("list", name="Timeline")
    expect(timeline.get_by_role("article", name="Comment by Grace")).to_contain_text("Which browser is it?")
    team_page.get_by_role("checkbox", name="Internal note").check()
    note = team_page.get_by_role("textbox", name="Internal note")
    note.fill("They are always late.")
    team_page.get_by_role("button", name="Add note").click()
    expect(timeline).to_contain_text("internal note")
    assert ours.axe() == []

    page.reload()
    missing = page.get_by_role("region", name="What is missing")
    expect(missing).to_be_visible()
    replies = page.get_by_role("region", name="Replies")
    expect(replies).to_contain_text("Which browser is it?")
    expect(page.get_by_text("They are always late.")).to_have_count(0)
    assert outside.axe() == []
    answer = page.get_by_role("textbox", name="Your reply")
    answer.fill("An old one.")
    page.reload()
    expect(answer).to_have_value("An old one.")
    page.get_by_role("button", name="Send reply").click()
    expect(replies).to_contain_text("An old one.")
    expect(missing).to_be_hidden()
    expect(timeline.get_by_role("article", name="Comment by Through the form")).to_contain_text("An old one.")

    team.maintainer.edit(key, status="done", resolution="answered")
    page.reload()
    expect(page.get_by_text("It is answered; what the team says stands below.")).to_be_visible()


def test_a_revoked_receipt_is_a_page_that_is_not_there(window: Open, team: Team, door: str) -> None:
    outside, ours = window(), window(team.maintainer)
    page = outside.open(door)
    receipt = _handed_in(page, "To be revoked")
    key = team.maintainer.call("GET", "/issues?q=revoked")["items"][0]["key"]
    team_page = ours.open(f"/issues/{key}")
    team_page.get_by_role("button", name="Revoke link").click()
    team_page.get_by_role("dialog").get_by_role("button", name="Revoke link").click()
    properties = team_page.get_by_role("complementary", name="Properties")
    expect(properties).to_contain_text("revoked")
    page.goto(receipt)
    expect(page.get_by_text("There is nothing here, or nothing you may see")).to_be_visible()
    team_page.get_by_role("button", name="New link").click()
    dialog = team_page.get_by_role("dialog")
    dialog.get_by_role("button", name="New link").click()
    address = dialog.get_by_role("link").get_attribute("href") or ""
    assert ours.axe() == []
    page.goto(address)
    expect(page.get_by_role("heading", name="To be revoked")).to_be_visible()


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("path", ["/submit/INBOX", "/submit/NOPE", "/r/slk_nothing"])
def test_a_closed_door_and_one_that_never_was_are_the_same_page(window: Open, path: str) -> None:
    page = window().open(path)
    expect(page.get_by_text("There is nothing here, or nothing you may see")).to_be_visible()


def test_what_was_typed_and_a_failed_file_are_not_lost(window: Open, door: str) -> None:
    theirs = window()
    page = theirs.open(door)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Write something, or add a file.")
    page.get_by_role("textbox", name="What happened?").fill("Half a sentence")
    page.reload()
    expect(page.get_by_role("textbox", name="What happened?")).to_have_value("Half a sentence")
    page.locator("input[type=file]").set_input_files(LOG)
    theirs.context.route("**/api/v1/submit/**", lambda route: route.abort())
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    theirs.context.unroute("**/api/v1/submit/**")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()


def test_what_is_sent_again_by_a_receipt_is_there_once_even_when_only_the_answer_was_lost(
    window: Open, door: str
) -> None:
    theirs = window()
    page = theirs.open(door)
    page.goto(_handed_in(page, "More to come"))

    def lose_the_answer(route: Route, request: Request) -> None:
        if request.method != "POST":
            route.continue_()
            return
        assert route.fetch().status == 201
        route.abort()

    theirs.context.route("**/api/v1/receipts/**", lose_the_answer)
    page.locator("input[type=file]").set_input_files(LOG)
    files = page.get_by_role("region", name="Your files")
    again = files.get_by_role("button", name="Send crash.log again")
    expect(again).to_be_visible()
    page.get_by_role("textbox", name="Your reply").fill("There it is.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("The server cannot be reached")).to_have_count(2)
    theirs.context.unroute("**/api/v1/receipts/**")
    again.click()
    expect(again).to_have_count(0)
    expect(files.get_by_role("listitem").filter(has_text="crash.log")).to_have_count(1)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("")
    expect(page.get_by_role("region", name="Replies").get_by_text("There it is.")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_for_outsiders_suit_a_phone_and_axe(window: Open, door: str, theme: str) -> None:
    theirs = window(viewport=PHONE, has_touch=True, color_scheme=theme)
    page = theirs.open(door)
    page.locator("input[type=file]").set_input_files(LOG)
    expect(page.get_by_role("button", name="Remove crash.log")).to_be_visible()

    def suits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert theirs.axe() == []

    suits()
    receipt = _handed_in(page, "From a phone")
    suits()
    page.goto(receipt)
    expect(page.get_by_role("region", name="Your files")).to_be_visible()
    suits()


def test_a_door_is_opened_and_rules_are_written_on_the_page_of_projects(
    new_server: Server, window_on: Callable[..., Window]
) -> None:
    admin = new_server.person("Ada", "admin")
    theirs = window_on(new_server, admin)
    page = theirs.open("/issues")
    page.get_by_role("heading", name="Issues").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.get_by_role("button", name="Add project").click()
    page.get_by_label("Name").fill("Books")
    page.get_by_label("Key").fill("books")
    page.get_by_role("dialog").get_by_role("button", name="Add project").click()
    page.get_by_role("button", name=re.compile("^BOOKS")).click()
    page.get_by_role("switch").check()
    expect(page.get_by_role("link", name="/submit/BOOKS")).to_be_visible()
    for number, line in enumerate(("kind:invoice", "kind:nothing"), start=1):
        page.get_by_role("button", name="Add a rule").click()
        page.get_by_role("textbox", name=f"Rule {number}").fill(line)
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_role("textbox", name="Rule 2")).to_have_accessible_description(re.compile("kind"))
    assert theirs.axe() == []
    page.get_by_role("button", name="Remove rule 2").click()
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_text("The rules are saved.")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Our books")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Our books is saved.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name=re.compile("^BOOKS Our books")).click()
    expect(page.get_by_role("textbox", name="Rule 1")).to_have_value("kind:invoice")


def test_what_only_the_team_reads_is_quoted_for_the_team_only(window: Open, team: Team) -> None:
    issue = team.maintainer.call("POST", "/issues", json={"title": "A late payment"})
    note = {"body": "They are always late.\n\nAsk twice.", "internal": True}
    team.maintainer.call("POST", f"/issues/{issue['id']}/comments", json=note)
    page = window(team.maintainer).open(f"/issues/{issue['key']}")
    expect(page.get_by_text("Ask twice.")).to_be_visible()
    page.keyboard.press("r")
    box = page.get_by_role("textbox", name="Internal note")
    expect(box).to_be_focused()
    expect(box).to_have_value("> They are always late.\n>\n> Ask twice.\n\n")
    box.fill("")
    page.get_by_role("checkbox", name="Internal note").uncheck()
    page.get_by_role("heading", name="Timeline").click()
    # From outside the note into it.
    page.evaluate(
        "getSelection().setBaseAndExtent(document.querySelector('#timeline'), 0,"
        " document.querySelector('[data-internal]'), 1)"
    )
    page.keyboard.press("r")
    expect(box).to_have_value(re.compile("^> Timeline"))


def test_sending_again_after_a_lost_answer_makes_one_issue(window: Open, team: Team, door: str) -> None:
    page = window().open(door)
    page.get_by_role("textbox", name="What happened?").fill("The answer to this gets lost.")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/submit/SHOP", lose, times=1)
    page.get_by_role("button", name="Send", exact=True).click()
    again = page.get_by_role("button", name="Send again")
    expect(again).to_be_enabled()
    again.click()
    expect(page.get_by_role("link", name="/r/slk_")).to_be_visible()
    listed = team.maintainer.call("GET", "/issues?project=SHOP&limit=100")["items"]
    assert [one["title"] for one in listed].count("The answer to this gets lost.") == 1
