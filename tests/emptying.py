"""Two bases for tests: one that rolls back, and one with real transactions that empties after."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from django.test import TestCase, TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
FILLED = """SELECT format('DELETE FROM %%I', tablename) FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> ALL(%s)"""


class HouseTestCase(TestCase):
    """Each test in a transaction that is rolled back."""


class RealTestCase(TransactionTestCase):
    """Each test with real commits; afterwards the owner empties every table."""

    def _fixture_teardown(self):
        empty()


@contextmanager
def behind_the_triggers() -> Iterator[psycopg.Connection]:
    """The owner's own connection with triggers asleep: only committed rows are seen by it."""
    with psycopg.connect(owner_dsn(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '20s'")
        yield connection


def empty() -> None:
    """Delete every row; far quicker than TRUNCATE where tables hold a handful."""
    with behind_the_triggers() as connection, connection.transaction():
        statements = [row[0] for row in connection.execute(FILLED, [list(KEPT)])]
        connection.execute(";".join(statements))


def owner_dsn() -> str:
    place = connections["owner"].settings_dict
    return psycopg.conninfo.make_conninfo(
        host=place["HOST"],
        port=place["PORT"] or None,
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=place["NAME"],
    )
