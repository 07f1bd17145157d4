"""Servers die, sessions end, pages are reloaded: nothing typed is lost."""

import re
from collections.abc import Callable

from playwright.sync_api import FilePayload, Request, Route, expect

from tests.e2e.conftest import Team, people
from tests.e2e.server import INVOICE, TRACE, Server
from tests.e2e.windows import Open, Window


def test_a_server_that_is_killed_while_an_issue_is_written_loses_nothing(
    new_server: Server, window_on: Callable[..., Window]
) -> None:
    admin = new_server.person("Ada", "admin")
    page = window_on(new_server, admin).open("/new")
    page.locator("input[type=file]").set_input_files(INVOICE)
    expect(page.get_by_role("button", name=re.compile("Number 471102"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).not_to_have_value("")
    page.get_by_role("textbox", name="Description").fill("Typed before the crash")
    new_server.kill()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    page.get_by_role("button", name="File issue").click()
    expect(page.get_by_text("The server cannot be reached. Nothing you typed is lost")).to_be_visible()
    new_server.start()
    expect(page.get_by_text("Reconnecting…")).to_be_hidden(timeout=30_000)
    page.get_by_role("button", name="File issue").click()
    expect(page).to_have_url(re.compile("/issues/INBOX-1$"))
    expect(page.locator(".prose")).to_have_text("Typed before the crash")
    expect(page.get_by_role("button", name=re.compile("Number 471102"))).to_be_visible()


def test_proposals_that_the_server_could_not_give_come_once_it_is_back(
    new_server: Server, window_on: Callable[..., Window]
) -> None:
    admin = new_server.person("Ada", "admin")
    page = window_on(new_server, admin).open("/new")
    page.route("**/api/v1/suggestions?**", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/suggestions?" in request.url):
        page.locator("input[type=file]").set_input_files(TRACE)
    expect(page.get_by_role("button", name=re.compile("Type KeyError"))).to_be_visible()
    new_server.kill()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("")
    page.unroute("**/api/v1/suggestions?**")
    new_server.start()
    expect(page.get_by_role("textbox", name="Title")).to_have_value(re.compile("^KeyError"), timeout=30_000)


def test_live_goes_on_after_a_restart_without_a_reload(new_server: Server, window_on: Callable[..., Window]) -> None:
    team = people(new_server)
    key = team.reporter.file("Before the restart")["key"]
    page = window_on(new_server, team.maintainer).open(f"/issues/{key}")
    status = page.get_by_role("complementary").get_by_role("button", name="Status")
    expect(status).to_contain_text("Open")
    new_server.kill()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    new_server.start()
    team.admin.edit(key, status="triaged")
    expect(status).to_contain_text("Triaged", timeout=30_000)


SLOW = """
const ask = window.fetch;
window.fetch = async (request) => {
    const answer = await ask(request);
    await new Promise((done) => setTimeout(done, 800));
    return answer;
};
"""


def test_an_issue_that_changes_faster_than_it_loads_is_seen_to_change(window: Open, team: Team) -> None:
    key = team.maintainer.file("Everybody at once")["key"]
    page = window(team.maintainer).open(f"/issues/{key}")
    page.get_by_role("textbox", name="Title").wait_for()
    page.evaluate(SLOW)
    said = page.get_by_role("article")
    for number in range(20):
        team.admin.call("POST", f"/issues/{key}/comments", json={"body": f"Said {number}"})
        page.wait_for_timeout(250)
        if said.count():
            break
    assert said.count(), "nothing was seen while it changed"
    expect(said.filter(has_text=f"Said {number}")).to_be_visible()


def test_an_expired_session_asks_for_the_password_and_then_does_what_was_asked(window: Open, team: Team) -> None:
    key = team.maintainer.file("Still here", description="Old.")["key"]
    theirs = window(team.maintainer)
    page = theirs.open(f"/issues/{key}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("textbox", name="Description").fill("Typed before the session ended")
    theirs.sign_out_elsewhere()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("E-mail")).to_have_value(team.maintainer.email)
    theirs.fill_sign_in(team.maintainer.email)
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Typed before the session ended")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".prose")).to_have_text("Typed before the session ended")


def test_drafts_survive_a_reload(window: Open, team: Team) -> None:
    page = window(team.stranger).open("/new")
    page.locator("input[type=file]").set_input_files(TRACE)
    expect(page.get_by_role("button", name=re.compile("Type KeyError"))).to_be_visible()
    page.get_by_role("textbox", name="Title").fill("A title of my own")
    page.get_by_role("textbox", name="Description").fill("Half a sentence")
    page.reload()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("A title of my own")
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Half a sentence")
    expect(page.get_by_role("button", name=re.compile("Type KeyError"))).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    page.reload()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("")


def test_one_upload_is_cancelled_or_sent_again_and_the_others_go_on(window: Open, team: Team) -> None:
    theirs = window(team.stranger)
    page = theirs.open("/new")

    def cut_off(route: Route, request: Request) -> None:
        if "unlucky.log" in (request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    theirs.context.route("**/api/v1/attachments", cut_off)
    unlucky = FilePayload(name="unlucky.log", mimeType="text/plain", buffer=b"one line\n")
    lucky = FilePayload(name="lucky.log", mimeType="text/plain", buffer=b"another line\n")
    page.locator("input[type=file]").set_input_files([unlucky, lucky])
    expect(page.get_by_role("alert").filter(has_text="unlucky.log: The server cannot be reached")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^lucky.log ready"))).to_be_visible()
    theirs.context.unroute("**/api/v1/attachments")
    page.get_by_role("button", name="Send unlucky.log again").click()
    expect(page.get_by_role("button", name=re.compile("unlucky.log ready"))).to_be_visible()
    page.get_by_role("button", name="Remove unlucky.log").click()
    expect(page.get_by_role("button", name=re.compile("unlucky.log"))).to_have_count(0)
    page.get_by_role("button", name="Discard").click()
