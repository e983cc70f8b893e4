"""The app reads and writes; only the owner makes, and only tests empty."""

import time

import pytest
from django.db import DatabaseError, connection, transaction

from tests.emptying import HouseTestCase, RealTestCase


class RolesTest(HouseTestCase):
    def test_the_app_makes_nothing(self):
        for statement in ("CREATE TABLE mine (i int)", "DROP TABLE cache", "TRUNCATE cache"):
            with self.subTest(statement), pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(statement)


class EmptyingTest(RealTestCase):
    def test_rows_go_one(self):
        self.insert()

    def test_rows_go_two(self):
        self.insert()

    def insert(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cache")
            assert cursor.fetchone() == (0,)
            cursor.execute("INSERT INTO cache VALUES ('k', 'v', now())")


class HealthTest(RealTestCase):
    def test_a_connection_whose_server_has_gone_is_known_and_replaced(self):
        connection.ensure_connection()
        self.assertTrue(connection.is_usable())
        other = connection.copy("other")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        self.assertTrue(other.is_usable())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        until = time.monotonic() + 5
        while other.is_usable() and time.monotonic() < until:
            time.sleep(0.02)
        self.assertFalse(other.is_usable())
        other.close()
        with other.cursor() as cursor:
            cursor.execute("SELECT 1")
        other.close()

    def test_what_the_server_tells_meanwhile_does_not_end_it(self):
        with connection.cursor() as cursor:
            cursor.execute("LISTEN heard")
            cursor.execute("SELECT pg_notify('heard', '')")
        self.assertTrue(connection.is_usable())
        with connection.cursor() as cursor:
            cursor.execute("UNLISTEN heard")
