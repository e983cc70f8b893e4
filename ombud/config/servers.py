"""The processes that serve: web, push and worker, each as a command line."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ombud.config.env import Env
from ombud.config.household import Child, until_answers

HOST = "127.0.0.1"
GRANIAN = [sys.executable, "-m", "granian", "--http", "1", "--no-ws", "--log-level", "warning"]
# Each request has its line from us, which knows what in an address is a key.
GRANIAN += ["--no-access-log"]
GRANIAN += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]


def web(here: Env, environment: dict[str, str], port: int, host: str = HOST) -> Child:
    """Pages and API: few workers, each with one thread and one lasting connection."""
    command = [*GRANIAN, "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(here.web_workers), "--blocking-threads", str(here.web_threads)]
    command += ["ombud.config.wsgi:application"]
    return Child("web", command, environment, until_answers(f"http://{HOST}:{port}/readyz"))


def push(environment: dict[str, str], port: int, host: str = HOST) -> Child:
    command = [*GRANIAN, "--interface", "asgi", "--host", host, "--port", str(port)]
    command += ["ombud.config.asgi:application"]
    return Child("push", command, environment, until_answers(f"http://{HOST}:{port}/healthz"))


def sandbox(
    environment: dict[str, str], folder: Path, port: int, met: Callable[[Child], None]
) -> Child:
    """The world outside of a demo; its first line tells where it is (household.first_line)."""
    command = [sys.executable, "-m", "sandbox", "--data", str(folder), "--port", str(port)]
    return Child("sandbox", command, environment, met, stdout=subprocess.PIPE)


def worker(environment: dict[str, str]) -> Child:
    direct = environment.get("DATABASE_DIRECT_URL") or environment["DATABASE_URL"]
    command = [sys.executable, "-m", "ombud", "worker"]
    return Child("worker", command, environment | {"DATABASE_URL": direct})
