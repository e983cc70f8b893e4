"""python -m sandbox: start the world outside, say where it is, stay until told to go."""

import argparse
import asyncio
import errno
import fcntl
import functools
import json
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from sandbox import web, world
from sandbox.control import Control
from sandbox.page.pages import Pages
from sandbox.people import NotAPerson
from sandbox.world import World

PORTS_TRIED = 200


def main() -> None:
    asked = arguments()
    folder = asked.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        claim(lock.fileno(), folder)
        here = World(folder)
        try:
            if asked.people:
                here.declare(asked.people)
        except (OSError, ValueError, NotAPerson) as wrong:
            sys.exit(f"{asked.people}: {wrong}")
        asyncio.run(run(here, asked.host, asked.port))
        here.store.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--port", type=int, default=8002, help="of the page; the next free one")
    parser.add_argument("--people", type=Path, help="a JSON list of people whose phones to show")
    parser.add_argument("--host", default="127.0.0.1")
    return parser.parse_args()


def claim(descriptor: int, folder: Path) -> None:
    """Two sandboxes in one folder would tear each other's memory apart."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"Another sandbox already lives in {folder}.")


async def run(here: World, host: str, port: int) -> None:
    doors = web.Doors()
    Control(here, doors)
    Pages(here, doors)
    page = web.Listener(functools.partial(world.answer, doors))
    bankid, sms, agiloft = map(web.Listener, (here.bankid, here.sms, here.agiloft))
    kept = here.store.setting("ports", {})
    ports = {
        "page": await next_free(page, host, port),
        "bankid": await again(bankid, host, kept.get("bankid", 0), here.tls()),
        "sms": await again(sms, host, kept.get("sms", 0)),
        "agiloft": await again(agiloft, host, kept.get("agiloft", 0)),
        "smtp": await again_if_free(here.mail.open, host, kept.get("smtp", 0)),
    }
    here.store.set("ports", ports)
    running = [
        asyncio.create_task(here.sms.reports.run()),
        asyncio.create_task(here.agiloft.hooks.run()),
    ]
    told = {
        "sandbox_url": f"http://{reachable(host)}:{ports['page']}",
        "environment": here.environment(reachable(host), ports),
    }
    print(json.dumps(told), flush=True)
    await until_told()
    for task in running:
        task.cancel()
    here.mail.close()
    await asyncio.gather(*(door.close() for door in (page, bankid, sms, agiloft)))


async def until_told() -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


async def next_free(page: web.Listener, host: str, port: int) -> int:
    for number in range(port, port + PORTS_TRIED):
        try:
            return await page.open(host, number)
        except OSError as taken:
            if taken.errno != errno.EADDRINUSE or port == 0:
                raise
    sys.exit(f"No free port from {port} on.")


async def again(door: web.Listener, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
    return await again_if_free(functools.partial(door.open, tls=tls), host, port)


async def again_if_free(open: Callable[[str, int], Awaitable[int]], host: str, port: int) -> int:
    """The port of the last start, when it is still free."""
    try:
        return await open(host, port)
    except OSError:
        return await open(host, 0)


def reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host


if __name__ == "__main__":
    main()
