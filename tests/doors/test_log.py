"""What a real server writes down names no token."""

import re
import subprocess
import sys
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.reliability.server import API, Server, bearer, set_up

SAID = """
import structlog
from sightline.core.logging import configure
configure("{form}")
log = structlog.get_logger("tests")
log.info("seen", path="/r/{token}", query="a={token}&b=1")
try:
    raise ValueError("no such receipt: {token}")
except ValueError:
    log.exception("failed")
"""


def test_neither_the_log_nor_the_metrics_of_a_server_hold_a_token(database_url: str, tmp_path: Path) -> None:
    with Server(database_url, tmp_path) as server:
        admin = bearer(set_up(server))
        httpx.patch(f"{server.url}/projects/INBOX", json={"submissions": True}, headers=admin)
        handed = httpx.post(f"{server.url}/submit/INBOX", files={"file": ("a.txt", b"words")})
        token = handed.json()["token"]
        assert handed.json()["receipt"] == f"{server.address}/r/{token}"
        for path in (f"{API}/receipts/{token}", f"/r/{token}", f"/R/{token}", f"/nowhere/{token}?again={token}"):
            httpx.get(server.address + path)
        httpx.post(f"{server.url}/receipts/{token}/replies", json={"body": "Hello"})
        httpx.post(f"{server.url}/receipts/{token}/attachments", files={"file": ("b.txt", b"more")})
        metrics = httpx.get(f"{server.address}/metrics").text
        log = server.log.read_text()
        assert re.findall(rf'"path": ?"{API}/receipts/slk_…"|"path": ?"{API}/receipts/slk_\\u2026"', log)
        assert f'route="{API}/receipts/{{token}}"' in metrics
        for written in (log, metrics):
            assert token not in written
            assert token.removeprefix("slk_") not in written


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_of_the_log_holds_a_token_whatever_it_is_about(form: str) -> None:
    token = "slk_" + "aB3-_" * 8
    done = subprocess.run(
        [sys.executable, "-c", SAID.format(form=form, token=token)], capture_output=True, text=True, check=True
    )
    assert done.stderr.count("slk_") >= 3
    assert token not in done.stderr
    assert "aB3-_" not in done.stderr.replace(SAID.format(form=form, token=token), "")
