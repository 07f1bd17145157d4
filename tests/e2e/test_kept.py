"""What is typed stays where it was typed, and a page stays while somebody writes on it."""

import re
from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests.e2e.conftest import Team
from tests.e2e.server import TRACE, Server
from tests.e2e.windows import Open, Window

PASTE = """(field, types) => {
  const data = new DataTransfer();
  data.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
  types.forEach((type) => data.setData(type, 'some words'));
  const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  return field.dispatchEvent(event);
}"""


def log(name: str) -> FilePayload:
    """Give a file by that name."""
    return FilePayload(name=name, mimeType="text/plain", buffer=f"words of {name}\n".encode())


def _go_to(page: Page, key: str) -> None:
    page.get_by_role("textbox", name="Title").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill(key)
    page.get_by_role("option", name=re.compile(key)).first.click()
    expect(page).to_have_url(re.compile(f"/issues/{key}$"))


def test_what_is_typed_on_one_issue_does_not_go_along_to_another(window: Open, team: Team) -> None:
    one, other = [team.maintainer.file(title, description="As it was.")["key"] for title in ("The one", "The other")]
    page = window(team.maintainer).open(f"/issues/{one}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Description").fill("Of the one")
    comment = page.get_by_role("textbox", name="Comment")
    comment.fill("About the one")
    _go_to(page, other)
    expect(page.get_by_role("textbox", name="Title")).to_have_value("The other")
    expect(comment).to_have_value("")
    expect(page.get_by_role("textbox", name="Description")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("The one")
    expect(comment).to_have_value("About the one")
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Of the one")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".prose")).to_have_text("Of the one")
    assert team.admin.issue(other)["description"] == "As it was."


def test_a_title_is_saved_by_whoever_leaves_at_once(window: Open, team: Team) -> None:
    key, other = [team.maintainer.file(title)["key"] for title in ("Left at once", "Gone to")]
    page = window(team.maintainer).open(f"/issues/{other}")
    _go_to(page, key)
    page.get_by_role("textbox", name="Title").fill("Left at once, renamed")
    page.go_back()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Gone to")
    _go_to(page, key)
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Left at once, renamed")
    assert team.admin.issue(other)["title"] == "Gone to"


def test_a_search_that_cannot_be_answered_says_why_and_stays(window: Open, team: Team) -> None:
    team.maintainer.file("Uses std::vector")
    theirs = window(team.maintainer)
    page = theirs.open("/issues")
    box = page.get_by_role("searchbox", name="Search issues")
    box.fill("std::vector")
    expect(page.get_by_role("alert")).to_contain_text("The search has no such field")
    expect(box).to_have_value("std::vector")
    assert theirs.axe() == []
    box.fill("status:o")
    expect(page.get_by_role("alert")).to_contain_text("Status has no such value")
    box.fill('"std::vector"')
    expect(page.get_by_role("link", name=re.compile("Uses std::vector"))).to_be_visible()


def test_the_search_box_keeps_what_is_being_typed(window: Open, team: Team) -> None:
    page = window(team.maintainer).open("/issues")
    box = page.get_by_role("searchbox", name="Search issues")
    box.press_sequentially("two ")
    expect(page).to_have_url(re.compile("q=two$"))
    box.press_sequentially("words")
    expect(page).to_have_url(re.compile(r"q=two\+words$"))
    expect(box).to_have_value("two words")
    page.get_by_role("link", name="Clear filters").click()
    expect(box).to_have_value("")
    box.press_sequentially("never")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New issue")).to_be_visible()
    page.wait_for_timeout(400)
    expect(page).to_have_url(re.compile("/new$"))


def test_the_list_one_came_from_is_the_one_gone_back_to(window: Open, team: Team) -> None:
    key = team.maintainer.file("From a filtered list")["key"]
    page = window(team.maintainer).open("/issues?q=filtered")
    page.get_by_role("link", name=re.compile("From a filtered list")).click()
    expect(page).to_have_url(re.compile(f"/issues/{key}$"))
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Issues").click()
    expect(page).to_have_url(re.compile(r"/issues\?q=filtered$"))


def test_events_are_heard_again_after_a_page_that_is_not_there(window: Open, team: Team) -> None:
    key = team.maintainer.file("Heard again", description="[There](/issues/NONE-1)")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    page.get_by_role("link", name="There").click()
    page.get_by_role("link", name="All issues").click()
    page.get_by_role("link", name=re.compile("Heard again")).click()
    status = page.get_by_role("complementary").get_by_role("button", name="Status")
    expect(status).to_contain_text("Open")
    team.admin.edit(key, status="triaged")
    expect(status).to_contain_text("Triaged")


def test_an_issue_that_goes_to_the_trash_leaves_what_is_being_written_about_it(window: Open, team: Team) -> None:
    key = team.reporter.file("Trashed meanwhile")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    comment = page.get_by_role("textbox", name="Comment")
    comment.fill("Half a thought")
    team.admin.call("DELETE", f"/issues/{key}")
    expect(page.get_by_role("status").filter(has_text="This issue is no longer there")).to_be_visible()
    page.wait_for_timeout(500)
    expect(comment).to_have_value("Half a thought")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_text(re.compile("There is nothing here|no such|not found", re.IGNORECASE))).to_be_visible()
    page.reload()
    expect(page.get_by_text("There is nothing here, or nothing you may see")).to_be_visible()


def test_what_is_typed_while_a_comment_is_sent_stays(window: Open, team: Team) -> None:
    key = team.maintainer.file("Slow line")["key"]
    theirs = window(team.maintainer)
    page = theirs.open(f"/issues/{key}")
    waiting: list[Route] = []
    theirs.context.route("**/comments", lambda route, request: _hold(route, request, waiting))
    comment = page.get_by_role("textbox", name="Comment")
    comment.fill("First")
    comment.press("Control+Enter")
    comment.press_sequentially(" and second")
    waiting[0].continue_()
    expect(page.get_by_role("article", name="Comment by Grace")).to_contain_text("First")
    expect(comment).to_have_value("First and second")


def _hold(route: Route, request: Request, waiting: list[Route]) -> None:
    if request.method == "POST":
        waiting.append(route)
    else:
        route.continue_()


def test_signing_in_again_in_one_tab_lets_the_other_go_on(window: Open, team: Team) -> None:
    key = team.stranger.file("Two tabs and one password")["key"]
    theirs = window(team.stranger)
    first = theirs.open(f"/issues/{key}")
    first.get_by_role("textbox", name="Comment").fill("Typed in the first tab")
    second = theirs.context.new_page()
    second.goto(f"/issues/{key}")
    second.get_by_role("textbox", name="Comment").wait_for()
    theirs.sign_out_elsewhere()
    for tab in (first, second):
        expect(tab.get_by_role("dialog", name="Sign in again")).to_be_visible(timeout=30_000)
    theirs.page = second
    theirs.fill_sign_in(team.stranger.email)
    for tab in (first, second):
        expect(tab.get_by_role("dialog", name="Sign in again")).to_be_hidden()
    expect(first.get_by_role("textbox", name="Comment")).to_have_value("Typed in the first tab")
    second.get_by_role("textbox", name="Comment").fill("And in the second")
    for tab, typed in ((first, "Typed in the first tab"), (second, "And in the second")):
        tab.get_by_role("button", name="Comment", exact=True).click()
        expect(tab.get_by_role("article").filter(has_text=typed)).to_be_visible()


def test_words_from_an_office_program_are_words_and_a_picture_is_a_file(window: Open, team: Team) -> None:
    key = team.maintainer.file("Pasted")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    comment = page.get_by_role("textbox", name="Comment")
    assert comment.evaluate(PASTE, ["text/plain", "text/html"]), "the browser shall paste it"
    files = page.get_by_role("region", name="Files and facts")
    page.wait_for_timeout(300)
    expect(files.get_by_text("image.png")).to_have_count(0)
    assert not comment.evaluate(PASTE, ["text/html"])
    expect(files.get_by_text("image.png").first).to_be_visible()


def test_files_that_do_not_arrive_at_an_issue_stay_until_they_are_sent_again(window: Open, team: Team) -> None:
    key = team.reporter.file("Six files")["key"]
    team.maintainer.edit(key, status="triaged")
    theirs = window(team.reporter)
    page = theirs.open(f"/issues/{key}")
    theirs.context.route("**/attachments", _cut)
    page.get_by_label("Attach files").set_input_files([log(f"{n}.log") for n in range(6)])
    expect(page.get_by_role("alert").filter(has_text="The server cannot be reached")).to_have_count(6)
    assert theirs.axe() == []
    theirs.context.unroute("**/attachments")
    for number in range(5):
        page.get_by_role("button", name=f"Send {number}.log again").click()
    page.get_by_role("button", name="Remove 5.log").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile(r"^\d\.log"))).to_have_count(5)


def _cut(route: Route, request: Request) -> None:
    if request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_a_draft_of_files_alone_outlives_two_quick_reloads(window: Open, team: Team) -> None:
    theirs = window(team.stranger)
    page = theirs.open("/new")
    page.locator("input[type=file]").set_input_files(TRACE)
    crash = page.get_by_role("button", name=re.compile("Type KeyError"))
    expect(crash).to_be_visible()
    theirs.context.route(re.compile(r"/attachments/\d+$"), lambda route: route.abort())
    page.reload()
    page.get_by_role("heading", name="New issue").wait_for()
    theirs.context.unroute(re.compile(r"/attachments/\d+$"))
    page.reload()
    expect(crash).to_be_visible()
    page.get_by_role("button", name="Discard").click()


def test_a_conflict_stays_until_what_was_chosen_is_saved(window: Open, team: Team) -> None:
    key = team.maintainer.file("Joined by hand", description="It burns.")["key"]
    theirs = window(team.maintainer)
    page = theirs.open(f"/issues/{key}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Description").fill("none")
    team.admin.edit(key, description="Theirs.")
    expect(page.get_by_text("The issue changed since you began")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("none", exact=True)).to_be_visible()  # as it was typed, not the word of a priority
    dialog.get_by_text("Join both by hand").click()
    dialog.get_by_role("textbox").fill("Mine and theirs.")
    theirs.context.route(f"**/issues/{team.admin.issue(key)['id']}", _cut_edit)
    dialog.get_by_role("button", name="Save what I chose").click()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    expect(dialog.get_by_role("textbox")).to_have_value("Mine and theirs.")
    theirs.context.unroute(f"**/issues/{team.admin.issue(key)['id']}")
    dialog.get_by_role("button", name="Save what I chose").click()
    expect(page.locator(".prose")).to_have_text("Mine and theirs.")


def _cut_edit(route: Route, request: Request) -> None:
    if request.method == "PATCH":
        route.abort()
    else:
        route.continue_()


def test_a_conflict_about_the_assignee_names_people(window: Open, team: Team) -> None:
    issue = team.maintainer.file("Whose is it?")
    theirs = window(team.maintainer)
    theirs.page.route("**/api/v1/events*", lambda route: route.abort())  # else the page would know in time
    page = theirs.open(f"/issues/{issue['key']}")
    page.get_by_role("textbox", name="Comment").wait_for()
    team.admin.edit(issue["key"], assignee_id=team.admin.call("GET", "/me")["id"])
    page.locator("body").press("i")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ada")
    expect(dialog).to_contain_text("Grace")
    dialog.get_by_role("button", name="Save what I chose").click()
    expect(dialog).to_be_hidden()
    assert team.admin.issue(issue["key"])["assignee"]["name"] == "Grace"


def test_a_receipt_whose_page_fails_for_a_moment_keeps_the_reply(window: Open, team: Team) -> None:
    team.maintainer.call("POST", "/projects", json={"key": "DESK", "name": "The desk"})
    team.maintainer.call("PATCH", "/projects/DESK", json={"submissions": True})
    theirs = window()
    page = theirs.open("/submit/DESK")
    page.get_by_role("textbox", name="What happened?").fill("It stops")
    page.get_by_role("button", name="Send", exact=True).click()
    page.goto(page.get_by_role("link", name="/r/slk_").get_attribute("href") or "")
    reply = page.get_by_role("textbox", name="Your reply")
    reply.fill("Half a reply")
    theirs.context.route("**/api/v1/receipts/*", lambda route: route.fulfill(status=500, body=""))
    with page.expect_response("**/api/v1/receipts/*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    expect(reply).to_have_value("Half a reply")
    expect(page.get_by_role("heading", name="It stops")).to_be_visible()


def test_a_door_that_did_not_turn_shows_how_it_stands_and_folding_keeps_the_words(
    new_server: Server, window_on: Callable[..., Window]
) -> None:
    theirs = window_on(new_server, new_server.person("Ada", "admin"))
    page = theirs.open("/settings/projects")
    row = page.get_by_role("button", name=re.compile("^INBOX"))
    row.click()
    page.get_by_role("textbox", name="Name").fill("Half a name")
    row.click()
    expect(page.get_by_role("textbox", name="Name")).to_be_hidden()
    row.click()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Half a name")
    theirs.context.route("**/projects/INBOX", _cut_edit)
    page.get_by_role("switch").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    expect(page.get_by_role("switch")).not_to_be_checked()
