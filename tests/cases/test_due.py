"""What falls due is queued once, portion by portion, behind what somebody waits for."""

from datetime import timedelta
from unittest import mock

from procrastinate.contrib.django.models import ProcrastinateJob

from ombud.cases import tasks
from ombud.cases.models import Due
from ombud.lib import clock
from ombud.lib.jobs import BEHIND
from tests.cast import CastTest

DEED = "inquiries.go_on"


class DueTest(CastTest):
    def setUp(self):
        super().setUp()
        self.case = self.a_draft().case

    def falls_due(self, count, hours=-1):
        at = clock.now() + timedelta(hours=hours)
        Due.objects.bulk_create([Due(case=self.case, deed=DEED, due_at=at) for _ in range(count)])

    def queued(self):
        return ProcrastinateJob.objects.filter(task_name=DEED)

    def test_what_is_due_is_queued_once_and_what_is_not_waits(self):
        self.falls_due(2)
        self.falls_due(1, hours=1)
        self.assertEqual(tasks.take_due(), 2)
        self.assertEqual(tasks.take_due(), 0)
        told = [(job.args, job.priority) for job in self.queued()]
        self.assertEqual(told, [({"number": self.case.number}, BEHIND)] * 2)
        self.assertEqual(Due.objects.filter(taken_at=None).count(), 1)

    def test_many_are_taken_portion_by_portion_and_the_rest_next_minute(self):
        self.falls_due(7)
        with mock.patch.multiple(tasks, PORTION=2, PORTIONS=3):
            self.assertEqual(tasks.take_due(), 6)
            self.assertEqual(tasks.take_due(), 1)
        self.assertEqual(self.queued().count(), 7)

    def test_a_portion_takes_few_statements(self):
        self.falls_due(50)
        with self.assertNumQueries(5):  # with the savepoint's two
            tasks.take_due()
