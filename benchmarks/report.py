"""Telling what was found: a table on the screen, docs/performance.md and its plot."""

import os
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import plot
from benchmarks.results import Results
from ombud.config.env import HERE

PAGE, PLOT = HERE / "docs/performance.md", HERE / "docs/performance.svg"
TEXT = Path(__file__).with_name("performance.txt")

HEADINGS = ["Scene", "Cases", "Ombud p50/p95 ms", "Floor p50/p95 ms", "Ratio p50/p95"]
HEADINGS += ["CPU ms Ombud/floor", "CPU ratio", "Statements", "Goal", ""]


def show(results: Results, screen: Console) -> None:
    table = Table(title="Ombud beside the floor", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "Scene" else "right")
    for row in rows(results):
        table.add_row(*row[:-1], f"[{'green' if row[-1] == 'pass' else 'red'}]{row[-1]}")
    screen.print(table)
    for label, found, bound, verdict in goals(results):
        colour = "green" if verdict == "pass" else "red"
        screen.print(f"{label}: {found} ({bound}) [{colour}]{verdict}[/]")
    for words in asides(results):
        screen.print(words)


def rows(results: Results) -> list[list[str]]:
    return [
        [
            line.scene.label,
            f"{line.size:,}".replace(",", " "),
            f"{line.ombud.p50:.2f} / {line.ombud.p95:.2f}",
            f"{line.floor.p50:.2f} / {line.floor.p95:.2f}",
            f"{line.by_clock:.2f} / {line.by_late_clock:.2f}",
            f"{line.ombud.cpu:.2f} / {line.floor.cpu:.2f}",
            f"{line.by_cpu:.2f}",
            f"{line.statements}{f' of {line.scene.statements}' if line.scene.statements else ''}",
            f"≤ {line.scene.goal}",
            verdict(line.is_met),
        ]
        for line in results.lines()
    ]


def goals(results: Results) -> list[list[str]]:
    return [
        [
            goal.label,
            f"{goal.found:.2f}",
            f"{'≥' if goal.at_least else '≤'} {goal.bound}",
            verdict(goal.is_met),
        ]
        for goal in results.goals()
    ]


def asides(results: Results) -> list[str]:
    told = []
    if results.rates:
        rates = ", ".join(f"{name} {rate:.0f}" for name, rate in results.rates.items())
        told.append(f"Requests a second, 8 clients: {rates}.")
    if results.memory:
        sizes = (f"{name} {p:.0f} (resident {r:.0f})" for name, (p, r) in results.memory.items())
        told.append(f"Proportional MB of two web processes, push and worker: {', '.join(sizes)}.")
    for kind, ways in results.sights.items():
        said = ", ".join(f"{way} {took:.2f}" for way, took in ways.items())
        told.append(f"CPU milliseconds of sight, {kind}: {said}.")
    return [*told, *(results.flood.told() if results.flood else [])]


def verdict(met: bool) -> str:
    return "pass" if met else "miss"


def write(results: Results, arguments: str) -> None:
    """docs/performance.md and its plot, from the words in performance.txt."""
    PLOT.write_text(plot.drawn(results))
    command = f"make bench{f'  # {arguments}' if arguments else ''}"
    said = {
        "command": command,
        "machine": machine(),
        "table": as_markdown([[*HEADINGS[:-1], "Verdict"], *rows(results)]),
        "goals": as_markdown([["What", "Found", "Goal", "Verdict"], *goals(results)]),
        "asides": " ".join(asides(results)),
    }
    PAGE.write_text(TEXT.read_text().format(**said))


def as_markdown(lines: list[list[str]]) -> str:
    head, *rest = lines
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, marks, *rest])


def machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text().partition("model name")[2].split("\n")[0].strip("\t: ")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    return f"{os.cpu_count()} × {cpu or os.uname().machine}, {memory:.0f} GB"
