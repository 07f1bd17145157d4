"""How a process under the supervisor begins: `python -m sightline.cli.begin MODULE CHANNEL` runs its `main`."""

import gc
import sys
from importlib import import_module
from typing import Final

from sightline.cli.child import Channel, leave_to_the_supervisor
from sightline.cli.leaving import leave
from sightline.core.refusal import Refusal

# Loaded where they are there: by structlog for tracebacks that are not drawn here, by FastAPI to refuse models of v1.
_UNUSED: Final = ("rich", "pydantic.v1")


def main() -> None:
    """Hand the module the channel to the supervisor, the settings and the other file descriptors."""
    leave_to_the_supervisor()
    channel = Channel(int(sys.argv[2]))
    # What is imported stays for good: looking for garbage in it is a seventh of the start.
    gc.disable()
    # None is Python's own mark of a module that is not to be had.
    sys.modules.update(dict.fromkeys(_UNUSED))  # type: ignore[arg-type]
    _import_fastapi()
    from sightline.core.config import load_settings
    from sightline.core.logging import configure

    try:
        settings = load_settings()
        configure(settings.log_format)
        module = import_module(sys.argv[1])
        gc.freeze()
        gc.enable()
        module.main(channel, settings, *channel.descriptors)
    except Refusal as error:
        channel.refuse(str(error))


def _import_fastapi() -> None:
    """Import it without building its model of an OpenAPI document, which whoever asks for that document can wait for."""
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True
    import_module("fastapi")
    del BaseModel.model_config["defer_build"]


if __name__ == "__main__":
    main()
    leave()
