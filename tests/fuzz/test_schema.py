"""Requests made from the OpenAPI file, sent to a real server: never a failure of the server's own.

The event stream is left out: the tool reads a body to its end, and a stream has none (tests/reliability/test_feed.py
reads it). Left out as well is the way to revoke the personal token that the run itself is signed in with.
"""

import subprocess
import sys
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.reliability.server import Server, add_person, bearer, set_up

SEED = 33
SECONDS = 14
STREAM = "/api/v1/events"
OWN_TOKEN = "/api/v1/me/tokens/{id}"
CHECKS = "not_a_server_error"


def _run(server: Server, token: str, seconds: int) -> str:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{server.address}/openapi.json",
        *("--header", f"Authorization: Bearer {token}"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--checks", CHECKS, "--max-time", str(seconds)),
        *("--seed", str(SEED), "--generation-database", "none", "--continue-on-failure", "--no-color"),
        *("--exclude-path", STREAM, "--exclude-path", OWN_TOKEN),
    ]
    done = subprocess.run(
        command, cwd=server.folder, capture_output=True, text=True, timeout=seconds * 4 + 30, check=False
    )
    assert done.returncode == 0, f"seed {SEED}\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.parametrize("role", ["admin", "reporter"])
def test_no_request_makes_the_server_fail(server: Server, role: str) -> None:
    admin = set_up(server)
    token = admin if role == "admin" else add_person(server, "Rae", "reporter")
    sys.stdout.write(f"seed {SEED}\n{_run(server, token, SECONDS)[-1500:]}")
    assert httpx.get(f"{server.url}/me", headers=bearer(token)).status_code == 200, "the run lost its own credential"
    assert '"status": 500' not in server.log.read_text()
