"""Ombud measured beside the floor: `python -m benchmarks [SIZES] [--quick]`, or `make bench`."""

import json
import os
import subprocess
import sys
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import databases, flood, measure, processes, report
from benchmarks.results import Results
from benchmarks.scenes import SCENES
from ombud.config import env, static
from ombud.config.household import Household, household

screen = Console(stderr=True, highlight=False)
SIZES = [10_000, 100_000]
CLIENTS = 8


def main(
    sizes: Annotated[list[int] | None, typer.Argument(help="How many cases.")] = None,
    quick: Annotated[
        bool, typer.Option(help="A few requests of each, to see that it runs.")
    ] = False,
    rounds: Annotated[int, typer.Option(help="Requests of each scene to each side.")] = 300,
    only: Annotated[str, typer.Option(help="Only these scenes, with commas between.")] = "",
    reminders: Annotated[int, typer.Option(help="How many are due at once.")] = 100_000,
    write: Annotated[bool, typer.Option(help="Write docs/performance.md and its plot.")] = False,
) -> None:
    """Measure lists, an open case, deeds, throughput, growth and memory against the floor."""
    wanted = sizes or ([1_000] if quick else SIZES)
    scenes = [one for one in SCENES if not only or one.key in with_needed(only.split(","))]
    os.environ["OMBUD_DATA"] = str(databases.FOLDER)
    with databases.CLUSTER.running():
        names = {size: databases.for_a_run(size, say) for size in wanted}
        try:
            results = run(names, scenes, 10 if quick else rounds, 1.0 if quick else 9.0)
            if not only:
                results.memory = remembered(databases.environment(names[min(names)]))
                results.sights = seen(min(names), 1 if quick else 5)
                due, seconds = (500, 1.0) if quick else (reminders, 15.0)
                results.flood = flooded(min(names), due, seconds)
        finally:
            for name in names.values():
                databases.drop(name)
    report.show(results, Console(width=max(150, Console().width)))
    if write:
        report.write(results, " ".join(sys.argv[1:]))


def with_needed(keys: list[str]) -> list[str]:
    """A scene's own, and the one whose cases it uses."""
    return [*keys, *(one.uses for one in SCENES if one.key in keys)]


def run(names: dict[int, str], scenes: list, rounds: int, seconds: float) -> Results:
    with household(say) as home:
        environments = {size: databases.environment(name) for size, name in names.items()}
        static.collect(databases.FOLDER / "static", os.environ | next(iter(environments.values())))
        visitors, told = come_in(home, environments)
        results = Results(list(names), statements=told[min(names)]["statements"])
        for scene in scenes:
            say(f"{scene.label} ...")
            results.taken[scene.key] = measure.scene(visitors, scene, rounds)
        if "list" in results.taken:
            first = [one for one in visitors if one.side.size == min(names)]
            say(f"{CLIENTS} clients at once ...")
            results.rates = measure.throughput(first, SCENES[0], CLIENTS, seconds)
        for visitor in visitors:
            visitor.client.close()
    return results


def come_in(home: Household, environments: dict[int, dict]) -> tuple[list, dict[int, dict]]:
    """Both servers on each database, and a client at each."""
    say("Starting servers ...")
    ports = processes.ports(2 * len(environments))
    visitors, told = [], {}
    for size, environment in environments.items():
        told[size] = json.loads(inside(environment))
        for name in ("ombud", "floor"):
            side = processes.start(home, name, size, os.environ | environment, ports.pop())
            visitors.append((side, told[size]))
    for side, _known in visitors:
        processes.until_listens(side)
    return [measure.Visitor(side, known) for side, known in visitors], told


def inside(environment: dict[str, str], module: str = "inside") -> str:
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    told = subprocess.run(
        command, env=os.environ | environment, cwd=env.HERE, check=True, stdout=subprocess.PIPE
    )
    return told.stdout.decode()


def seen(size: int, times: int) -> dict[str, dict[str, float]]:
    """What each way of seeing a case costs a reader of one organisation, and the same reader with
    fifty in a wide world: milliseconds, the least of several turns."""
    told: dict[str, dict[str, float]] = {}
    names = {kind: databases.for_a_run(size, say, kind) for kind in ("simple", "wide")}
    say("Sight of a person with many organisations in a wide world ...")
    try:
        inside(databases.environment(names["wide"]), "wide")
        databases.settle(names["wide"])
        for _ in range(times):
            for kind, name in names.items():
                found = json.loads(inside(databases.environment(name), "sights"))
                known = told.setdefault(kind, found)
                told[kind] = {way: min(took, known[way]) for way, took in found.items()}
    finally:
        for name in names.values():
            databases.drop(name)
    return told


def flooded(size: int, due: int, seconds: float) -> flood.Flood:
    name = databases.for_a_run(size, say, "flood")
    try:
        return flood.measured(name, due, seconds, say)
    finally:
        databases.drop(name)


def remembered(environment: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Proportional and resident megabytes of the four processes: Ombud's, and empty ones."""
    found, known = {}, json.loads(inside(environment))
    for name in ("ombud", "empty"):
        say(f"Memory of four processes ({name}) ...")
        with household(say) as home:
            ports = processes.ports(2)
            four = processes.four(os.environ | environment, ports, empty=name == "empty")
            for child in four:
                home.add(child)
            home.await_ready(*four)
            processes.exercise(ports[0], known if name == "ombud" else None)
            found[name] = processes.memory(four)
    return found


def say(words: str) -> None:
    screen.print(words, style="dim", markup=False)


if __name__ == "__main__":
    try:
        typer.run(main)
    except (env.Unfit, measure.Wrong) as no:
        screen.print(str(no), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
