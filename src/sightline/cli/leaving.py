"""How our processes end.

Threads of the library that reaches the file store let go of Python's objects a moment after its last answer. Where the
interpreter is taken down meanwhile, they abort the process (PyO3/pyo3-async-runtimes issue 40): a command that said all
it had to say looked crashed, once in some ten or twenty times.
"""

import atexit
import contextlib
import os
import sys
from typing import NoReturn


def leave(code: object = 0) -> NoReturn:
    """End this process with what `sys.exit` takes, after all that is to be done at an exit, and leave the rest to the system."""
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
    atexit._run_exitfuncs()  # noqa: SLF001 - os._exit does not, and nothing public does
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else code is not None)
