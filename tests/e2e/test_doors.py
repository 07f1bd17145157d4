"""Set-up, sign-in, register, sign-out, and where one comes out."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Team
from tests.e2e.server import PASSWORD, Server
from tests.e2e.windows import Open, Window


def test_the_first_person_sets_up_and_is_led_to_drop_a_file(
    new_server: Server, window_on: Callable[..., Window]
) -> None:
    page = window_on(new_server).open("/")
    expect(page).to_have_url(re.compile("/setup$"))
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("too short")
    page.get_by_role("button", name="Create and sign in").click()
    assert page.get_by_label("Password").evaluate("field => field.validity.tooShort")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    expect(page).to_have_url(re.compile("/new"))
    page.goto("/setup")
    expect(page).to_have_url(re.compile("/issues$"))
    page.goto("/issues")
    expect(page.get_by_text("Nothing yet")).to_be_visible()


def test_a_signed_out_deep_link_comes_back_with_its_query(window: Open, team: Team) -> None:
    team.maintainer.file("Deep", severity="critical")
    guest = window()
    page = guest.open("/issues?status=open&severity=critical")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    guest.fill_sign_in(team.maintainer.email)
    expect(page).to_have_url(re.compile(r"/issues\?status=open&severity=critical$"))
    expect(page.get_by_role("link", name=re.compile("Deep")).first).to_be_visible()
    expect(page.get_by_role("button", name="Severity Critical")).to_be_visible()


@pytest.mark.parametrize("foreign", ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_foreign_next_leads_home(window: Open, team: Team, foreign: str) -> None:
    guest = window()
    page = guest.open(f"/sign-in?next={foreign}")
    guest.fill_sign_in(team.reporter.email)
    expect(page).to_have_url(f"{guest.server.address}/issues")


def test_a_wrong_password_is_told_beside_the_form(window: Open, team: Team) -> None:
    page = window().open("/sign-in")
    page.get_by_label("E-mail").fill(team.reporter.email)
    page.get_by_label("Password").fill("not the right one at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(team.reporter.email)


def test_somebody_registers_and_signs_out(window: Open) -> None:
    page = window().open("/register")
    page.get_by_label("Name").fill("Nina Neu")
    page.get_by_label("E-mail").fill("nina@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    expect(page).to_have_url(re.compile("/issues$"))
    page.get_by_role("button", name="Nina Neu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/issues")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_an_admin_adds_promotes_and_disables_people(window: Open, team: Team) -> None:
    page = window(team.admin).open("/settings/users")
    page.get_by_role("button", name="Add user").click()
    dialog = page.get_by_role("dialog", name="Add a user")
    dialog.get_by_label("Name").fill("Otto Neumann")
    dialog.get_by_label("E-mail").fill("otto@example.org")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Add user").click()
    row = page.get_by_role("row", name=re.compile("Otto Neumann"))
    row.get_by_role("button", name="Reporter").click()
    page.get_by_role("option", name="Maintainer").click()
    expect(row.get_by_role("button", name="Maintainer")).to_be_visible()
    row.get_by_role("button", name="Actions for Otto Neumann").click()
    page.get_by_role("menuitem", name="Disable").click()
    expect(row.get_by_text("disabled")).to_be_visible()


def test_a_token_is_shown_once_and_works_until_it_is_revoked(window: Open, team: Team) -> None:
    theirs = window(team.stranger)
    page = theirs.open("/settings/profile")
    page.get_by_label("Name of the token").fill("nightly")
    page.get_by_role("button", name="Create token").click()
    token = page.locator("[data-token]").inner_text()
    headers = {"Authorization": f"Bearer {token}", "Cookie": ""}
    assert theirs.context.request.get("/api/v1/me", headers=headers).ok
    page.reload()
    expect(page.get_by_text("nightly")).to_be_visible()
    expect(page.locator("[data-token]")).to_have_count(0)
    page.get_by_role("button", name="Revoke nightly").click()
    expect(page.get_by_text("nightly")).to_have_count(0)
    assert theirs.context.request.get("/api/v1/me", headers=headers).status == 401
