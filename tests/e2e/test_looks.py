"""Every page in both themes and at the size of a phone: accessible, still, light."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Team
from tests.e2e.rooms import SIGNED_OUT, Room, furnish, settle
from tests.e2e.server import INVOICE
from tests.e2e.windows import DESK, PHONE, Open

STATIC = Path(__file__).parents[2] / "src/sightline/interface/static"
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def rooms(team: Team) -> list[Room]:
    return furnish(team.admin, team.maintainer, team.reporter)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_any_page(window: Open, team: Team, rooms: list[Room], theme: str) -> None:
    found: dict[str, list[str]] = {}
    inside, outside = window(team.admin, color_scheme=theme), window(color_scheme=theme)
    for room in rooms:
        settle(inside.open(room.path), room.ready)
        found[room.name] = inside.axe()
    for name, path in SIGNED_OUT.items():
        settle(outside.open(path), "form")
        found[name] = outside.axe()
    assert {name: wrongs for name, wrongs in found.items() if wrongs} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_what_opens_above_a_page(window: Open, team: Team, rooms: list[Room], theme: str) -> None:
    theirs = window(team.admin, color_scheme=theme)
    page = theirs.open(rooms[2].path)
    settle(page, rooms[2].ready)
    found: dict[str, list[str]] = {}
    for name, key in {"palette": "Control+k", "help": "?", "status": "s", "assignee": "a", "labels": "l"}.items():
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.wait_for_timeout(250)
        found[name] = theirs.axe()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name=re.compile("Total 197.65")).click()
    page.get_by_role("button", name="Correct Total").click()
    found["correction"] = theirs.axe()
    assert {name: wrongs for name, wrongs in found.items() if wrongs} == {}


def test_nothing_is_wider_than_a_phone(window: Open, team: Team, rooms: list[Room]) -> None:
    page = window(team.admin, viewport=PHONE, has_touch=True).page
    for room in rooms:
        page.goto(room.path)
        settle(page, room.ready)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], room.name


def test_an_issue_is_filed_with_a_thumb(window: Open, team: Team) -> None:
    page = window(team.reporter, viewport=PHONE, has_touch=True).open("/issues")
    page.get_by_role("link", name="New", exact=True).tap()
    page.locator("input[type=file]").set_input_files(INVOICE)
    expect(page.get_by_role("button", name=re.compile("Number 471102"))).to_be_visible()
    page.get_by_role("button", name="File issue").tap()
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    expect(page.get_by_role("button", name="Status").first).to_be_visible()


def test_nothing_moves_by_itself(window: Open, team: Team, rooms: list[Room]) -> None:
    theirs = window(team.admin)
    for room in rooms:
        settle(theirs.open(room.path), room.ready)
        assert theirs.shifts() == [], room.name


@pytest.mark.parametrize("viewport", [DESK, {"width": 900, "height": 1100}, PHONE])
def test_nothing_moves_when_the_facts_of_a_file_arrive(window: Open, team: Team, viewport: dict[str, int]) -> None:
    theirs = window(team.maintainer, viewport=viewport)
    for time in ("first", "again"):
        page = theirs.open("/new")
        _slow_network(page)
        page.get_by_label("Choose files").set_input_files(INVOICE)
        expect(page.get_by_role("button", name="Take off the label invoice")).to_be_visible()
        expect(page.get_by_role("img", name="Page 1")).to_be_visible()
        if time == "again":
            expect(page.get_by_role("heading", name="This looks like one we have")).to_be_visible()
        assert theirs.shifts() == [], time
        page.get_by_role("button", name="File issue").click()
        expect(page).to_have_url(re.compile("/issues/INBOX-"))


def _slow_network(page: Page) -> None:
    """Let what comes one after another be seen one after another."""
    slow = {"offline": False, "latency": 300, "downloadThroughput": 500_000, "uploadThroughput": 500_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)


@pytest.mark.parametrize("network", ["quick", "slow"])
def test_the_list_is_painted_with_120_kb_of_scripts_and_no_request(
    window: Open, team: Team, rooms: list[Room], network: str
) -> None:
    page = window(team.maintainer).page
    if network == "slow":
        _slow_network(page)
    page.goto(rooms[0].path)
    settle(page, rooms[0].ready)
    painted = _first_paint(page)
    entries = "performance.getEntriesByType('resource').map((e) => [e.name, e.startTime])"
    loaded = [name for name, at in page.evaluate(entries) if at < painted]
    scripts = {url.split("/_app/")[1] for url in loaded if url.endswith(".js")}
    size = sum(len(gzip.compress((STATIC / "_app" / name).read_bytes())) for name in scripts)
    assert size <= 120_000
    before_paint = [url for url in loaded if "/api/" in url]
    assert before_paint == []


def _first_paint(page: Page) -> float:
    """Return when the largest part was painted, in milliseconds from the start of the navigation."""
    painted: float = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
             .observe({ type: 'largest-contentful-paint', buffered: true }))"""
    )
    return painted


@pytest.mark.usefixtures("rooms")
def test_the_keyboard_alone_leads_from_the_list_into_an_issue_and_back(window: Open, team: Team) -> None:
    page = window(team.maintainer).open("/insights")
    page.get_by_role("heading", name="Insights").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("i")
    settle(page, "[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/issues/INBOX-"))
    page.keyboard.press("l")
    expect(page.get_by_role("combobox", name="Labels")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Labels").last).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search and commands")).to_be_focused()
    page.keyboard.type("insi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/insights$"))


def test_single_letters_can_be_turned_off(window: Open, team: Team) -> None:
    page = window(team.maintainer).open("/settings/profile")
    page.get_by_label("Single letters are commands").uncheck()
    page.get_by_role("heading", name="Profile").click()
    page.keyboard.press("c")
    page.wait_for_timeout(200)
    expect(page).to_have_url(re.compile("/settings/profile$"))


def test_the_theme_follows_the_system_and_is_switched_by_one_key(window: Open, team: Team) -> None:
    page = window(team.maintainer, color_scheme="dark").open("/issues")
    page.get_by_role("heading", name="Issues").wait_for()
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(17, 18, 21)"
    page.keyboard.press("d")
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    page.reload()
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
