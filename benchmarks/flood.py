"""A flood: how many requests are started a second, and how fast due reminders are worked off by so
many workers, letters carried to the sandbox, beside the bare queue with jobs that do nothing."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks import clients, databases, processes
from ombud.config import env, servers
from ombud.config.household import Household, first_line, household

WORKERS = (1, 2)
NOTHING = "bench.nothing"
MOBILE = "+46701740691"
START = "/api/v1/inquiries"

# Both must hold of a reminder that is worked off: it is recorded, and its message handed over.
DONE = """SELECT least(
  (SELECT count(*) FROM inquiries_sms WHERE nth = 1),
  (SELECT count(*) FROM post_letter l JOIN inquiries_sms s ON s.letter_id = l.id
    WHERE s.nth = 1 AND l.state NOT IN ('queued', 'sending')))"""
LEFT = f"SELECT -count(*) FROM procrastinate_jobs WHERE task_name = '{NOTHING}'"
BARE = f"""INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'default', '{NOTHING}', '{{}}' FROM generate_series(1, %s)"""


@dataclass
class Flood:
    """Rates a second; those of the workers by how many there were."""

    due: int
    started: float = 0.0
    queued: float = 0.0
    reminded: dict[int, float] = field(default_factory=dict)
    bare: dict[int, float] = field(default_factory=dict)

    def told(self) -> list[str]:
        """In words, a line each."""
        found = [
            f"Information requests started a second, 8 clients: {self.started:.0f}.",
            f"Of {self.due} due reminders, queued a second: {self.queued:.0f}.",
        ]
        for count, rate in self.reminded.items():
            bare = self.bare[count]
            workers = f"{count} worker{'s' if count > 1 else ''}"
            share = f"{rate / bare:.3f} of the bare queue's {bare:.0f}"
            found.append(f"Worked off a second, with {workers}: {rate:.1f}, {share}.")
        return found


def measured(name: str, due: int, seconds: float, say: Callable[[str], None]) -> Flood:
    """In a database of its own, which is changed."""
    found, environment = Flood(due), os.environ | databases.environment(name)
    say(f"Making {due} requests whose reminder is due ...")
    token = json.loads(inside(environment, str(due)))["token"]
    databases.settle(name)
    say("Starting requests ...")
    found.started = started(environment, token, seconds, say)
    say("Taking what is due ...")
    began = time.monotonic()
    taken = int(inside(environment, "take"))
    found.queued = taken / (time.monotonic() - began)
    for count in WORKERS:
        say(f"Reminding with {count} of the workers ...")
        with outside(environment, say) as (home, known):
            work = [servers.worker(known) for _ in range(count)]
            found.reminded[count] = worked(name, home, work, DONE, seconds)
    for count in WORKERS:
        say(f"Jobs that do nothing, {count} of the workers ...")
        with databases.connect(name) as connection:
            connection.execute("DELETE FROM procrastinate_jobs")
            connection.execute(BARE, [due])
        with household(say) as home:
            work = [processes.idle(environment) for _ in range(count)]
            found.bare[count] = worked(name, home, work, LEFT, seconds)
    return found


def inside(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.requests", *arguments]
    told = subprocess.run(
        command, env=environment, cwd=env.HERE, check=True, stdout=subprocess.PIPE
    )
    return told.stdout.decode()


@contextmanager
def outside(
    environment: dict[str, str], say: Callable[[str], None]
) -> Iterator[tuple[Household, dict[str, str]]]:
    """The sandbox, which takes the messages, and what it hands out."""
    folder = env.own_folder(databases.FOLDER / "sandbox", 0o700)
    with household(say) as home:
        (port,) = processes.ports(1)
        child = home.add(servers.sandbox(environment, folder, port, lambda _child: None))
        yield home, environment | json.loads(first_line(child))["environment"]


def started(
    environment: dict[str, str], token: str, seconds: float, say: Callable[[str], None]
) -> float:
    headers = {"Authorization": f"Bearer {token}", "Prefer": "return=minimal"}
    headers["Content-Type"] = "application/json"
    number = itertools.count(20_000)

    def asking() -> bytes:
        """Each about a case of its own."""
        body = {"mobile": MOBILE, "name": "Anna Ek", "reference": str(next(number))}
        return clients.request("POST", START, headers, json.dumps(body).encode())

    with household(say) as home:
        (port,) = processes.ports(1)
        side = processes.start(home, "ombud", 0, environment, port)
        processes.until_listens(side)
        return clients.together(port, 8, seconds, asking)


def worked(name: str, home: Household, work: list, count: str, seconds: float) -> float:
    """Jobs done a second, from when the first are done."""
    with databases.connect(name) as connection:

        def done() -> int:
            row = connection.execute(count).fetchone()
            return row[0] if row else 0

        before = done()
        for child in work:
            home.add(child)
        until = time.monotonic() + 60
        while done() < before + 10 and time.monotonic() < until:
            time.sleep(0.1)
        first, began = done(), time.monotonic()
        time.sleep(seconds)
        return (done() - first) / (time.monotonic() - began)
