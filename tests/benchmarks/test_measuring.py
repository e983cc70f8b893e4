"""The benchmark's own arithmetic, its client, and its world."""

import socket
import threading
from collections import Counter
from unittest import mock

from django.db import connection
from django.test import SimpleTestCase

from benchmarks import clients, plot, report, world
from benchmarks.flood import Flood
from benchmarks.floor import rows
from benchmarks.measure import Taken
from benchmarks.results import Results
from benchmarks.scenes import ORDER as ORDERED
from ombud.orders import actions
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Person
from tests.emptying import HouseTestCase


def found(cpu: float, sizes=(10, 100)) -> Results:
    """Results in which Ombud takes so much of the processor, and the floor takes one."""
    taken = {}
    for size in sizes:
        taken[f"ombud_{size}"] = Taken([2.0, 3.0, 9.0], cpu)
        taken[f"floor_{size}"] = Taken([1.0, 2.0, 3.0], 1.0)
    return Results(list(sizes), {"list": 6}, {"list": taken})


class ResultsTest(SimpleTestCase):
    def test_where_clock_and_processor_disagree_the_processor_decides(self):
        good, bad = next(found(2.0).lines()), next(found(2.1).lines())
        self.assertEqual(good.by_clock, bad.by_clock)
        self.assertTrue(good.is_met)
        self.assertFalse(bad.is_met)

    def test_too_many_statements_miss_the_goal(self):
        results = found(1.0)
        results.statements["list"] = 7
        self.assertFalse(next(results.lines()).is_met)

    def test_growth_is_told_of_two_sizes_only(self):
        self.assertEqual([goal.label for goal in found(1.0).goals()], ["Growth 10 to 100: list"])
        self.assertEqual(list(found(1.0, (10,)).goals()), [])

    def test_the_table_and_the_plot_tell_every_line(self):
        results = found(3.0)
        self.assertEqual([row[-1] for row in report.rows(results)], ["miss", "miss"])
        self.assertEqual(plot.drawn(results).count("<line"), 2)


class FloodTest(SimpleTestCase):
    def test_each_number_of_workers_is_told_beside_the_bare_queue(self):
        found = Flood(500, 20.4, 900.0, {1: 30.0, 2: 55.0}, {1: 300.0, 2: 500.0})
        told = found.told()
        self.assertIn("started a second, 8 clients: 20.", told[0])
        self.assertIn("with 1 worker: 30.0, 0.100 of the bare queue's 300.", told[2])
        self.assertIn("with 2 workers: 55.0, 0.110 of the bare queue's 500.", told[3])


class ClientTest(SimpleTestCase):
    def answer(self, told: bytes) -> clients.Answer:
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=serve, args=(server, told), daemon=True).start()
            client = clients.Client(server.getsockname()[1])
            self.addCleanup(client.close)
            return client.ask(clients.request("GET", "/", {}))

    def test_a_body_of_known_length_is_read_whole(self):
        told = self.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        self.assertEqual((told.status, told.body), (200, b"hello"))

    def test_a_body_in_chunks_is_read_whole(self):
        told = (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
        )
        self.assertEqual(self.answer(told).body, b"hello")


def serve(server: socket.socket, told: bytes) -> None:
    with server.accept()[0] as one:
        one.recv(65536)
        one.sendall(told)
        one.recv(1)


ORDER = {**ORDERED, "offer": "service-1"}


class FloorTest(HouseTestCase):
    """The floor of a deed writes as many rows, table by table, as the deed itself."""

    def setUp(self):
        super().setUp()
        with mock.patch.multiple(world, CUSTOMERS=1, AGENTS=1):
            world.fill()
        self.orderer = Person.objects.get(username__startswith="orderer")
        self.customer = Organisation.objects.get(kinds=["customer"])
        agent = Organisation.objects.get(kinds=["agent"])
        self.typed = {**ORDER, "agent": agent.number}
        self.by = Actor(self.orderer, self.customer, "api")

    def floor(self, write, *number) -> dict:
        with connection.cursor() as cursor:
            return write(cursor, *number, self.orderer.pk, self.customer.pk, self.typed)

    def test_creating(self):
        deed = inserted(lambda: actions.start_order(by=self.by, **self.typed))
        self.assertEqual(inserted(lambda: self.floor(rows.create)), deed)

    def test_sending(self):
        order = actions.start_order(by=self.by, **self.typed)
        number = self.floor(rows.create)["number"]
        floor = inserted(lambda: self.floor(rows.send, number))
        deed = inserted(lambda: actions.send(order, by=self.by, accept_terms=True))
        del floor["orders_careunit"]  # known by the second order
        self.assertEqual(floor, deed)

    def test_noting(self):
        order = actions.start_order(by=self.by, **self.typed)
        self.typed = {"text": "Wait."}
        deed = inserted(lambda: actions.note(order, by=self.by, text="Wait."))
        floor = inserted(lambda: self.floor(rows.note, order.case.number))
        self.assertEqual(floor, deed)


def inserted(do) -> dict[str, int]:
    """How many rows came into each table meanwhile."""
    before = counted()
    do()
    return dict(counted() - before)


def counted() -> Counter:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables")
        return Counter(dict(cursor.fetchall()))
