"""What sight costs one reader, as JSON: milliseconds of CPU for each way of seeing a case.

Run with the environment of the measured database: `python -m benchmarks.sights`. It measures what
follows from the reader's keys alone: neither the page around a list nor the login before it.
"""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from benchmarks import wide
from ombud.cases import lists
from ombud.desk import waiting
from ombud.lib import rows
from ombud.orders import finding
from ombud.people import hats
from ombud.people.actors import Actor

WARM, ROUNDS, TIMES = 2, 16, 6
STATES = ["order.active"]


def told() -> dict[str, float]:
    person = wide.reader()
    worn = next(hat for hat in hats.of(person) if hat.organisation.kinds == ["agent"])

    def actor() -> Actor:
        """As at a request: nothing is remembered from the one before."""
        return Actor.dressed(person, worn.organisation, worn.wardrobe)

    number = lists.of(actor(), states=STATES).rows[0].number
    ways: dict[str, Callable[[], object]] = {
        "list": lambda: lists.of(actor(), states=STATES),
        "search": lambda: lists.of(actor(), words="service"),
        "approvals": lambda: waiting.of(actor(), waiting.Asked()),
        "open": lambda: finding.of(actor(), number),
    }
    return {name: taken(way) for name, way in ways.items()}


def taken(way: Callable[[], object]) -> float:
    """The lower quartile of several rounds, this process and its connection together: what a busy
    machine adds is left out."""
    times = []
    for _round in range(WARM + ROUNDS):
        began = used()
        for _time in range(TIMES):
            way()
        times.append((used() - began) / TIMES)
    return sorted(times[WARM:])[ROUNDS // 4]


def used() -> float:
    """Milliseconds that this process and its database connection have run."""
    ran = int(Path(f"/proc/{backend()}/schedstat").read_text().split()[0])
    return (time.process_time_ns() + ran) / 1e6


@cache
def backend() -> int:
    return rows.asked("SELECT pg_backend_pid()", [])[0][0]


if __name__ == "__main__":
    print(json.dumps(told()))
