"""Measuring: every side asked in turn in one run, so that whatever disturbs one disturbs all."""

import json
import statistics
import time
from dataclasses import dataclass, field

from benchmarks import clients
from benchmarks.processes import Side
from benchmarks.scenes import Ask, Scene

FULL = 10_000  # from here on every list fills its page


class Wrong(Exception):
    """A server answered something else than what is to be measured."""


@dataclass
class Taken:
    """What one side took for one scene: milliseconds, of the clock and of the processors."""

    times: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


class Visitor:
    """One client of one side; it knows which cases it has made."""

    def __init__(self, side: Side, known: dict):
        self.side, self.known = side, known
        self.client = clients.Client(side.port)
        self.made: list[str] = []

    def ask(self, scene: Scene) -> float:
        """Milliseconds of one request."""
        asking = self.asking(scene)
        began = time.perf_counter()
        answer = self.client.ask(asking)
        took = (time.perf_counter() - began) * 1000
        self.check(scene, answer)
        return took

    def asking(self, scene: Scene) -> bytes:
        ask = self.ask_of(scene, self.made.pop(0) if scene.uses else self.known["number"])
        return clients.request(ask.method, ask.path, ask.headers, ask.body)

    def ask_of(self, scene: Scene, number: str) -> Ask:
        made = scene.of_ombud if self.side.name == "ombud" else scene.of_floor
        return made(self.known, number)

    def check(self, scene: Scene, answer: clients.Answer) -> None:
        text, often = scene.shows
        often = often if self.side.size >= FULL else min(often, 1)
        if answer.status not in (200, 201) or answer.body.count(text) < often:
            raise Wrong(f"{self.side.label}, {scene.label}: {answer.status} {answer.body[:400]!r}")
        if scene.key == "create":
            self.made.append(json.loads(answer.body)["number"])


def scene(visitors: list[Visitor], which: Scene, rounds: int) -> dict[str, Taken]:
    """A B C D, B C D A, ...: so often each. By the side's label."""
    for visitor in visitors:
        for _ in range(1 if which.uses else 5):
            visitor.ask(which)
    taken = {visitor.side.label: Taken() for visitor in visitors}
    before = {visitor.side.label: visitor.side.cpu() for visitor in visitors}
    for number in range(rounds):
        place = number % len(visitors)
        for visitor in [*visitors[place:], *visitors[:place]]:
            taken[visitor.side.label].times.append(visitor.ask(which))
    for visitor in visitors:
        label = visitor.side.label
        taken[label].cpu = (visitor.side.cpu() - before[label]) * 1000 / rounds
    return taken


def throughput(visitors: list[Visitor], which: Scene, clients_: int, seconds: float) -> dict:
    """Requests per second of several clients at once, each side in turn, three times."""
    found: dict[str, list[float]] = {visitor.side.label: [] for visitor in visitors}
    for _ in range(3):
        for visitor in visitors:
            asking = visitor.asking(which)
            told = clients.together(
                visitor.side.port, clients_, seconds / 3, lambda asking=asking: asking
            )
            found[visitor.side.label].append(told)
    return {label: statistics.mean(rates) for label, rates in found.items()}
