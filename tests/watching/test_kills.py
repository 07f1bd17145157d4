"""kill -9 of the watcher and of the server at random moments: each dropped file is one issue."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.server import Server, set_up
from tests.watching.conftest import Make, by_files, until

SEED = 7
DROPS = 30


@pytest.fixture
def story(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """Give a server on either database."""
    workers = 1 if database_url.startswith("sqlite") else 2
    folder = tmp_path / "server"
    folder.mkdir()
    with Server(database_url, folder, workers=workers) as started:
        yield started


def test_each_of_thirty_drops_is_one_issue_whatever_is_killed(story: Server, watch: Make, drop: Path) -> None:
    token, chance = set_up(story), random.Random(SEED)
    story.keep_address()
    watcher = watch(story.address, token)
    for number in range(DROPS):
        (drop / f"{number}.txt").write_text(f"Note {number}: something is wrong.")
        time.sleep(chance.uniform(0.05, 0.4))
        if number % 4 == 3:
            time.sleep(chance.uniform(1.8, 3.0))
            watcher.process.kill()
            watcher.ends()
            watcher = watch(story.address, token)
        if number in {9, 22}:
            story.kill_everything()
            story.start()
    (drop / "last.txt").write_text("The last one.")
    until(watcher, "filed", file="last.txt")
    (drop / "15.copy.txt").write_text("Note 15: something is wrong.")
    until(watcher, "counted again", file="15.copy.txt")
    expected: dict[tuple[str, ...], int] = {(f"{n}.txt",): 1 for n in range(DROPS) if n != 15}
    assert by_files(story, token) == expected | {("15.copy.txt", "15.txt"): 2, ("last.txt",): 1}
