"""The app reads and writes; only the owner makes, and only tests empty."""

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
