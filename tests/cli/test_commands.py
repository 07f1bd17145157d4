"""The commands that do one thing and end."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline import __version__
from tests import lines
from tests.cli.conftest import SIGHTLINE, Start

Run = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let coverage.py trace the processes that these tests start, where lines are asked for: it doubles their time."""
    if lines.FILE:
        monkeypatch.setenv("COVERAGE_PROCESS_START", str(lines.ROOT / "pyproject.toml"))


def test_help_answers_at_once_because_commands_import_late() -> None:
    heavy = "{'fastapi', 'sqlalchemy', 'pydantic', 'structlog', 'rich'} & set(sys.modules)"
    code = f"import sys; from sightline.cli.commands import app; app(['--help'], standalone_mode=False); sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("version") == (0, __version__)


def test_migrate_says_where_the_database_is(run: Run, tmp_path: Path) -> None:
    code, said = run("migrate")
    assert code == 0
    assert re.search(r"^The database is at revision \d{4}\.$", said, re.MULTILINE)
    assert (tmp_path / "data" / "sightline.db").exists()


def test_files_are_read_again_on_demand(run: Run) -> None:
    assert run("facts", "rebuild") == (0, "0 files will be read again by `sightline serve`, or a worker.")
    code, said = run("facts", "rebuild", "--kind", "nonsense")
    assert code == 2
    assert said.startswith("sightline: --kind: is one of invoice, crash, ")


def _create_admin(folder: Path, email: str, password: str) -> tuple[int, str]:
    command = [SIGHTLINE, "users", "create-admin", "--email", email, "--name", "Ada"]
    done = subprocess.run(command, cwd=folder, input=f"{password}\n", capture_output=True, text=True, check=False)
    return done.returncode, done.stderr or done.stdout


def test_an_administrator_made_on_the_console_can_sign_in(start: Start, tmp_path: Path) -> None:
    password = "a long made-up sentence"
    assert _create_admin(tmp_path, "ada@example.org", password) == (0, "ada@example.org is an administrator.\n")
    server = start("serve", "--port", "0")
    grant = {"grant_type": "password", "username": "ada@example.org", "password": password}
    token = server.ask("POST", "/api/v1/auth/token", data=grant).json()["access_token"]
    me = server.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (me["email"], me["role"]) == ("ada@example.org", "admin")
    assert not [line for line in server.lines if line.startswith("Next:")]


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("ada@example.org", "short", "password: must have 15 to 128 characters"),
        ("ada", "a long made-up sentence", "--email: is not an e-mail address."),
    ],
)
def test_an_account_that_will_not_do_is_refused_with_a_sentence(
    email: str, password: str, sentence: str, tmp_path: Path
) -> None:
    assert _create_admin(tmp_path, email, password) == (2, f"sightline: {sentence}\n")


def test_a_taken_address_is_refused(tmp_path: Path) -> None:
    _create_admin(tmp_path, "ada@example.org", "a long made-up sentence")
    code, said = _create_admin(tmp_path, "ada@example.org", "a long made-up sentence")
    assert (code, said) == (2, "sightline: There is an account with this address already.\n")


def test_the_sample_people_can_sign_in_and_see_their_story(run: Run, start: Start) -> None:
    code, said = run("demo")
    assert code == 0
    (password,) = re.findall(r"tom@example\.org +(\S+)", said)
    server = start("serve", "--port", "0")
    grant = {"grant_type": "password", "username": "tom@example.org", "password": password}
    token = server.ask("POST", "/api/v1/auth/token", data=grant).json()["access_token"]
    listed = server.ask("GET", "/api/v1/issues", headers={"Authorization": f"Bearer {token}"}).json()
    assert {item["status"] for item in listed["items"]} == {"open", "triaged", "in_progress", "done"}


def test_sample_data_stays_out_of_an_installation_in_use(run: Run, tmp_path: Path) -> None:
    code, said = run("demo", PUBLIC_URL="https://issues.example.org")
    assert code == 2
    assert said.startswith("sightline: PUBLIC_URL is set")
    _create_admin(tmp_path, "ada@example.org", "a long made-up sentence")
    code, said = run("demo")
    assert code == 2
    assert said.startswith("sightline: There are accounts already")
