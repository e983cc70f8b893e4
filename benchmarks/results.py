"""What was found in one run, and whether it is within the goals."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.flood import Flood
from benchmarks.measure import Taken
from benchmarks.scenes import SCENES, Scene

GROWTH, MEMORY, RATE, WIDE = 1.2, 1.25, 0.5, 1.3
READS = ("list", "approvals", "open")


@dataclass(frozen=True)
class Goal:
    """One line of what was wanted: a measure beside its bound."""

    label: str
    found: float
    bound: float
    at_least: bool = False
    unit: str = ""

    @property
    def is_met(self) -> bool:
        found = round(self.found, 2)
        return found >= self.bound if self.at_least else found <= self.bound


@dataclass(frozen=True)
class Line:
    """One scene at one size: Ombud beside the floor."""

    scene: Scene
    size: int
    ombud: Taken
    floor: Taken
    statements: int

    @property
    def by_clock(self) -> float:
        return self.ombud.p50 / self.floor.p50

    @property
    def by_late_clock(self) -> float:
        return self.ombud.p95 / self.floor.p95

    @property
    def by_cpu(self) -> float:
        return self.ombud.cpu / self.floor.cpu if self.floor.cpu else self.by_clock

    @property
    def is_met(self) -> bool:
        """Where clock and processors disagree, the processors decide."""
        few = not self.scene.statements or self.statements <= self.scene.statements
        return few and round(self.by_cpu, 2) <= self.scene.goal


@dataclass
class Results:
    sizes: list[int]
    statements: dict[str, int]
    taken: dict[str, dict[str, Taken]] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    sights: dict[str, dict[str, float]] = field(default_factory=dict)
    flood: Flood | None = None

    def lines(self) -> Iterator[Line]:
        known = {scene.key: scene for scene in SCENES}
        for key, taken in self.taken.items():
            for size in self.sizes:
                pair = taken[f"ombud_{size}"], taken[f"floor_{size}"]
                yield Line(known[key], size, *pair, self.statements[key])

    def goals(self) -> Iterator[Goal]:
        least, most = min(self.sizes), max(self.sizes)
        if self.rates:
            rate = self.rates[f"ombud_{least}"] / self.rates[f"floor_{least}"]
            yield Goal("8 clients, requests a second of the floor's", rate, RATE, at_least=True)
        if most > least:
            for key in self.taken:
                yield Goal(
                    f"Growth {least} to {most}: {key}", self.growth(key, least, most), GROWTH
                )
        if self.memory:
            share = self.memory["ombud"][0] / self.memory["empty"][0]
            yield Goal("Memory of four processes, of empty ones", share, MEMORY)
        for way, simple in self.sights.get("simple", {}).items():
            yield Goal(f"Sight in a wide world: {way}", self.sights["wide"][way] / simple, WIDE)

    def growth(self, key: str, least: int, most: int) -> float:
        """By CPU, which alone tells a slower query from a busier machine."""
        taken = self.taken[key]
        return taken[f"ombud_{most}"].cpu / taken[f"ombud_{least}"].cpu

    @property
    def mean_ratio(self) -> float:
        return statistics.geometric_mean([line.by_cpu for line in self.lines()])
