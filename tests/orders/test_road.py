"""The whole road of an order, from draft to active."""

from ombud.cases import lists, sight, timeline, turns
from ombud.cases.models import Case
from ombud.orders import actions
from ombud.people.models import Notice
from ombud.post.models import Letter
from tests.cast import CastTest


class RoadTest(CastTest):
    def waits_for(self, person):
        rows, _ = turns.of(self.actor(person))
        return [row.number for row in rows]

    def test_an_order_via_an_agent_goes_all_the_way(self):
        order = self.a_sent_order()
        number = order.case.number
        self.assertEqual(order.state, "agent_review")
        self.assertEqual(self.waits_for(self.ola), [number])
        self.assertEqual((self.waits_for(self.eva), self.waits_for(self.liv)), ([], []))
        self.assertEqual(
            self.does(
                self.ola,
                order,
                "approve",
                attestant="eva",
                certify=True,
                accept_terms=True,
                billing={"reference": "8123"},
            ).status,
            "complete",
        )
        self.assertEqual(self.again(order).state, "agent_attest")
        self.assertEqual((self.waits_for(self.ola), self.waits_for(self.eva)), ([], [number]))
        self.assertFalse(Notice.objects.filter(person=self.liv).exists())
        self.assertEqual(self.attests(self.eva, order).status, "complete")
        self.assertEqual(self.again(order).state, "customer_attest")
        self.assertTrue(Notice.objects.filter(person=self.liv, words="attest").exists())
        self.assertEqual(self.attests(self.liv, order).status, "complete")
        self.assertEqual(self.again(order).state, "case_open")
        opened = Case.objects.get(kind="servicecase")
        self.assertEqual(opened.servicecase.origin, order.case)
        self.assertTrue(Letter.objects.filter(subject__startswith="Ready to connect").exists())
        actions.start(self.again(order), by=self.actor(self.ola))
        actions.report_connected(self.again(order), by=self.actor(self.ola))
        self.assertEqual(self.again(order).state, "active")
        self.assertIsNone(timeline.verify_all())
        self.assertIsNone(sight.check_all())

    def test_a_direct_order_has_no_agent(self):
        order = self.a_sent_order("npo-direct")
        self.assertEqual(order.state, "customer_attest")
        self.attests(self.liv, order)
        self.assertEqual(self.again(order).state, "case_open")
        self.assertEqual(lists.of(self.actor(self.ola)).rows, [])

    def test_lists_show_each_case_once_the_latest_first(self):
        first, second = self.a_sent_order(), self.a_sent_order()
        page = lists.of(self.actor(self.ola))
        self.assertEqual([row.number for row in page.rows], [second.case.number, first.case.number])
        self.assertEqual(lists.of(self.actor(self.per)).rows, [])
        found = lists.of(self.actor(self.ola), words="ward")
        self.assertEqual(len(found.rows), 2)
        page = lists.of(self.actor(self.ola), limit=1)
        self.assertIsNotNone(page.next)
        rest = lists.of(self.actor(self.ola), limit=1, cursor=page.next)
        self.assertEqual([row.number for row in rest.rows], [first.case.number])
