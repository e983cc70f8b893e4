"""The databases of the tests: one cluster, a migrated template, a copy for each worker."""

import os
import re
import subprocess
import sys
import time

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from ombud.config import database, env, schema

CLUSTER = database.cluster_of(env.Env().folder, tests=True)


def worker() -> int:
    """Which of several test processes this is: each has a web port of its own, where no demo and
    no other test stands."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def environment(name: str = "nowhere") -> dict[str, str]:
    return {
        "OMBUD_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "ombud.config.settings",
        "OMBUD_WEB_URL": f"http://localhost:{18090 + worker()}",
        "DATABASE_URL": CLUSTER.url(database.APP, name),
        "OMBUD_OWNER_URL": CLUSTER.url(database.OWNER, name),
    }


def template() -> str:
    """The database that copies are made of, made anew when any migration changes."""
    name = f"template_{schema.newest()}"
    with _owner() as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        if not _exists(connection, name):
            _drop_old_ones(connection)
            _make_template(connection, name)
    return name


def copy(worker: str) -> str:
    """A database for one worker of one run, and both connections pointed at it."""
    name = make(worker)
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    os.environ.update(environment(name))  # for the processes that tests start
    settings.DATABASE_URL = settings.DATABASE_DIRECT_URL = os.environ["DATABASE_URL"]
    return name


def make(worker: str) -> str:
    """A migrated database of one run, with nobody in it."""
    name = f"test_{os.environ['OMBUD_TEST_RUN']}_{worker}"
    parent = template()
    with _owner() as connection:
        _drop(connection, name)
        _make(connection, name, parent)
    return name


def drop(name: str) -> None:
    for alias in connections:
        connections[alias].close()
    forget(name)


def forget(name: str) -> None:
    with _owner() as connection:
        _drop(connection, name)


def _make_template(connection: psycopg.Connection, name: str) -> None:
    began = time.monotonic()
    raw = f"{name}_raw"
    _drop(connection, raw)
    _make(connection, raw, "template1")
    command = [sys.executable, "-m", "ombud", "migrate"]
    done = subprocess.run(
        command,
        env=os.environ | environment(raw),
        cwd=env.HERE,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"The test database could not be migrated:\n{done.stderr[-8000:]}")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(raw), sql.Identifier(name)))
    sys.stderr.write(f"Migrated a test database in {time.monotonic() - began:.1f} s\n")


def _drop_old_ones(connection: psycopg.Connection) -> None:
    """Templates of earlier schemas, and what runs that were killed left behind."""
    names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
    for name in names:
        run = re.match(r"test_(\d+)_", name)
        if name.startswith("template_") or (run and not os.path.exists(f"/proc/{run[1]}")):
            _drop(connection, name)


def _owner() -> psycopg.Connection:
    return psycopg.connect(CLUSTER.url(database.OWNER, "postgres"), autocommit=True)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


ENDED = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND usename = ANY(%s) AND pid <> pg_backend_pid()"""


def _drop(connection: psycopg.Connection, name: str, patience: int = 60) -> None:
    """Our own connections are ended; a process of the server's that cleans up in it is not ours to
    end (as FORCE would), but makes way for a plain DROP."""
    connection.execute(ENDED, [name, [database.APP, database.OWNER]])
    try:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        if not patience:
            raise
        time.sleep(0.5)
        _drop(connection, name, patience - 1)


def _make(connection: psycopg.Connection, name: str, parent: str) -> None:
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(make.format(sql.Identifier(name), sql.Identifier(parent)))
