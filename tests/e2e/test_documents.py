"""The API's documentation in a browser: from our own origin alone, and it can sign in and try a request."""

import pytest
from playwright.sync_api import Request, expect

from tests.e2e.conftest import Team
from tests.e2e.server import PASSWORD
from tests.e2e.windows import Open


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_api_is_shown_without_a_request_to_anyone_else(window: Open, path: str) -> None:
    reader = window()
    outside: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((reader.server.address, "blob:", "data:")):
            outside.append(request.url)

    reader.page.on("request", asked)
    page = reader.open(path)
    expect(page.get_by_text("/api/v1/issues").first).to_be_visible(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert not outside


def test_the_documentation_signs_in_and_tries_a_request(window: Open, team: Team) -> None:
    page = window().open("/docs")
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".modal-ux").first
    dialog.locator("#oauth_username").fill(team.reporter.email)
    dialog.locator("#oauth_password").fill(PASSWORD)
    dialog.locator("button.authorize").first.click()
    expect(dialog.get_by_role("button", name="Remove authorization")).to_be_visible()
    dialog.get_by_role("button", name="Close").first.click()
    asked = page.locator(".opblock-get", has=page.locator('[data-path="/api/v1/me"]'))
    asked.locator(".opblock-summary-control").click()
    asked.get_by_role("button", name="Try it out").click()
    asked.get_by_role("button", name="Execute").click()
    expect(asked.locator(".live-responses-table")).to_contain_text(team.reporter.email)
