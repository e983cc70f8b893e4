"""Dead ends are found before they hurt: what will stop, where, for want of whom."""

from datetime import timedelta

from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.orders import actions, dead_ends, guards, tasks
from ombud.orders.catalogue import Policy
from ombud.people.models import Grant, Membership, Notice, StandIn
from ombud.post.models import Letter
from tests.desk.doors import DoorTest


class DeadEndsTest(DoorTest):
    def ends(self):
        return [
            (end.order.case.number, end.step.state, end.organisation.name)
            for end in dead_ends.of(dead_ends.running())
        ]

    def end(self, person):
        Grant.objects.filter(person=person).end()

    def test_where_everybody_is_there_nothing_stops(self):
        self.a_sent_order()
        self.assertEqual(self.ends(), [])

    def test_a_step_to_come_in_any_organisation_is_found(self):
        number = self.a_sent_order().case.number
        self.end(self.liv)
        self.assertEqual(self.ends(), [(number, "customer_attest", "The customer")])
        self.end(self.eva)
        self.assertIn((number, "agent_attest", "The agent"), self.ends())

    def test_a_chosen_attestant_who_has_left_is_one_though_others_are_there(self):
        number = self.an_approved_order().case.number
        self.person("eve", self.agent, "attestant")
        self.end(self.eva)
        self.assertEqual(self.ends(), [(number, "agent_attest", "The agent")])

    def test_under_four_eyes_the_orderer_does_not_count(self):
        self.grant(self.kari, self.customer, "attestant")
        number = self.a_sent_order("npo-direct").case.number
        self.end(self.liv)
        self.assertEqual(self.ends(), [])
        Policy.objects.add(self.customer, "order", {"four_eyes": "forbid"})
        self.assertEqual(self.ends(), [(number, "customer_attest", "The customer")])

    def test_under_four_eyes_who_stands_in_counts_as_who_acts(self):
        number = self.a_sent_order("npo-direct").case.number
        Policy.objects.add(self.customer, "order", {"four_eyes": "forbid"})
        named = {"instead_of": self.liv, "organisation": self.customer}
        until = clock.now() + timedelta(days=60)
        row = StandIn.objects.create(person=self.kari, until_at=until, **named)
        self.assertEqual(self.ends(), [(number, "customer_attest", "The customer")])
        una = self.person("una", self.customer, "contact")
        StandIn.objects.filter(pk=row.pk).update(person=una)
        self.assertEqual(self.ends(), [])

    def test_under_four_eyes_nobody_is_the_only_one_for_two_steps(self):
        Policy.objects.add(self.agent, "order", {"four_eyes": "forbid"})
        self.grant(self.ola, self.agent, "attestant")
        self.end(self.eva)
        number = self.a_sent_order().case.number
        self.assertEqual(self.ends(), [(number, "agent_attest", "The agent")])
        self.grant(self.eva, self.agent, "agent_handler")
        self.assertEqual(self.ends(), [])

    def test_under_four_eyes_who_has_approved_a_step_takes_no_other(self):
        Policy.objects.add(self.customer, "order", {"four_eyes": "forbid"})
        self.an_order_at_its_last_attest()
        self.assertEqual(self.ends(), [])
        self.grant(self.ola, self.customer, "attestant")  # who has reviewed it for the agent
        Membership.objects.create(person=self.ola, organisation=self.customer)
        self.end(self.liv)
        self.assertEqual(len(self.ends()), 1)

    def test_who_can_sign_in_no_way_is_none(self):
        self.end(self.liv)
        lars = self.person("lars", self.customer, "attestant", personal_number="", phone="")
        reasons = guards.reasons(self.actor(self.kari))
        self.assertEqual([reason.code for reason in reasons], ["no_attestant"])
        lars.phone = "+46701740605"
        lars.save()
        self.assertEqual(guards.reasons(self.actor(self.kari)), [])
        self.a_sent_order("npo-direct")
        self.assertEqual(self.ends(), [])
        lars.phone = ""
        lars.save()
        self.assertEqual(len(self.ends()), 1)

    def test_a_stand_in_who_leaves_stops_what_waits_for_the_colleague(self):
        self.a_sent_order("npo-direct")
        una = self.person("una", self.customer, "contact")
        named = {"instead_of": self.liv, "organisation": self.customer}
        until = clock.now() + timedelta(days=60)
        StandIn.objects.create(person=una, until_at=until, **named)
        self.assertEqual(len(dead_ends.without_person(self.customer, una)), 1)

    def away(self, days=None):
        """The attestant is away, and the stand-in belongs to the house no more."""
        gone = self.person("gone", self.customer, "contact")
        Membership.objects.filter(person=gone).update(until_at=clock.now())
        until = clock.now() + timedelta(days=days) if days else None
        named = {"person": gone, "instead_of": self.liv, "organisation": self.customer}
        return StandIn.objects.create(**named, until_at=until)

    def test_an_attestant_away_for_whom_nobody_stands_in_is_none(self):
        number = self.a_sent_order("npo-direct").case.number
        self.away(days=30)
        self.assertEqual(self.ends(), [(number, "customer_attest", "The customer")])
        self.assertEqual(tasks.find_dead_ends(), 1)
        self.person("lars", self.customer, "attestant")
        self.assertEqual(self.ends(), [])

    def test_who_is_back_soon_comes_in_time_and_who_has_no_last_day_does_not(self):
        number = self.a_sent_order("npo-direct").case.number
        row = self.away(days=13)
        self.assertEqual(self.ends(), [])
        StandIn.objects.filter(pk=row.pk).update(until_at=None)
        self.assertEqual(self.ends(), [(number, "customer_attest", "The customer")])

    def test_every_night_the_administrators_hear_once_of_all_that_lack_the_same(self):
        orders = [self.a_sent_order("npo-direct") for _ in range(3)]
        self.end(self.liv)
        self.assertEqual(tasks.find_dead_ends(), 3)
        self.assertEqual(tasks.find_dead_ends(), 0)
        letter = Letter.objects.get(address=self.adam.email)
        self.assertIn("Nobody at The customer can attest 3 orders", letter.body)
        self.assertEqual(Notice.objects.filter(words="dead_end").count(), 1)
        for order in orders:
            self.assertEqual(order.case.events.filter(verb="order.dead_end").count(), 1)
        with self.after(days=8):
            self.assertEqual(tasks.find_dead_ends(), 3)

    def test_only_the_house_reports_and_only_the_own_organisation_reads_it(self):
        order = self.a_sent_order()
        self.end(self.liv)
        tasks.find_dead_ends()
        path = f"/orders/{order.case.number}/"
        told = "A step to come has nobody who can take it"
        self.assertIn(told, self.page(self.adam, path))
        self.assertNotIn(told, self.page(self.ola, path))
        given = {"state": "customer_attest", "tell": True, "stopped": 1}
        with self.assertRaises(Refused):
            actions.report_dead_end(order, by=self.actor(self.adam), **given)


class ReportTest(DoorTest):
    def test_an_administrator_reads_what_stops_and_can_mend_the_own(self):
        number = self.a_sent_order().case.number
        Grant.objects.filter(person__in=[self.liv, self.eva]).end()
        page = self.page(self.adam, "/organisation/dead-ends/")
        self.assertIn("The customer lacks: Attestant", page)
        self.assertIn("The agent lacks: Attestant", page)
        self.assertIn("Ada Test can help.", page)
        self.assertIn(number, page)
        self.assertIn("/organisation/grant/", page)

    def test_costs_as_many_statements_for_many_orders(self):
        first = self.a_sent_order("npo-direct")
        self.enter(self.adam)
        Grant.objects.filter(person=self.liv).end()
        before = len(self.asked("/organisation/dead-ends/"))
        self.grant(self.liv, self.customer, "attestant")
        self.a_sent_order("npo-direct")
        Grant.objects.filter(person=self.liv).end()
        page = self.read("/organisation/dead-ends/")
        self.assertIn(first.case.number, page)
        self.assertLessEqual(len(self.asked("/organisation/dead-ends/")), before)

    def test_others_are_refused_and_strangers_see_nothing(self):
        self.a_sent_order()
        Grant.objects.filter(person=self.liv).end()
        self.page(self.kari, "/organisation/dead-ends/", status=403)
        self.grant(self.per, self.stranger, "administrator")
        self.assertIn("No order will stop", self.page(self.per, "/organisation/dead-ends/"))

    def test_taking_the_only_attestants_role_warns_of_the_orders_that_would_stop(self):
        number = self.a_sent_order("npo-direct").case.number
        path = "/organisation/revoke/?person=liv&role=attestant&scope=*"
        page = self.page(self.adam, path)
        self.assertIn("nobody can go on with 1 order under way", page)
        self.assertIn(number, page)
        self.person("lars", self.customer, "attestant")
        self.assertNotIn("nobody can go on", self.read(path))

    def test_a_stand_in_does_not_make_an_end_of_it(self):
        self.a_sent_order("npo-direct")
        StandIn.objects.create(person=self.adam, instead_of=self.liv, organisation=self.customer)
        self.assertEqual(dead_ends.of(dead_ends.running()), [])
