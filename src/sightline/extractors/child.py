"""The process that reads one file: `python -I -m sightline.extractors.child SECONDS MEMORY_MB [PAGE] < file`.

It answers with a reading as JSON, or a picture of PAGE (exit code 0); or with `{"failed": "…", "detail": "…"}` (1).
"""

import math
import os
import resource
import sys
from collections.abc import Callable
from functools import partial

CRASHED = 1
OUT_OF_MEMORY = 77
NAME_VARIABLE = "SIGHTLINE_FILE_NAME"
_MOST_OPEN_FILES = 64


def limit(seconds: float, memory_mb: int) -> None:
    """Bind this process: address space, processor time, nothing written to disk, few open files, no core dump."""
    memory = memory_mb * 1024 * 1024
    processor = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_OPEN_FILES, _MOST_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    if sys.platform != "darwin":  # macOS knows this limit and refuses every value
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _read() -> bytes:
    from sightline.extractors.registry import read_file

    return read_file(sys.stdin.buffer, os.environ.get(NAME_VARIABLE, "")).to_json().encode()


def _draw(page: int) -> bytes:
    from sightline.extractors.picture import draw

    return draw(sys.stdin.buffer, page).to_bytes()


def answer(work: Callable[[], bytes]) -> int:
    """Do the work on standard input and write the answer to standard output; gives the exit code."""
    try:
        # Parsers are imported under the limits, which is the point of this process.
        written = work()
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as crash:  # noqa: BLE001 - a parser may raise anything; it is told
        written, code = _crash(crash), CRASHED
    else:
        code = 0
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return code


def _crash(crash: Exception) -> bytes:
    import json
    import traceback

    return json.dumps({"failed": type(crash).__name__, "detail": traceback.format_exc()}).encode()


if __name__ == "__main__":
    limit(float(sys.argv[1]), int(sys.argv[2]))
    exit_code = answer(partial(_draw, int(sys.argv[3])) if sys.argv[3:] else _read)
    sys.stdout.flush()
    # The answer is out; tearing down parsers that a hostile file may have bent is not worth a crash.
    os._exit(exit_code)
