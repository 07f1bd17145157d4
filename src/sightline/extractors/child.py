"""The process that reads one file: `python -I -m sightline.extractors.child SECONDS MEMORY_MB [WORK [WHICH]] < file`.

It answers with a reading as JSON, also for `recognise PAGES`, or for `draw PAGE` with a picture (exit code 0); or with
`{"refused": "…"}` (65) or `{"failed": "…", "detail": "…"}` (1). For `part PATH` and `served_copy` it streams bytes: chunks,
each with its length in front as four bytes, big end first; a length of 0 ends them, and after it comes nothing (0) or one
of the two.
"""

import math
import os
import resource
import sys
from collections.abc import Callable, Iterator
from functools import partial

CRASHED = 1
REFUSED = 65
OUT_OF_MEMORY = 77
NAME_VARIABLE = "SIGHTLINE_FILE_NAME"
LONGEST_CHUNK = 256 * 1024
_MOST_OPEN_FILES = 64
_PATIENT = 10  # seconds of processor time must not keep requests waiting


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


def _recognise(pages: str) -> bytes:
    from sightline.extractors.recognition import recognise

    os.nice(_PATIENT)
    return recognise(sys.stdin.buffer, [int(page) for page in pages.split(",")]).to_json().encode()


def _part(path: str) -> Iterator[bytes]:
    from sightline.extractors.registry import part

    return part(sys.stdin.buffer, path)


def _served_copy() -> Iterator[bytes]:
    from sightline.extractors.registry import served_copy

    copy = memoryview(served_copy(sys.stdin.buffer) or b"")
    return (bytes(copy[at : at + LONGEST_CHUNK]) for at in range(0, len(copy), LONGEST_CHUNK))


def answer(work: Callable[[], bytes]) -> int:
    """Do the work on standard input and write the answer to standard output; gives the exit code."""
    from sightline.extractors.reading import Unreadable

    try:
        # Parsers are imported under the limits, which is the point of this process.
        written = work()
    except MemoryError:
        return OUT_OF_MEMORY
    except Unreadable as reason:
        written, code = _refusal(reason), REFUSED
    except Exception as crash:  # noqa: BLE001 - a parser may raise anything; it is told
        written, code = _crash(crash), CRASHED
    else:
        code = 0
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return code


def stream(work: Callable[[], Iterator[bytes]]) -> int:
    """Do the work and write the chunks it gives, then how it ended; gives the exit code."""
    from sightline.extractors.reading import Unreadable

    try:
        for chunk in filter(None, work()):
            _write(chunk)
    except MemoryError:
        return OUT_OF_MEMORY
    except Unreadable as reason:
        outcome, code = _refusal(reason), REFUSED
    except Exception as crash:  # noqa: BLE001 - a parser may raise anything; it is told
        outcome, code = _crash(crash), CRASHED
    else:
        outcome, code = b"", 0
    _write(b"")
    sys.stdout.buffer.write(outcome)
    sys.stdout.buffer.flush()
    return code


def _write(chunk: bytes) -> None:
    sys.stdout.buffer.write(len(chunk).to_bytes(4, "big") + chunk)


def _refusal(reason: Exception) -> bytes:
    import json

    return json.dumps({"refused": str(reason)}).encode()


def _crash(crash: Exception) -> bytes:
    import json
    import traceback

    return json.dumps({"failed": type(crash).__name__, "detail": traceback.format_exc()}).encode()


def run(work: str, *which: str) -> int:
    """Do what the command line names; gives the exit code."""
    if work == "draw":
        return answer(partial(_draw, int(which[0])))
    if work == "recognise":
        return answer(partial(_recognise, which[0]))
    if work == "part":
        return stream(partial(_part, which[0]))
    return stream(_served_copy) if work == "served_copy" else answer(_read)


if __name__ == "__main__":
    limit(float(sys.argv[1]), int(sys.argv[2]))
    exit_code = run(*(sys.argv[3:] or ["read"]))
    sys.stdout.flush()
    # The answer is out; tearing down parsers that a hostile file may have bent is not worth a crash.
    os._exit(exit_code)
