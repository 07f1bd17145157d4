"""Every kind has one stored example in `examples`, which every later Sightline still reads.

An example is never edited: `shipped.txt` holds the checksum it was kept with.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sightline import models
from sightline.events import guard
from sightline.events.change import KINDS, parse

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE / "examples").glob("*.json"))
SHIPPED = dict(line.split() for line in (HERE / "shipped.txt").read_text().splitlines())


def test_every_kind_has_a_stored_example_and_no_example_has_lost_its_kind() -> None:
    assert models.metadata.tables
    assert {path.stem for path in EXAMPLES} == KINDS.keys()


def test_a_process_that_serves_nothing_knows_every_kind_too() -> None:
    asked = "import sightline.house; from sightline.events.change import KINDS; print(*sorted(KINDS))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.split() == sorted(KINDS)


def test_no_stored_example_was_edited() -> None:
    assert {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in EXAMPLES} == SHIPPED


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_example_is_read_and_written_without_loss(path: Path) -> None:
    payload: dict[str, Any] = json.loads(path.read_text())
    change = parse(path.stem, payload)
    assert change.model_dump(mode="json") == payload
    assert all(isinstance(hold.field, str) for hold in change.holds())
    assert all(len(step) == 2 for step in change.steps().values())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_erased_example_can_still_be_read(path: Path) -> None:
    payload = json.loads(path.read_text())
    personal = KINDS[path.stem].personal
    assert personal <= payload.keys()
    parse(path.stem, payload | dict.fromkeys(personal))


def test_the_first_word_of_a_kind_names_its_subject() -> None:
    assert {kind.split(".")[0] for kind in KINDS} == {model.subject_type for model in guard.tracked_models()}
