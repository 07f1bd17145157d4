"""Where `sightline` begins."""

import sys

from sightline.cli.leaving import leave
from sightline.cli.process import SERVER, Process


def main() -> None:
    """Run a command; the server process starts first, since its imports take longer than all that happens here."""
    code: object = 0
    first = Process(SERVER) if sys.argv[1:2] == ["serve"] else None
    from sightline.cli.commands import app

    try:
        app(obj=first)
    except SystemExit as end:
        code = end.code
    finally:
        if first:
            first.dismiss()
    leave(code)
