"""The whole of Ombud on one machine: database, the world outside, a demo world, and servers."""

import fcntl
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ombud.config import schema, servers, static
from ombud.config.env import Env, Unfit, own_folder
from ombud.config.household import Child, Household, first_line, free_port, hold, run

Say = Callable[[str], None]
PYTHON = [sys.executable, "-m"]
SUPPORT = {  # a number that belongs to nobody
    "OMBUD_SUPPORT_NAME": "Nordvård Tjänster (demo)",
    "OMBUD_SUPPORT_PHONE": "08-465 004 10",
    "OMBUD_SUPPORT_EMAIL": "kundservice@nordvard.example",
}
# What a demo leaves in the data folder, beside its database.
MADE = ("files", "sandbox", "static", "templates")


@dataclass
class Addresses:
    web: int
    push: int
    sandbox: int
    sandbox_url: str = ""
    held: tuple[socket.socket, ...] = ()

    @classmethod
    def free(cls) -> "Addresses":
        web = free_port(8000)
        push = free_port(8001, [web])
        held = hold(web), hold(push)
        return cls(web, push, free_port(8002, [web, push]), held=held)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.web}"

    def as_json(self) -> dict[str, str]:
        api = f"{self.url}/api/v1"
        return {"url": self.url, "api_url": api, "sandbox_url": self.sandbox_url}

    def as_environment(self) -> dict[str, str]:
        return {"OMBUD_WEB_URL": self.url, "OMBUD_PUSH_URL": f"http://localhost:{self.push}"}


class Demo:
    """One demo; its environment grows as the sandbox hands over its own."""

    def __init__(self, here: Env, home: Household, say: Say):
        self.here, self.home, self.say = here, home, say
        self.at = Addresses.free()
        self.environment = SUPPORT | os.environ | self.at.as_environment() | {"OMBUD_ENV": "demo"}

    def start(self) -> None:
        """Everything up, each after what it needs."""
        self.say("Starting the world outside (BankID, SMS, mail) ...")
        sandbox = self.home.add(self._sandbox())
        self._migrate()
        static.collect(self.here.folder / "static", self.environment)
        self.home.await_ready(sandbox)
        self._build()
        self.say("Starting web, push and worker ...")
        web = self.home.add(servers.web(self.here, self.environment, self.at.web))
        push = self.home.add(servers.push(self.environment, self.at.push))
        self.home.add(servers.worker(self.environment))
        self.home.await_ready(web, push)

    def play(self) -> int:
        """Play the stories against what runs; 0 when every step held."""
        return run("The play", [*PYTHON, "demo", "--play"], self.environment, stdout=sys.stdout)

    def introduce(self) -> None:
        """Who is who, and where to begin, on the screen."""
        command = [*PYTHON, "ombud", "personas"]
        run("The personas", command, self.environment, stdout=sys.stdout)

    def _migrate(self) -> None:
        if not schema.is_current(self.environment["DATABASE_URL"]):
            self.say("Bringing the database to the newest schema ...")
            self._run("Migrating", "ombud", "migrate", "--quiet")

    def _build(self) -> None:
        building = _building(self.here.folder)
        if _has_people(self.environment["DATABASE_URL"]):
            return
        self.say("Building the demo world (once) ...")
        building.touch()
        self._run("Building the demo world", "demo")
        building.unlink()

    def _run(self, name: str, *arguments: str) -> None:
        if code := run(name, [*PYTHON, *arguments], self.environment):
            raise Unfit([f"{name} failed ({code}); its words stand above."])

    def _sandbox(self) -> Child:
        folder = own_folder(self.here.folder / "sandbox", 0o700)
        return servers.sandbox(self.environment, folder, self.at.sandbox, self._meet)

    def _meet(self, sandbox: Child) -> None:
        """Take over what the sandbox hands out when it is ready: addresses and certificates."""
        while not (line := first_line(sandbox)):  # the one before may still be ending
            sandbox.died()
            time.sleep(1)
            sandbox.begin()
        told = json.loads(line)
        self.at.sandbox_url = told["sandbox_url"]
        handed = told["environment"] | {"OMBUD_SANDBOX_URL": told["sandbox_url"]}
        is_news = not handed.items() <= self.environment.items()
        self.environment |= handed
        if is_news:  # begun again with other addresses: whoever knows the old ones begins again
            for child in self.home.children:
                child.environment |= handed
                if child is not sandbox:
                    child.ask_to_end()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One demo at a time in a data folder; one that is just ending is waited for."""
    own_folder(folder)
    with open(folder / "demo.lock", "w") as lock:
        until = time.monotonic() + 5
        while not _took(lock):
            if time.monotonic() > until:
                raise Unfit(
                    [f"A demo already runs with the data of {folder}; end it, or set OMBUD_DATA."]
                )
            time.sleep(0.1)
        yield


def is_half_built(folder: Path) -> bool:
    return _building(folder).exists()


def forget(folder: Path) -> None:
    """Remove what demos have left beside the database."""
    for name in MADE:
        shutil.rmtree(folder / name, ignore_errors=True)
    _building(folder).unlink(missing_ok=True)


def _building(folder: Path) -> Path:
    return folder / "demo.building"


def _took(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _has_people(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM people_person LIMIT 1").fetchone() is not None
