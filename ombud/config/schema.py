"""Bringing a database to the newest schema as its owner, which the app need not be."""

import contextlib
import hashlib
import os
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command
from psycopg import sql

from ombud.config import database, env

ONE_AT_A_TIME = 7_205_759  # any number, the same for all who migrate


def migrate(world: env.Env, *, verbosity: int = 1) -> None:
    """Run before Django is set up in this process: everything here is done as the owner."""
    owner_url = world.owner_url or world.database_url
    app = urlsplit(world.database_url).username or ""
    os.environ["DATABASE_URL"] = owner_url
    os.environ["DATABASE_DIRECT_URL"] = owner_url
    with psycopg.connect(owner_url, autocommit=True) as alone:
        alone.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        database.grant_to_app(owner_url, app)
        _say(alone, "")
        django.setup()
        call_command("migrate", verbosity=verbosity, interactive=False)
        call_command("createcachetable", "cache", verbosity=verbosity)
        database.grant_to_app(owner_url, app)
        _say(alone, newest())


def is_current(url: str) -> bool:
    """The database says that it was migrated with these migrations and these libraries."""
    with psycopg.connect(url) as connection:
        said = connection.execute("SELECT obj_description('public'::regnamespace)").fetchone()
    return said == (newest(),)


def newest() -> str:
    digest = hashlib.sha256()
    named = ("requirements.lock", "ombud/config/database.py", "ombud/config/schema.py")
    files = [*env.HERE.glob("ombud/**/migrations/*.py"), *(env.HERE / name for name in named)]
    for file in sorted(files):
        digest.update(str(file.relative_to(env.HERE)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _say(connection: psycopg.Connection, words: str) -> None:
    """Kept by the database itself, so that it cannot be about another one."""
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(words)))
