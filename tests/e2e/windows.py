"""Browser windows that notice everything a page should not do."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.server import PASSWORD, Person, Server

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
# What a browser says by itself of an answer that the test provoked.
EXPECTED = ("Failed to load resource",)

WATCH = """
window.__shifts = [];
window.__violations = [];
const edges = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
new PerformanceObserver((list) => {
  for (const { hadRecentInput, value, sources } of list.getEntries()) if (!hadRecentInput)
    window.__shifts.push([value, ...sources.map(({ node, previousRect, currentRect }) =>
      `${(node?.outerHTML ?? node?.textContent ?? 'gone').slice(0, 160)}: ${edges(previousRect)} to ${edges(currentRect)}`)]);
}).observe({ type: 'layout-shift', buffered: true });
addEventListener('securitypolicyviolation', (event) =>
  window.__violations.push([event.violatedDirective, event.blockedURI, event.sample, event.sourceFile].join(' ')));
"""

expect.set_options(timeout=30_000)


class Window:
    """One person's window; `wrongs` collects errors of scripts and violations of the policy."""

    def __init__(self, browser: Browser, server: Server, person: Person | None = None, **options: Any) -> None:
        self.server = server
        settings = {"viewport": DESK, "color_scheme": "light", "reduced_motion": "reduce"} | options
        self.context = browser.new_context(base_url=server.address, **settings)
        self.context.add_init_script(WATCH)
        self.wrongs: list[str] = []
        if person:
            self.sign_in(person)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.wrongs.append(message.text)

    def sign_in(self, person: Person) -> None:
        """Sign in without the form, and in one session for all windows until it ends: to hash a password takes long."""
        self.context.add_cookies(person.cookies)
        if self.context.request.get("/api/v1/auth/session").ok:
            return
        answer = self.context.request.post(
            "/api/v1/auth/session",
            data={"email": person.email, "password": PASSWORD},
            headers={"Origin": self.server.address},
        )
        assert answer.ok, answer.text()
        person.cookies = self.context.cookies()

    def sign_out_elsewhere(self) -> None:
        """End this session behind the window's back."""
        session = self.context.request.get("/api/v1/auth/session").json()
        headers = {"X-CSRF-Token": session["csrf_token"], "Origin": self.server.address}
        assert self.context.request.delete("/api/v1/auth/session", headers=headers).ok

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def fill_sign_in(self, email: str) -> None:
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def axe(self) -> list[str]:
        """Return what axe finds wrong with the page as it stands."""
        # The policy of the page allows no script of ours, so axe comes through the debugger.
        session = self.context.new_cdp_session(self.page)
        session.send("Page.setBypassCSP", {"enabled": True})
        session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        found = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run().then((r) => JSON.stringify(r.violations))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        session.detach()
        violations = json.loads(found["result"]["value"])
        return [f"{one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]

    def shifts(self) -> list[list[Any]]:
        """Return what has moved by itself since the page was opened: each time how much, and what from where to where."""
        moved: list[list[Any]] = self.page.evaluate("window.__shifts")
        return moved

    def close(self) -> None:
        """Close it; a page that broke the policy or had an error in a script fails the test."""
        violations = self.page.evaluate("window.__violations ?? []")
        self.context.close()
        wrongs = [*violations, *self.wrongs]
        assert not wrongs, wrongs


Open = Callable[..., Window]


def opener(browser: Browser, server: Server, stack: ExitStack) -> Open:
    """Return what opens windows that are closed with `stack`."""

    def open_window(person: Person | None = None, **options: Any) -> Window:
        window = Window(browser, server, person, **options)
        stack.callback(window.close)
        return window

    return open_window
