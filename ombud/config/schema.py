"""Bringing a database to the newest schema as its owner, which the app need not be."""

import os
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command

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
        django.setup()
        call_command("migrate", verbosity=verbosity, interactive=False)
        call_command("createcachetable", "cache", verbosity=verbosity)
        database.grant_to_app(owner_url, app)
