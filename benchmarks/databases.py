"""The databases that are measured: filled once a size and schema, copied for each run."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from ombud.config import database, env, schema

HERE = Path(__file__).parent
FOLDER = env.Env().folder / "bench"
CLUSTER = database.cluster_of(FOLDER)
FILLING = ("world.py", "cases.sql", "floor/seed.sql")

Say = Callable[[str], None]


def for_a_run(size: int, say: Say, kind: str = "run") -> str:
    """A fresh copy of the filled database of this size; its name."""
    template, name = _template(size, say), f"{kind}_{size}"
    with connect("postgres") as connection:
        _drop(connection, name)
        _make(connection, name, template)
    return name


def settle(name: str) -> None:
    """After much has come in."""
    with connect(name) as connection:
        connection.execute("VACUUM ANALYZE")


def drop(name: str) -> None:
    with connect("postgres") as connection:
        _drop(connection, name)


def connect(name: str) -> psycopg.Connection:
    return psycopg.connect(CLUSTER.url(database.SUPERUSER, name), autocommit=True)


def environment(name: str) -> dict[str, str]:
    """What makes a process of Ombud's use this database."""
    return {
        "OMBUD_ENV": "development",
        "OMBUD_LOG_LEVEL": "WARNING",
        "DATABASE_URL": CLUSTER.url(database.APP, name),
        "OMBUD_OWNER_URL": CLUSTER.url(database.OWNER, name),
    }


def _template(size: int, say: Say) -> str:
    name, raw, began = f"filled_{size}_{_digest()}", f"raw_{size}", time.monotonic()
    with connect("postgres") as connection:
        if _exists(connection, name):
            return name
        say(f"Filling a database with {size} cases (once) ...")
        _drop_old_ones(connection, size)
        _drop(connection, raw)
        _make(connection, raw, "template0")
        _fill(raw, size)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(raw), sql.Identifier(name)))
        say(f"  {time.monotonic() - began:.0f} s")
    return name


def _fill(name: str, size: int) -> None:
    """The schema as Ombud migrates it, people as Ombud makes them, cases by SQL."""
    for module, *arguments in (["ombud", "migrate", "--quiet"], ["benchmarks.world"]):
        command = [sys.executable, "-m", module, *arguments]
        subprocess.run(command, env=os.environ | environment(name), cwd=env.HERE, check=True)
    _execute(name, "cases.sql", size)
    _execute(name, "floor/seed.sql", size)


def _execute(name: str, file: str, size: int) -> None:
    with connect(name) as connection:
        connection.execute("SELECT set_config('bench.n', %s, false)", [str(size)])
        connection.execute((HERE / file).read_text())
        connection.execute("VACUUM ANALYZE")


def _digest() -> str:
    filling = hashlib.sha256(schema.newest().encode())
    for file in FILLING:
        filling.update((HERE / file).read_bytes())
    return filling.hexdigest()[:12]


def _drop_old_ones(connection: psycopg.Connection, size: int) -> None:
    names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
    for name in names:
        if name.startswith(f"filled_{size}_"):
            _drop(connection, name)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _drop(connection: psycopg.Connection, name: str) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    connection.execute(drop.format(sql.Identifier(name)))


def _make(connection: psycopg.Connection, name: str, parent: str) -> None:
    make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
    owner = sql.Identifier(database.OWNER)
    connection.execute(make.format(sql.Identifier(name), owner, sql.Identifier(parent)))
