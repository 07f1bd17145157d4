"""Which lines of the source the tests run, for coverage.py to report.

Before Python 3.12, coverage.py traces: that doubles the time of every test. Here each line notes itself once instead.
"""

import os
import sys
from pathlib import Path

from coverage import CoverageData
from slipcover.importer import FileMatcher, SlipcoverMetaPathFinder
from slipcover.slipcover import Slipcover

ROOT = Path(__file__).parents[1]
# Where coverage.py looks for its data; nothing is gathered where nobody asks for it.
FILE = os.environ.get("COVERAGE_FILE")

# At import: this comes before the other plugins, which import what is to be seen.
seen = Slipcover()
if FILE:
    sys.meta_path.insert(0, SlipcoverMetaPathFinder(seen, FileMatcher(sources=[ROOT / "src" / "sightline"])))


def pytest_sessionfinish() -> None:
    if FILE:
        data = CoverageData(f"{FILE}.{os.getpid()}")
        files = seen.get_coverage()["files"]
        data.add_lines({str(ROOT / name): found["executed_lines"] for name, found in files.items()})
        data.write()
