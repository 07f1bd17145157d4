"""Run every check, each to its end, and say which failed. With the argument "quick": without the suite."""

import os
import subprocess
import sys
import time
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
SUITE = {
    "interface tests": "npm --prefix web run --silent test",
    "browser": f".ci/browser {sys.executable}",
    "suite": "pytest --quiet -n 4 --maxschedchunk 4 --ignore tests/e2e --cov --cov-report=",
    "browser tests": "pytest --quiet -n 2 tests/e2e",
}


def passes(name: str, command: str) -> bool:
    """Run one check, showing what it prints."""
    print(f"--- {name}", flush=True)
    begun = time.monotonic()
    good = subprocess.run(command.split(), cwd=ROOT, check=False).returncode == 0
    print(f"--- {name}: {'ok' if good else 'FAILED'} in {time.monotonic() - begun:.0f} s", flush=True)
    return good


def main() -> int:
    """Run the checks and return how the process should end."""
    # Every process that a test starts would translate all of the source anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    checks = QUICK if sys.argv[1:] == ["quick"] else QUICK | SUITE
    failed = [name for name, command in checks.items() if not passes(name, command)]
    print(f"FAILED: {', '.join(failed)}" if failed else "Everything is green.")
    print(f"checks: {len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
