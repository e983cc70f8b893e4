"""The whole of Ombud for journeys: web, push, worker and sandbox, with a small world."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.applicants import APPLYING
from demo.door import Visitor
from demo.outside import Outside
from demo.people import Someone, cast
from demo.places import BY_KEY, PLACES, Place
from ombud.config import demo
from ombud.config.env import Env
from ombud.config.household import free_port, household
from tests import databases


class House(demo.Demo):
    """A demo on its own ports, data folder and database; its environment is not ours."""

    def __init__(self, home, folder: Path, database: str, first_port: int):
        super().__init__(Env(data=folder), home, lambda words: None)
        web = free_port(first_port)
        push = free_port(web + 1)
        self.at = demo.Addresses(web, push, free_port(push + 1))
        self.environment |= databases.environment(database) | self.at.as_environment()
        self.environment |= {"OMBUD_ENV": "demo", "OMBUD_DATA": str(folder)}
        self.environment |= {"OMBUD_LOG_LEVEL": "WARNING", "OMBUD_WEB_WORKERS": "2"}

    def start(self) -> None:
        super().start()
        self.outside = Outside(self.at.sandbox_url)
        told = self.run("ombud", "personas", "--json").stdout
        self.rows = {
            (row["username"], row["organisation"]["number"]): row for row in json.loads(told)
        }

    def _build(self) -> None:
        self._run("The world of the journeys", "tests.journeys.world")

    def run(self, *module: str) -> subprocess.CompletedProcess:
        """A program of this house, to its end."""
        command = [sys.executable, "-m", *module]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)

    # People, by the names that the demo's script gives them

    def person(self, key: str) -> Someone:
        return cast()[key]

    def place(self, key: str) -> Place:
        """Where somebody is at home; or the place of that name."""
        if key in BY_KEY:
            return BY_KEY[key]
        return next(
            place for place in (*PLACES, *APPLYING) if any(seat.who == key for seat in place.seats)
        )

    def program(self, key: str, place: str = "") -> "Program":
        """Somebody at the programs' door, for what is not the point of a journey."""
        number = self.place(place or key).number
        return Program(self.rows[self.person(key).username, number], self.outside, self.at.url)


class Program(Visitor):
    def __init__(self, row: dict, outside: Outside, url: str):
        super().__init__(row, outside)
        self.http.base_url = url


@contextmanager
def house(folder: Path, worker: str) -> Iterator[House]:
    """One for each worker of the tests: ports and database tell them apart."""
    name = databases.make(f"{worker}_journeys")
    number = int("".join(filter(str.isdigit, worker)) or 0)
    try:
        with household(lambda words: None) as home:
            here = House(home, folder, name, 18100 + 50 * number)
            here.start()
            yield here
            proved = here.run("tests.journeys.proof")
    finally:
        databases.forget(name)
    if proved.returncode:
        raise AssertionError(proved.stdout + proved.stderr)
