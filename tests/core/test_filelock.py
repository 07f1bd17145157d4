"""One process at a time on a SQLite file."""

import subprocess
import sys
from pathlib import Path

import pytest

from sightline.core.filelock import Held, holding

HOLD = """
import sys
from pathlib import Path
from sightline.core.filelock import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_holder_is_named_and_its_death_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "sightline.db"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Held, match=rf"^The database {path} is in use by process {other.pid} \(-c"), holding(path):
            pass
        other.kill()
        other.wait()
        with holding(path):
            assert path.parent.stat().st_mode & 0o777 == 0o700
    with holding(path):
        pass
