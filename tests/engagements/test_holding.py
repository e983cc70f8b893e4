"""An engagement that ends holds the orders under way: at every step, for every party, until the
agent has one again."""

from django.utils import translation

from ombud.cases import sight, timeline, turns
from ombud.cases.models import Event, Turn
from ombud.lib.errors import Refused
from ombud.orders import actions, ball, finding, road, rules, steps
from ombud.orders.engagements import affected
from ombud.people.models import Notice
from ombud.signing import ceremony
from tests.cast import CastTest
from tests.engagements.applying import Applying
from tests.engagements.test_deeds import codes, told


class HoldTest(Applying, CastTest):
    def setUp(self):
        super().setUp()
        self.engagement = self.active()

    def test_nobody_takes_the_step_that_waits(self):
        order = self.a_sent_order()
        self.assertEqual(rules.approve(self.actor(self.ola), order), [])
        self.ended(self.engagement)
        order = self.again(order)
        self.assertEqual((order.state, order.held_at is not None), ("agent_review", True))
        for rule in (rules.approve, rules.reject):
            (reason,) = rule(self.actor(self.ola), order)
            self.assertEqual((reason.code, reason.because), ("held", "time"))
            self.assertIn("The agent no longer has an engagement for NPÖ", reason.text)

    def test_it_holds_the_attests_and_the_connection_too(self):
        waiting, last = self.an_approved_order(), self.an_order_at_its_last_attest()
        ready, begun = self.an_attested_order(), self.an_attested_order()
        actions.start(begun, by=self.actor(self.ola))
        self.ended(self.engagement)
        self.assertEqual(codes(rules.attest(self.actor(self.eva), self.again(waiting))), ["held"])
        self.assertEqual(
            codes(rules.send_back(self.actor(self.eva), self.again(waiting))), ["held"]
        )
        self.assertEqual(codes(rules.attest(self.actor(self.liv), self.again(last))), ["held"])
        self.assertEqual(codes(rules.start(self.actor(self.ola), self.again(ready))), ["held"])
        for person in (self.ola, self.kim):
            found = rules.report_connected(self.actor(person), self.again(begun))
            self.assertEqual(codes(found), ["held"])
        with self.assertRaises(Refused) as no:
            actions.start(self.again(ready), by=self.actor(self.ola))
        self.assertEqual(no.exception.status, 409)

    def test_what_was_being_signed_comes_to_nothing(self):
        order = self.an_order_at_its_last_attest()
        begun = self.begins(self.liv, order, "attest", decision="approve")
        self.ended(self.engagement)
        self.signs(begun)
        done = ceremony.collect(begun)
        self.assertEqual((done.status, done.hint), ("failed", "late"))
        self.assertEqual(done.reasons[0]["code"], "held")
        self.assertEqual(self.again(order).state, "customer_attest")

    def test_it_is_in_nobodys_list_and_every_party_reads_why(self):
        order = self.an_order_at_its_last_attest()
        self.assertEqual(turns.count(self.actor(self.liv)), 1)
        self.ended(self.engagement)
        self.assertEqual(turns.count(self.actor(self.liv)), 0)
        turn = Turn.objects.get(case=order.case, until=None, shadow=False)
        self.assertEqual((turn.organisation, turn.role), (self.agent, "engagement_orderer"))
        self.assertEqual(turns.count(self.actor(self.enok)), 0)
        for person in (self.kari, self.liv, self.ola, self.kim):
            found, eyes = finding.of(self.actor(person), order.case.number)
            first, _since, last = ball.of(found, self.actor(person), turn).sentences
            self.assertEqual(first, "Held: The agent no longer has an engagement for NPÖ.")
            is_customers = person in (self.kari, self.liv)
            self.assertEqual("choose another agent" in last, is_customers)
            self.assertIsNotNone(found.view(eyes)["held_at"])
        self.assertTrue(sight.check(order.case))

    def test_everybody_it_concerns_hears_of_it_once(self):
        order = self.an_order_at_its_last_attest()
        self.ended(self.engagement)
        self.assertEqual(told(order.case, "held"), ["kari", "kim", "liv", "ola"])

    def test_what_is_over_or_another_agents_is_left_alone(self):
        done, direct, draft = self.an_attested_order(), self.a_sent_order("npo-direct"), None
        actions.start(done, by=self.actor(self.ola))
        actions.report_connected(self.again(done), by=self.actor(self.ola))
        draft = self.a_draft()
        self.ended(self.engagement)
        for order in (done, direct, draft):
            self.assertIsNone(self.again(order).held_at)
        verbs = Event.objects.filter(verb="order.held").count()
        self.assertEqual(verbs, 0)

    def test_the_customers_it_concerns_are_listed(self):
        done, waiting = self.an_attested_order(), self.a_sent_order()
        actions.start(done, by=self.actor(self.ola))
        actions.report_connected(self.again(done), by=self.actor(self.ola))
        (one,) = affected.of(self.engagement)
        self.assertEqual(one.customer, self.customer)
        numbers = [order.case.number for order in (*one.under_way, *one.connected)]
        self.assertEqual(numbers, [waiting.case.number, done.case.number])
        self.assertEqual(one.units, 2)
        with self.assertNumQueries(1):
            affected.of(self.engagement)
        told = self.as_api(self.rut, "get", f"cases/{self.engagement.case.number}").json()
        named = {"name": "The customer", "number": self.customer.number}
        counts = {"under_way": 1, "connected": 1, "units": 2}
        self.assertEqual(told["data"]["customers"], [{**named, **counts}])

    def test_the_customers_orderer_copies_it_to_choose_another_agent(self):
        order, other = self.a_sent_order(), self.a_sent_order("npo-direct")
        found = rules.copy(self.actor(self.kari), order)
        self.assertEqual(codes(found), ["not_rejected"])
        self.ended(self.engagement)
        order = self.again(order)
        self.assertEqual(rules.copy(self.actor(self.kari), order), [])
        self.assertEqual(codes(rules.copy(self.actor(self.ola), order)), ["not_orderer"])
        self.assertEqual(codes(rules.copy(self.actor(self.kari), other)), ["not_rejected"])
        draft = actions.copy(order, by=self.actor(self.kari))
        self.assertEqual((draft.state, draft.copied_from), ("draft", order.case))
        self.assertIsNone(draft.held_at)
        self.assertIn("agent_not_engaged", codes(rules.send(self.actor(self.kari), draft)))
        self.assertIsNotNone(self.again(order).held_at)

    def test_its_road_rests_where_it_stood_by_no_day(self):
        waiting, ready = self.a_sent_order(), self.an_attested_order()
        begun = self.an_attested_order()
        actions.start(begun, by=self.actor(self.ola))
        for order, place in ((waiting, 1), (ready, 4), (begun, 5)):
            self.assertEqual(self.at(order)[place].state, "current")
        self.ended(self.engagement)
        for order, place in ((waiting, 1), (ready, 4), (begun, 5)):
            steps_now = self.at(order)
            self.assertNotIn("current", [step.state for step in steps_now])
            step = steps_now[place]
            self.assertEqual((step.state, step.due), ("resting", None))
            self.assertEqual(step.at, self.again(order).held_at)
        self.active()
        step = self.at(waiting)[1]
        self.assertEqual((step.state, step.due is None), ("current", False))

    def test_a_step_that_is_over_is_worded_as_done(self):
        order = self.an_approved_order()
        with translation.override("sv"):
            self.assertEqual(
                [step.deed for step in self.at(order)[1:4]],
                [
                    f"Granskad av {self.agent}",
                    f"Attesteras av {self.agent}",
                    f"Attesteras av {self.customer}",
                ],
            )

    def at(self, order):
        """Its road, as the operator reads it."""
        found, eyes = finding.of(self.actor(self.kim), order.case.number)
        return road.of(found, eyes, timeline.read(found.case, eyes))

    def test_a_step_that_finds_it_done_already_does_nothing(self):
        order = self.a_sent_order()
        steps.resume(order, by=self.actor(self.rut))
        self.ended(self.engagement)
        steps.hold(order, by=self.actor(self.rut))
        held = Event.objects.filter(case=order.case, verb__in=["order.held", "order.resumed"])
        self.assertEqual(held.count(), 1)


class ResumeTest(Applying, CastTest):
    def setUp(self):
        super().setUp()
        engagement = self.active()
        self.order = self.an_order_at_its_last_attest()
        self.due_at = Turn.objects.get(case=self.order.case, until=None, shadow=False).due_at
        self.ended(engagement)

    def test_a_new_engagement_lets_it_go_on_where_it_stood(self):
        with self.after(days=3):
            self.active()
            order = self.again(self.order)
            self.assertEqual((order.state, order.held_at), ("customer_attest", None))
            turn = Turn.objects.get(case=order.case, until=None, shadow=False)
            self.assertEqual((turn.organisation, turn.role), (self.customer, "attestant"))
            self.assertGreater(turn.due_at, self.due_at)
            self.assertEqual(rules.attest(self.actor(self.liv), order), [])
        called = Notice.objects.filter(case_number=order.case.number, words="attest", over_at=None)
        self.assertEqual([notice.person for notice in called], [self.liv])
        self.assertEqual(told(order.case, "resumed"), ["kari", "kim", "ola"])
        self.assertTrue(sight.check(order.case))

    def test_then_it_is_attested_as_ever(self):
        self.active()
        self.attests(self.liv, self.again(self.order))
        self.assertEqual(self.again(self.order).state, "case_open")

    def test_an_application_alone_lets_nothing_go_on(self):
        self.reviewed()
        self.assertIsNotNone(self.again(self.order).held_at)

    def test_a_connection_goes_on_too(self):
        engagement = self.active()
        order = self.an_attested_order()
        actions.start(order, by=self.actor(self.ola))
        self.ended(engagement)
        self.active()
        turn = Turn.objects.get(case=order.case, until=None, shadow=False)
        self.assertEqual((turn.organisation, turn.role), (self.agent, "agent_handler"))
        actions.report_connected(self.again(order), by=self.actor(self.ola))
        self.assertEqual(self.again(order).state, "active")
