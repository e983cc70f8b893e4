"""A web and a worker that are killed again and again while programs and letters are under way."""

import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import httpx
from django.db import connections

from ombud.config import servers
from ombud.config.env import Env
from ombud.config.household import Child, free_port
from ombud.post.models import Letter
from tests.outside import sandbox


def environment() -> dict[str, str]:
    """The processes stand on this test's own database and on the sandbox."""
    place = connections["default"].settings_dict
    url = f"postgresql://{place['USER']}:{place['PASSWORD']}@/{place['NAME']}?host={place['HOST']}"
    told = sandbox().environment
    return {
        **os.environ,
        **{name: str(value) for name, value in told.items() if name != "OMBUD_CLOCK"},
        "DATABASE_URL": url,
        "OMBUD_ENV": "test",
        "OMBUD_LOG_LEVEL": "ERROR",
    }


class Deed(NamedTuple):
    token: str
    path: str
    body: dict


@dataclass
class Tally:
    """What was killed, and how often something was under way just then."""

    web: int = 0
    worker: int = 0
    deeds_under_way: int = 0
    letters_under_way: int = 0
    retries: int = 0
    done: list[Deed] = field(default_factory=list)


class House:
    """The real web and worker, each in a process group of its own."""

    def __init__(self) -> None:
        port = free_port(18000)
        self.url = f"http://127.0.0.1:{port}"
        here = Env()
        self.web = servers.web(here, environment(), port)
        self.worker = servers.worker(environment())

    def __enter__(self) -> "House":
        for child in (self.web, self.worker):
            child.begin()
        self.web.ready(self.web)
        return self

    def __exit__(self, *error) -> None:
        for child in (self.web, self.worker):
            child.ask_to_end()
            child.end(time.monotonic() + 10)

    def kill(self, child: Child) -> None:
        """The whole group at once, with no warning; then it is begun anew."""
        assert child.process is not None
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        child.begin()
        if child is self.web:
            child.ready(child)


class Programs:
    """Programs that do deeds over the API and try again with the same key until they are done."""

    def __init__(self, house: House, deeds: Iterator[Deed], tally: Tally) -> None:
        self.house, self.tally = house, tally
        self.deeds, self.lock = deeds, threading.Lock()
        self.enough = False
        self.under_way = 0
        self.threads = [threading.Thread(target=self.work) for _ in range(6)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def work(self) -> None:
        with httpx.Client(base_url=self.house.url, timeout=15) as client:
            while deed := self.next():
                self.do(client, deed)

    def next(self) -> Deed | None:
        with self.lock:
            return None if self.enough else next(self.deeds, None)

    def finish(self) -> None:
        """What is under way is done to its end; nothing new is begun."""
        self.enough = True
        for thread in self.threads:
            thread.join()

    def do(self, client: httpx.Client, deed: Deed) -> None:
        key = str(uuid.uuid4())
        headers = {"Authorization": f"Bearer {deed.token}", "Idempotency-Key": key}
        for _ in range(200):
            if self.once(client, deed.path, deed.body, headers):
                self.tally.done.append(deed)
                return
            self.tally.retries += 1
            time.sleep(0.2)

    def once(self, client, path: str, body: dict, headers: dict) -> bool:
        """Whether it is done. A silent server and a twin that still runs are tried again."""
        with self.counted():
            try:
                answer = client.post(f"/api/v1/{path}", json=body, headers=headers)
            except httpx.HTTPError:
                return False
        if answer.status_code >= 500 or answer.status_code == 409:
            return False
        assert answer.status_code in (200, 201), answer.text
        return True

    def counted(self):
        return Counted(self)


class Counted:
    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def __enter__(self) -> None:
        with self.programs.lock:
            self.programs.under_way += 1

    def __exit__(self, *error) -> None:
        with self.programs.lock:
            self.programs.under_way -= 1


def kill_at_random(house: House, programs: Programs, tally: Tally, chance: random.Random) -> None:
    """One random moment, one victim."""
    time.sleep(chance.uniform(0.05, 0.7))
    if chance.random() < 0.6:
        tally.deeds_under_way += programs.under_way > 0
        tally.web += 1
        house.kill(house.web)
    else:
        under_way = Letter.objects.filter(state=Letter.State.SENDING).exists()
        tally.letters_under_way += under_way
        tally.worker += 1
        house.kill(house.worker)
