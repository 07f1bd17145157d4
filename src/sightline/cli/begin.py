"""How a process under the supervisor begins: `python -m sightline.cli.begin MODULE DESCRIPTOR…` runs its `main`."""

import gc
import sys
from importlib import import_module

from sightline.cli.child import leave_to_the_supervisor


def main() -> None:
    """Import the module and hand it the file descriptors."""
    leave_to_the_supervisor()
    # What is imported stays for good: looking for garbage in it is a seventh of the start.
    gc.disable()
    module = import_module(sys.argv[1])
    gc.freeze()
    gc.enable()
    module.main(*map(int, sys.argv[2:]))


if __name__ == "__main__":
    main()
