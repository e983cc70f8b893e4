"""Processes that live and die together: started, watched, begun again, and ended as one."""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ombud.config.env import HERE, Unfit

GRACE = 20  # seconds that a child has to end on its own
BRITTLE = 5  # deaths within a minute that end the whole household
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG

libc = ctypes.CDLL(None)


class Leaving(BaseException):
    """Somebody asked the household to end."""


@dataclass
class Child:
    """One process and its own group; what it runs is asked for again at each beginning."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    ready: Callable[["Child"], None] = lambda child: None
    stdout: int | None = None  # by default it joins our stderr, since stdout is for answers
    process: subprocess.Popen | None = None
    deaths: list[float] = field(default_factory=list)

    def begin(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=HERE,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.stdout or sys.stderr,
            text=True,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process and self.is_alive():
            self.process.terminate()

    def end(self, until: float) -> None:
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # whatever it left behind, too
        self.process.wait()

    def died(self) -> None:
        """Count a death; too many in a minute mean that beginning again does not help."""
        now = time.monotonic()
        self.deaths = [at for at in self.deaths if at > now - 60] + [now]
        if len(self.deaths) >= BRITTLE:
            raise Unfit([f"{self.name} ended {BRITTLE} times within a minute; see its log above."])


class Household:
    def __init__(self, say: Callable[[str], None]):
        self.children: list[Child] = []
        self.say = say

    def add(self, child: Child) -> Child:
        """Start a child; `await_ready` sees to it that it can be used."""
        self.children.append(child)
        child.begin()
        return child

    def await_ready(self, *children: Child) -> None:
        for child in children:
            child.ready(child)

    def watch(self, also: Callable[[], None] = lambda: None) -> None:
        """Until somebody asks to end: begin again whatever dies; `also` looks after the rest."""
        while True:
            time.sleep(0.25)
            also()
            for child in self.children:
                if not child.is_alive():
                    self._begin_again(child)

    def _begin_again(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        self.say(f"{child.name} ended ({code}); starting it again.")
        child.died()
        child.end(time.monotonic())
        child.begin()
        child.ready(child)

    def end(self) -> None:
        for child in reversed(self.children):
            child.ask_to_end()
        until = time.monotonic() + GRACE
        for child in reversed(self.children):
            child.end(until)


@contextlib.contextmanager
def household(say: Callable[[str], None]) -> Iterator[Household]:
    """A household that ends, whole, at SIGTERM, at Ctrl-C and at any fault."""
    home = Household(say)
    before = {name: signal.signal(name, _leave) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield home
    except Leaving:
        pass
    finally:
        for name in before:
            signal.signal(name, signal.SIG_IGN)
        home.end()
        for name, handler in before.items():
            signal.signal(name, handler)


def run(name: str, command: Sequence[str], environment: dict[str, str], *, stdout=None) -> int:
    """Run one child to its end; it does not outlive us."""
    child = Child(name, command, environment, stdout=stdout)
    child.begin()
    try:
        return child.process.wait() if child.process else 1
    finally:
        child.ask_to_end()
        child.end(time.monotonic() + GRACE)


def until_answers(url: str, seconds: float = 60) -> Callable[[Child], None]:
    """Wait until a child's address answers 200; say so when it died instead."""

    def wait(child: Child) -> None:
        until = time.monotonic() + seconds
        while not _answers(url):
            if not child.is_alive():
                raise Unfit([f"{child.name} ended at its start; its words stand above."])
            if time.monotonic() > until:
                raise Unfit([f"{child.name} did not answer at {url} within {seconds:.0f} s."])
            time.sleep(0.05)

    return wait


def free_port(wanted: int, taken: Sequence[int] = ()) -> int:
    """The wanted port of this machine, or the next one that nobody holds."""
    for port in range(wanted, wanted + 200):
        if port not in taken and _is_free(port):
            return port
    raise Unfit([f"No port from {wanted} to {wanted + 199} is free."])


def hold(port: int) -> socket.socket:
    """Keep a port for a server of ours that comes later: it may bind beside us, others find it
    taken. Without this two households could share a port, each answering every other request."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind(("127.0.0.1", port))
    except OSError:  # connections of a household that has just gone may linger there for a minute
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    return held


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
        return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _leave(number, frame) -> None:
    raise Leaving


def _end_with_parent() -> None:
    if hasattr(libc, "prctl"):
        libc.prctl(END_WITH_PARENT, signal.SIGTERM)


def first_line(child: Child, seconds: float = 60) -> str:
    """The ready line of a child, empty if it ended; what it says later goes to stderr."""
    out = child.process.stdout if child.process else None
    if out is None or not select.select([out], [], [], seconds)[0]:
        raise Unfit([f"{child.name} was not ready within {seconds:.0f} s."])
    line = out.readline()
    threading.Thread(target=shutil.copyfileobj, args=(out, sys.stderr), daemon=True).start()
    return line
