"""The pages of the door and of receipts: one empty shell for everybody, whatever the address names."""

import re
from pathlib import Path

import httpx2 as httpx
import pytest

from sightline.interface import routes
from sightline.interface.build import read_build
from tests.doors.conftest import Outsider, at
from tests.doors.test_closed import DISCREET
from tests.world import World

SHELL = "<!doctype html><html><head></head><body></body></html>"
PAGES = '{"/r/[token]": {"scripts": []}, "/submit/[project]": {"scripts": []}}'


@pytest.fixture
def _pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the interface be a build of these two pages alone."""
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "shell.html").write_text(SHELL)
    (folder / "pages.json").write_text(PAGES)
    monkeypatch.setattr(routes, "read_build", lambda: read_build(folder))


@pytest.mark.usefixtures("_pages")
async def test_a_page_tells_nothing_of_what_its_address_leads_to(world: World, outsider: Outsider) -> None:
    submitted = await outsider.submit(text="It stops")
    browser = await at(world, "198.51.100.7")
    browser.client.base_url = httpx.URL(world.base_url)
    paths = (f"/r/{submitted['token']}", "/r/slk_wrong", "/submit/INBOX", "/submit/NOPE")
    answers = [await browser.client.get(path) for path in paths]
    assert [one.status_code for one in answers] == [200] * 4
    assert len({re.sub(r'nonce="[^"]+"', "", one.text) for one in answers}) == 1
    assert '"session":null' in answers[0].text
    for answer in answers:
        assert submitted["token"] not in answer.text
        assert submitted["key"] not in answer.text
        assert {name: answer.headers[name] for name in DISCREET} == DISCREET
        assert "script-src 'nonce-" in answer.headers["content-security-policy"]
