"""The board of running requests, read from outside."""

import tempfile
from collections.abc import Iterator

import pytest

from sightline.core.inflight import SLOTS, Board


@pytest.fixture
def boards() -> Iterator[tuple[Board, Board]]:
    """Give a board as its process has it, and as the parent sees it."""
    with tempfile.TemporaryFile() as file:
        yield Board(file.fileno()), Board(file.fileno())


def test_what_one_process_shows_another_reads_until_it_is_done(boards: tuple[Board, Board]) -> None:
    ours, theirs = boards
    with ours.shows("b"), ours.shows("a"):
        assert theirs.read() == ["a", "b"]
    assert theirs.read() == []


def test_a_request_that_fails_is_taken_off(boards: tuple[Board, Board]) -> None:
    ours, theirs = boards
    with pytest.raises(RuntimeError), ours.shows("a"):
        raise RuntimeError
    assert theirs.read() == []


def test_more_requests_than_slots_run_all_the_same(boards: tuple[Board, Board]) -> None:
    ours, theirs = boards
    crowd = [ours.shows(f"{number:04}") for number in range(SLOTS + 3)]
    for one in crowd:
        one.__enter__()
    assert len(theirs.read()) == SLOTS
    for one in crowd:
        one.__exit__(None, None, None)
    with ours.shows("after"):
        assert theirs.read() == ["after"]
