"""Every page there is, with something in it to look at."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.server import INVOICE, TRACE, Person

SIGNED_OUT = {"sign-in": "/sign-in", "register": "/register"}


@dataclass(frozen=True, slots=True)
class Room:
    """A page: its name, address and what is there once it is ready."""

    name: str
    path: str
    ready: str


def furnish(admin: Person, maintainer: Person, reporter: Person) -> list[Room]:
    """Fill a server with a day's work and return the rooms to look at."""
    maintainer.call("POST", "/labels", json={"name": "billing", "colour": "#2f7d5b"})
    maintainer.call("POST", "/labels", json={"name": "export", "colour": "#b5470a"})
    for title, more in _stories(maintainer):
        reporter_or_team = reporter if not more else maintainer
        issue = reporter_or_team.file(title)
        if more:
            maintainer.edit(issue["key"], **more)
    labelled = maintainer.file("Totals differ by a cent when a discount applies to every line")
    names = {"label_names": ["billing", "export"]}
    maintainer.call("PUT", f"/issues/{labelled['key']}/labels", json=names)
    key = _with_file(reporter)
    maintainer.edit(key, status="triaged", priority="high", assignee_id=_me(maintainer), severity="high")
    admin.edit(
        key, description="The supplier says **197.65 EUR**, we booked `147.65`.\n\n- who is right?\n- paid already?"
    )
    return [
        Room("issues", "/issues", "[data-row]"),
        Room("issues-filtered", "/issues?status=done&severity=critical", "main"),
        Room("issue", f"/issues/{key}", "img"),
        Room("new", "/new", "main"),
        Room("insights", "/insights", "table"),
        Room("profile", "/settings/profile", "main"),
        Room("users", "/settings/users", "table"),
        Room("projects", "/settings/projects", "main li"),
        Room("submit", "/submit/HELP", "form"),
        Room("receipt", _receipt(maintainer), "form"),
        Room("not-found", "/issues/NOPE-1", "main"),
    ]


def _receipt(maintainer: Person) -> str:
    """Open a door, hand something in through it, answer, and return the address of the receipt."""
    wish = {
        "key": "HELP",
        "name": "Help desk",
        "description": "Tell us what went wrong, or send the paper that shows it.",
    }
    maintainer.call("POST", "/projects", json=wish)
    maintainer.call("PATCH", "/projects/HELP", json={"submissions": True})
    words = {"text": "The reminder names an invoice that we paid in March."}
    paper = {"file": (INVOICE.name, INVOICE.read_bytes())}
    handed = maintainer.call("POST", "/submit/HELP", data=words, files=paper, headers={})
    comment = {"body": "Thank you. On which **day** was it paid?"}
    maintainer.call("POST", f"/issues/{handed['key']}/comments", json=comment)
    return f"/r/{handed['token']}"


def _me(person: Person) -> int:
    found: int = person.call("GET", "/me")["id"]
    return found


def _stories(maintainer: Person) -> Iterator[tuple[str, dict[str, object]]]:
    me = _me(maintainer)
    yield "Export loses umlauts in the third column", {"severity": "high", "status": "in_progress", "assignee_id": me}
    yield "Nightly import stops at 1,000 rows", {"severity": "critical", "priority": "urgent", "status": "triaged"}
    yield "Wrong VAT rate on credit notes since Monday", {"severity": "medium", "priority": "medium", "assignee_id": me}
    yield "Printer settings are forgotten after an update", {"severity": "low", "status": "done"}
    yield "How do I change the address on an invoice?", {"severity": "low", "status": "done", "resolution": "answered"}
    yield "Login page is blank on an old tablet", {}
    yield "Search finds nothing when the query ends with a space", {"priority": "low"}


def _with_file(reporter: Person) -> str:
    staged = []
    for sample in (INVOICE, TRACE):
        files = {"file": (sample.name, sample.read_bytes())}
        staged += [one["id"] for one in reporter.call("POST", "/attachments", files=files)]
    title = "Invoice 471102 from Lieferant GmbH, 197.65 EUR"
    key: str = reporter.file(title, attachment_ids=staged)["key"]
    return key


def settle(page: Page, ready: str) -> None:
    """Wait until a page shows what it is for."""
    page.locator(ready).first.wait_for()
    if ready == "img":
        expect(page.locator("[data-mark]").first).to_be_visible()
    page.wait_for_timeout(250)
