"""The command line: everything that is done to Ombud from a terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator

import django
import typer
from django.core.management import execute_from_command_line
from rich.console import Console

from ombud.config import database, env, schema

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
app = typer.Typer(
    help="Ombud: open case handling for work that crosses organisations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
screen = Console(stderr=True, highlight=False)


def main() -> None:
    """Run a command; a fault that has words ends with them and exit code 1."""
    try:
        app()
    except env.Unfit as no:
        screen.print(str(no), style="red", soft_wrap=True)
        sys.exit(1)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema (as its owner)."""
    with world() as here:
        schema.migrate(here)


@app.command(hidden=True, context_settings={"ignore_unknown_options": True})
def manage(arguments: list[str]) -> None:
    """Run one of Django's own commands, for those who build Ombud."""
    with world():
        django.setup()
        execute_from_command_line(["ombud", *arguments])


@contextlib.contextmanager
def world() -> Iterator[env.Env]:
    """The environment, with a database that runs: the one named, or this clone's own."""
    here = env.read()
    if here.database_url:
        yield here
        return
    with database.cluster_of(here.folder, say=screen.print).running() as cluster:
        os.environ.update(cluster.environment())
        yield env.read()
