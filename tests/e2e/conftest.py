"""People in windows before a real server."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.e2e.server import Person, Server, chromium
from tests.e2e.windows import Open, Window, opener

NO_BROWSER = (
    "The browser tests need Chromium: install it (`apt-get install chromium`) or run `playwright install chromium`."
)


@dataclass(frozen=True, slots=True)
class Team:
    """The people every test knows."""

    admin: Person
    maintainer: Person
    reporter: Person
    stranger: Person


def launch(playwright: Playwright) -> Browser:
    """Start the browser of this machine, or say which one is missing."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=chromium(), args=options)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            found = launch(playwright)
        except Error as error:
            pytest.fail(f"{NO_BROWSER}\n{error}", pytrace=False)
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("sightline"))
    yield found
    found.kill()


@pytest.fixture(scope="session")
def team(server: Server) -> Team:
    return people(server)


def people(server: Server) -> Team:
    return Team(
        server.person("Ada", "admin"),
        server.person("Grace", "maintainer"),
        server.person("Rosa", "reporter"),
        server.person("Sven", "reporter"),
    )


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Server]:
    """Give a server of one's own, which may be killed."""
    found = Server(tmp_path)
    yield found
    found.kill()


@pytest.fixture
def window(browser: Browser, team: Team) -> Iterator[Open]:
    """Open windows on the common server, which has its people: without them every door leads to the set-up."""
    with contextlib.ExitStack() as stack:
        yield opener(browser, team.admin.server, stack)


@pytest.fixture
def window_on(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Open windows on a server of one's own."""
    with contextlib.ExitStack() as stack:

        def open_window(server: Server, person: Person | None = None) -> Window:
            return opener(browser, server, stack)(person)

        yield open_window
