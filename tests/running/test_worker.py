"""The worker hears of a job at once, and ends in peace when asked to."""

import os
import sys
import time

import pytest
from django.db import connection

from ombud.config.household import Child
from ombud.lib import jobs
from tests.emptying import RealTestCase

NAME = "jobs.rescue"
COMMAND = [sys.executable, "-m", "ombud", "worker"]


@pytest.mark.slow
class WorkerTest(RealTestCase):
    def test_it_works_until_asked_to_end(self):
        worker = Child("worker", COMMAND, dict(os.environ))
        worker.begin()
        self.addCleanup(lambda: worker.end(time.monotonic() + 10))
        jobs.queue("jobs.rescue")
        self.until_done()
        worker.ask_to_end()
        self.assertEqual(worker.process.wait(20), 0)

    def until_done(self):
        until = time.monotonic() + 30
        while self.waiting() and time.monotonic() < until:
            time.sleep(0.05)
        self.assertFalse(self.waiting())

    def waiting(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [NAME])
            return cursor.fetchone()[0]
