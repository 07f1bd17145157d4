"""The commands. Each imports what it needs when it runs, so that `--help` answers at once."""

from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.answers import said_clearly

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Sightline: issues in, insights out.",
)
users = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Accounts.")
app.add_typer(users, name="users")
facts = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What is read from files.")
app.add_typer(facts, name="facts")
files = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The bytes of uploaded files.")
app.add_typer(files, name="files")


@app.command()
@said_clearly
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Server processes; more than 1 needs PostgreSQL.")] = 1,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when the code changes.")] = False,
) -> None:
    """Serve the interface and the API."""
    from sightline.cli import serving

    serving.serve(host, port, workers, reload=reload, first=context.obj)


@app.command()
@said_clearly
def worker() -> None:
    """Run background jobs in a process of their own (PostgreSQL)."""
    from sightline.cli import serving

    serving.work()


@app.command()
@said_clearly
def migrate() -> None:
    """Bring the database up to date; `serve` does it too."""
    from sightline.cli import upkeep

    upkeep.migrate()


@users.command("create-admin")
@said_clearly
def create_admin(
    email: Annotated[str, typer.Option(prompt=True)],
    name: Annotated[str, typer.Option(prompt=True)],
) -> None:
    """Make an administrator; without a terminal the password is the first line of standard input."""
    from sightline.cli import upkeep

    upkeep.create_admin(email, name)


@facts.command("rebuild")
@said_clearly
def rebuild_facts(
    kind: Annotated[str | None, typer.Option(help="Only files of this kind, and those nobody could read yet.")] = None,
) -> None:
    """Read files again after an upgrade; what people corrected stays."""
    from sightline.cli import upkeep

    upkeep.rebuild_facts(kind)


@files.command("check")
@said_clearly
def check_files() -> None:
    """Compare every stored file with its SHA-256; exit code 1 when one is missing or changed."""
    from sightline.cli import stored

    stored.check()


@files.command("move")
@said_clearly
def move_files(
    to: Annotated[str, typer.Option(help="The new store, as STORAGE_URL would name it.")],
) -> None:
    """Copy every stored file to another store and verify it there; the old store keeps its own."""
    from sightline.cli import stored

    stored.move(to)


@app.command()
@said_clearly
def watch(
    folder: Annotated[Path, typer.Argument(help="Where files are dropped; what lies below is read too.")],
    project: Annotated[str, typer.Option(help="The key of the project to file into.")],
    server: Annotated[str, typer.Option(help="The address of a running Sightline.")] = "http://127.0.0.1:8000",
) -> None:
    """File what is dropped into a folder, once each; the environment holds a token in SIGHTLINE_TOKEN."""
    from sightline.cli import watch as command

    command.watch(folder, project, server)


@app.command()
@said_clearly
def demo() -> None:
    """Fill an empty installation with sample data."""
    from sightline.cli import sample

    sample.fill()


@app.command()
def version() -> None:
    """Print the version."""
    from sightline import __version__

    typer.echo(__version__)
