"""Take a picture of every page in both themes and on a phone: `python -m tests.e2e.screens` writes docs/screens/."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import launch, people
from tests.e2e.rooms import SIGNED_OUT, Room, furnish, settle
from tests.e2e.server import INVOICE, Person, Server
from tests.e2e.windows import DESK, PHONE, Window

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
LOOKS = {"light": ("light", DESK), "dark": ("dark", DESK), "phone": ("light", PHONE), "phone-dark": ("dark", PHONE)}


def main() -> None:
    """Start a server, fill it, walk through it and write the pictures."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        server = Server(Path(folder))
        try:
            _first_start(browser, server)
            team = people(server)
            rooms = furnish(team.admin, team.maintainer, team.reporter)
            for look in LOOKS:
                _walk(browser, team.admin, rooms, look)
        finally:
            server.kill()


def _window(browser: Browser, server: Server, look: str, person: Person | None = None) -> Window:
    theme, size = LOOKS[look]
    return Window(browser, server, person, color_scheme=theme, viewport=size)


def _keep(window: Window, name: str, look: str) -> None:
    window.page.screenshot(path=SCREENS / f"{name}-{look}.png")


def _first_start(browser: Browser, server: Server) -> None:
    for look in LOOKS:
        window = _window(browser, server, look)
        settle(window.open("/setup"), "form")
        _keep(window, "setup", look)
        window.context.close()


def _walk(browser: Browser, admin: Person, rooms: list[Room], look: str) -> None:
    server = admin.server
    outside = _window(browser, server, look)
    for name, path in SIGNED_OUT.items():
        settle(outside.open(path), "form")
        _keep(outside, name, look)
    outside.context.close()
    inside = _window(browser, server, look, admin)
    for room in rooms:
        settle(inside.open(room.path), room.ready)
        _keep(inside, room.name, look)
    _drop(inside, look)
    _palette(inside, look)
    inside.context.close()


def _drop(window: Window, look: str) -> None:
    page = window.open("/new")
    page.locator("input[type=file]").set_input_files(INVOICE)
    page.get_by_role("button", name="Total 197.65 EUR").click()
    page.get_by_role("button", name="Total was read here").wait_for()
    page.wait_for_timeout(400)
    _keep(window, "drop", look)
    page.get_by_role("button", name="Discard").click()


def _palette(window: Window, look: str) -> None:
    page = window.open("/issues")
    settle(page, "[data-row]")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("in")
    page.wait_for_timeout(500)
    _keep(window, "palette", look)


if __name__ == "__main__":
    main()
