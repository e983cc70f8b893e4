"""The measured processes: how they are started, and what they have used of CPU and memory."""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import clients, databases
from ombud.config import env, servers
from ombud.config.env import Unfit
from ombud.config.household import Child, Household, free_port, until_answers

STILL = 1.0  # megabytes within which nothing is loaded any more
TICK = os.sysconf("SC_CLK_TCK")
EMPTY = "benchmarks.empty"
WORK = f"from {EMPTY} import work; work()"


@dataclass
class Side:
    """One server under measurement: Ombud or the floor, on a database of one size."""

    name: str
    size: int
    port: int
    child: Child

    @property
    def label(self) -> str:
        return f"{self.name}_{self.size}"

    def cpu(self) -> float:
        """Seconds that its processes have run, those of its database connections included."""
        return sum(seconds(pid) for pid in [*family(self.child), *backends(self.label)])


def start(home: Household, name: str, size: int, environment: dict[str, str], port: int) -> Side:
    """A web server of two workers, each with one lasting connection."""
    mine = environment | {
        "DATABASE_URL": f"{environment['DATABASE_URL']}&application_name={name}_{size}"
    }
    child = servers.web(env.Env(), mine, port)
    if name == "floor":
        command = [*child.command[:-1], "benchmarks.floor.app:application"]
        child = Child("floor", command, mine)
    return Side(name, size, port, home.add(child))


def family(child: Child) -> list[int]:
    """The process and its children."""
    pid = child.process.pid if child.process else 0
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, told)]


def backends(application: str) -> list[int]:
    with databases.connect("postgres") as connection:
        sql = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
        return [row[0] for row in connection.execute(sql, [application])]


def seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


# The same four processes with an empty app


def four(environment: dict[str, str], ports: list[int], *, empty: bool = False) -> list[Child]:
    """Two web workers, push and worker: of Ombud, or with nothing of our own in them."""
    web, push = servers.web(env.Env(), environment, ports[0]), servers.push(environment, ports[1])
    if not empty:
        return [web, push, servers.worker(environment)]
    answers = [until_answers(f"http://{servers.HOST}:{port}/") for port in ports]
    return [
        Child("web", [*web.command[:-1], f"{EMPTY}:application"], environment, answers[0]),
        Child("push", without_lifespan(push.command), environment, answers[1]),
        idle(environment),
    ]


def idle(environment: dict[str, str]) -> Child:
    """A worker of the bare queue."""
    return Child("worker", [sys.executable, "-c", WORK], environment)


def without_lifespan(command: Sequence[str]) -> list[str]:
    """Django's own ASGI application knows no lifespan."""
    plain = ["asginl" if word == "asgi" else word for word in command[:-1]]
    return [*plain, f"{EMPTY}:push"]


def memory(children: list[Child]) -> tuple[float, float]:
    """Proportional and resident megabytes of them all, once they have loaded what they load: a
    second worker begins while the first answers already."""
    before, until = (0.0, 0.0), time.monotonic() + 30
    while True:
        pids = [pid for child in children for pid in family(child)]
        rolled = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
        pss, rss = (sum(kept(text, name) for text in rolled) for name in ("Pss", "Rss"))
        if abs(rss - before[1]) < STILL or time.monotonic() > until:
            return pss, rss
        before = pss, rss
        time.sleep(2)


def kept(rolled: str, name: str) -> float:
    (line,) = (line for line in rolled.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def exercise(port: int, known: dict | None) -> None:
    """A few pages in each worker, as somebody reads them: what is loaded late is loaded now. Which
    worker takes a connection is chance; of so many, each takes some."""
    for _ in range(40):
        client = clients.Client(port)
        for path in ("/cases/", "/approvals/", f"/orders/{known['number']}/") if known else ("/",):
            headers = {"Cookie": f"sessionid={known['orderer']['session']}"} if known else {}
            client.ask(clients.request("GET", path, headers))
        client.close()


def until_listens(side: Side, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            clients.Client(side.port).close()
            return
        except OSError:
            if time.monotonic() > until or not side.child.is_alive():
                raise Unfit([f"{side.label} did not start; its words stand above."]) from None
            time.sleep(0.1)


def ports(count: int) -> list[int]:
    taken: list[int] = []
    for _ in range(count):
        taken.append(free_port(8300, taken))
    return taken
