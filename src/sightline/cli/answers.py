"""How a command refuses: one sentence on standard error and exit code 2."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import typer

from sightline.core.refusal import REFUSED, Refusal

P = ParamSpec("P")


def said_clearly(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal raised by `command` into its sentence and exit code 2."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as error:
            typer.echo(f"sightline: {error}", err=True)
            raise typer.Exit(REFUSED) from None

    return run
