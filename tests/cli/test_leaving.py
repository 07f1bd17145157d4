"""How processes end: after all that is to be done then, with the code that was asked for, and never by a crash."""

import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys
from sightline.cli.leaving import leave

class Kept:
    def __del__(self):
        print("taken down")

kept = Kept()
atexit.register(print, "last words")
print("said", end=" ")
leave({code})
"""


@pytest.mark.parametrize(
    ("code", "expected", "complaint"), [("0", 0, ""), ("None", 0, ""), ("3", 3, ""), ("'Not so.'", 1, "Not so.\n")]
)
def test_what_is_to_be_done_is_done_and_the_interpreter_is_not_taken_down(
    code: str, expected: int, complaint: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(code=code)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (expected, "said last words\n", complaint)
