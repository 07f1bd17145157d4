"""Run every check, each to its end, and say which failed. With the argument "quick": without the suite."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
QUICK = {
    "lint": "ruff check --quiet",
    "format": "ruff format --check --quiet",
    "types": "mypy --no-error-summary",
    "import contracts": "lint-imports --no-logo",
    "interface lint": "npm --prefix web run --silent lint",
    "interface types": "npm --prefix web run --silent check",
}
# Three workers on two cores: one often waits for a server. A fourth makes the others slower than it is of use.
SUITE = {
    "interface tests": "npm --prefix web run --silent test",
    "browser": f".ci/browser {sys.executable}",
    "suite": "pytest --quiet -n 3 --maxschedchunk 2 --ignore tests/e2e",
    "lines": "coverage combine --quiet",
    "coverage": "coverage report",
    "browser tests": "pytest --quiet -n 3 tests/e2e",
}


def passes(name: str, command: str, *, at_once: bool = False) -> bool:
    """Run one check, showing what it prints while it does, or at its end when others run beside it."""
    if not at_once:
        print(f"--- {name}", flush=True)
    begun = time.monotonic()
    output = subprocess.PIPE if at_once else None
    done = subprocess.run(command.split(), cwd=ROOT, check=False, stdout=output, stderr=output and subprocess.STDOUT)
    told = f"--- {name}\n{done.stdout.decode()}" if at_once else ""
    end = "ok" if done.returncode == 0 else "FAILED"
    print(f"{told}--- {name}: {end} in {time.monotonic() - begun:.0f} s", flush=True)
    return done.returncode == 0


def main() -> int:
    """Run the checks and return how the process should end."""
    # Every process that a test starts would translate all of the source anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    with ThreadPoolExecutor(2) as two:
        results = dict(zip(QUICK, two.map(partial(passes, at_once=True), QUICK, QUICK.values()), strict=True))
    if sys.argv[1:] != ["quick"]:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["COVERAGE_FILE"] = f"{folder}/lines"
            results |= {name: passes(name, command) for name, command in SUITE.items()}
    failed = [name for name, good in results.items() if not good]
    print(f"FAILED: {', '.join(failed)}" if failed else "Everything is green.")
    print(f"checks: {len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
