"""Processes that belong together: begun again when one dies, and gone when asked to go."""

import os
import signal
import socket
import sys
import threading
import time

import pytest

from ombud.config import env
from ombud.config.household import Child, free_port, household

pytestmark = pytest.mark.slow
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def after(seconds, deed):
    timer = threading.Timer(seconds, deed)
    timer.start()
    return timer


def test_a_child_that_dies_is_begun_again_and_all_end_together():
    with household(lambda words: None) as home:
        child = home.add(Child("sleeper", SLEEP, dict(os.environ)))
        first = child.process.pid
        os.kill(first, signal.SIGKILL)
        after(1.5, lambda: os.kill(os.getpid(), signal.SIGTERM))
        home.watch()
    assert child.process.pid != first
    assert not child.is_alive()


def test_a_child_that_cannot_live_ends_the_household():
    with pytest.raises(env.Unfit, match="5 times"), household(lambda words: None) as home:
        home.add(Child("mayfly", [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ)))
        home.watch()


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert free_port(port) > port


def test_children_do_not_outlive_a_killed_parent(tmp_path):
    told = tmp_path / "pid"
    parent = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from ombud.config.household import Child\n"
        f"child = Child('sleeper', {SLEEP!r}, dict(os.environ))\n"
        "child.begin()\n"
        f"Path({str(told)!r}).write_text(str(child.process.pid))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = Child("parent", [sys.executable, "-c", parent], dict(os.environ))
    killed.begin()
    killed.process.wait()
    until = time.monotonic() + 5
    while is_running(int(told.read_text())) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(int(told.read_text()))


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")")[1].split()[0] != "Z"
    except OSError:
        return False
