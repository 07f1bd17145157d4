"""The papers: no placeholder, no dead link, no advice that loses data."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from sightline.cli.commands import app

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PLACEHOLDER = re.compile(
    r"\b(TODO|TBD|FIXME|XXX|lorem ipsum|coming soon|PLACEHOLDER)\b|<your[- ]|\byour-(org|name|repo)\b|<this ",
    re.IGNORECASE,
)
LOSES_DATA = re.compile(
    r"rm -rf?\b|DROP (TABLE|DATABASE)|docker (volume rm|compose down -v)|(delete|remove) (the|your) (data|database)\b",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.])/(work|opt|root|tmp)/\w")


def papers() -> list[str]:
    """Return every Markdown file of the project, as a path from its root."""
    told = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    return sorted(subprocess.run(told, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def _headings(text: str) -> set[str]:
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def _is_dead(paper: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (paper.parent / path) if path else paper
    return not target.exists() or bool(anchor and anchor not in _headings(target.read_text()))


def test_the_papers_that_a_stranger_looks_for_are_there() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/configuration.md", "docs/tour.md"} <= {*papers()}


@pytest.mark.parametrize("paper", papers())
def test_every_relative_link_leads_somewhere(paper: str) -> None:
    links = [link for link in LINK.findall((ROOT / paper).read_text()) if "://" not in link]
    assert [link for link in links if _is_dead(ROOT / paper, link)] == []


@pytest.mark.parametrize("paper", papers())
def test_nothing_is_left_to_fill_in_and_no_advice_loses_data(paper: str) -> None:
    text = (ROOT / paper).read_text()
    assert [found[0] for pattern in (PLACEHOLDER, LOSES_DATA, MACHINE) for found in pattern.finditer(text)] == []


def test_every_command_the_papers_name_exists() -> None:
    targets = {*re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)}
    text = "\n".join((ROOT / paper).read_text() for paper in papers())
    assert {*re.findall(r"`make ([a-z-]+)", text)} <= targets
    commands = {*re.findall(r"`(?:\.venv/bin/)?sightline ([a-z]+)", text)}
    assert commands <= {*typer.main.get_command(app).commands}  # type: ignore[attr-defined]  # it is a group
    assert commands


@pytest.mark.parametrize(
    "line",
    [
        "Run `rm -rf data` first.",
        "DROP TABLE issues",
        "TODO: explain",
        "see /opt/somewhere",
        "git clone <your repository>",
    ],
)
def test_the_patterns_find_what_they_are_for(line: str) -> None:
    assert any(pattern.search(line) for pattern in (PLACEHOLDER, LOSES_DATA, MACHINE))
