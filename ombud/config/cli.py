"""The command line: everything that is done to Ombud from a terminal."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Annotated

import django
import typer
from django.core.management import execute_from_command_line
from django.utils.module_loading import import_string
from rich.console import Console

from ombud.config import database, demo, env, schema, servers, static, worker
from ombud.config.household import free_port, household

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
app = typer.Typer(
    help="Ombud: open case handling for work that crosses organisations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
screen = Console(stderr=True, highlight=False)
answer = Console(highlight=False)
LOGIN = ("username", "password", "personal_number")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def main() -> None:
    """Run a command; a fault that has words ends with them and exit code 1."""
    try:
        app(prog_name="ombud")
    except env.Unfit as no:
        screen.print(str(no), style="red", soft_wrap=True, markup=False)
        sys.exit(1)


@app.command("demo")
def demo_(
    as_json: AsJson = False,
    reset: Annotated[bool, typer.Option(help="Forget the demo world and build it anew.")] = False,
    play: Annotated[bool, typer.Option(help="Play the stories once, then end.")] = False,
) -> None:
    """Start everything, with a demo world, until Ctrl-C."""
    folder = env.Env().folder
    if not as_json:  # a person reads the screen: only warnings there
        os.environ.setdefault("OMBUD_LOG_LEVEL", "WARNING")
    with demo.alone(folder), world(reset=reset or demo.is_half_built(folder)) as here:
        with household(say) as home:
            show = demo.Demo(here, home, say)
            show.start()
            if play:
                sys.exit(show.play())
            _say_where(show, as_json)
            home.watch(_keeper(here))
        say("Ended.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = servers.HOST,
    port: Annotated[int, typer.Option(help="Port of pages and API.")] = 8000,
    push_port: Annotated[int, typer.Option(help="Port of live updates.")] = 8001,
) -> None:
    """Serve pages, API and live updates."""
    with world() as here, household(say) as home:
        environment = dict(os.environ)
        static.collect(here.folder / "static", environment)
        _insist_on(port, push_port)
        web = home.add(servers.web(here, environment, port, host))
        push = home.add(servers.push(environment, push_port, host))
        home.await_ready(web, push)
        say(f"Serving at http://{host}:{port} and http://{host}:{push_port}.")
        home.watch(_keeper(here))


@app.command("worker")
def worker_() -> None:
    """Carry letters and do what is due, until asked to end."""
    with ready() as here:
        worker.work(here.worker_concurrency)


@app.command()
def migrate(quiet: Annotated[bool, typer.Option(help="Say nothing.")] = False) -> None:
    """Bring the database to the newest schema, as its owner."""
    with world() as here:
        schema.migrate(here, verbosity=0 if quiet else 1)


@app.command()
def personas(as_json: AsJson = False) -> None:
    """List the people of the demo world: names, roles, how to log in, and where to begin."""
    os.environ.setdefault("OMBUD_ENV", "demo")
    with ready():
        rows = import_string("demo.personas.rows")()
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        answer.print(*_as_lines(rows), sep="\n", markup=False, soft_wrap=True)
        answer.print(import_string("demo.personas.introduce")(), markup=False, soft_wrap=True)


@app.command("verify-chain")
def verify_chain() -> None:
    """Check every event and journal; name the first broken link."""
    _check("Checking chains", "ombud.cases.timeline.verify_all", "The chain is broken at {}.")


@app.command("check-sight")
def check_sight() -> None:
    """Check who sees what against parties and seats; name the first case that differs."""
    _check("Checking sight", "ombud.cases.sight.check_all", "Sight is not what it should be in {}.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure against the floor; sizes as arguments (10000 100000)."""
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *context.args])


@app.command(hidden=True, context_settings={"ignore_unknown_options": True})
def manage(arguments: list[str]) -> None:
    """Run one of Django's own commands, for those who build Ombud."""
    with ready():
        execute_from_command_line(["ombud", *arguments])


def say(words: str) -> None:
    screen.print(words, style="dim", markup=False)


@contextlib.contextmanager
def world(*, reset: bool = False) -> Iterator[env.Env]:
    """The environment, with a database that runs: the one named, or this clone's own."""
    here = env.read()
    if here.database_url and reset:
        raise env.Unfit(["A database named by DATABASE_URL is not emptied; empty it yourself."])
    if here.database_url:
        yield here
        return
    with database.cluster_of(here.folder, say=say).running() as cluster:
        if reset:
            say("Forgetting the demo world ...")
            cluster.empty()
            demo.forget(here.folder)
        os.environ.update(cluster.environment())
        yield env.read()


def _keeper(here: env.Env) -> Callable[[], None]:
    """What looks after the database, when it is this clone's own."""
    own = database.cluster_of(here.folder, say=say)
    return own.keep if here.database_url == own.url() else lambda: None


@contextlib.contextmanager
def ready() -> Iterator[env.Env]:
    """The world, with Django set up in this process: what follows is found by dotted path."""
    with world() as here:
        django.setup()
        yield here


def _check(title: str, path: str, wrong: str) -> None:
    """Run a check that tells how far it is and returns what is wrong, or None."""
    with ready(), screen.status(f"{title} ...") as status:
        check: Callable[[Callable[[int], None]], str | None] = import_string(path)
        count = 0

        def progress(done: int) -> None:
            nonlocal count
            count = done
            if done % 100 == 0:
                status.update(f"{title}: {done}")

        broken = check(progress)
    if broken is not None:
        raise env.Unfit([wrong.format(broken)])
    answer.print(f"{title}: {count} checked, nothing wrong.")


def _insist_on(*ports: int) -> None:
    for port in ports:
        if free_port(port) != port:
            raise env.Unfit([f"Port {port} is taken; choose another with --port or --push-port."])


def _say_where(show: demo.Demo, as_json: bool) -> None:
    if as_json:
        print(json.dumps(show.at.as_json()), flush=True)
        return
    show.introduce()
    answer.print(
        f"\n  Ombud       [bold]{show.at.url}[/bold]   (API {show.at.as_json()['api_url']})"
    )
    answer.print(f"  The phones  [bold]{show.at.sandbox_url}[/bold]   (BankID, SMS and mail)")
    answer.print("\n  Ctrl-C ends it.\n")


def _as_lines(rows: list[dict]) -> Iterator[str]:
    """Organisation by organisation, in columns that a narrow screen does not fold or cut."""
    fields = [
        (row["name"], ", ".join(row["roles"]), *(row[name] for name in LOGIN)) for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*fields, strict=True)]
    place = None
    for row, told in zip(rows, fields, strict=True):
        if place != (place := row["organisation"]["name"]):
            yield f"\n{place}"
        cells = (cell.ljust(width) for cell, width in zip(told, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()
