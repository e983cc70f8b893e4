"""Who has the ball, told the same in every place: turns, counts, lists, card, notices and API."""

from ombud.cases import lists, sight, turns
from ombud.desk import waiting
from ombud.lib.errors import Refused
from ombud.orders import actions, rules
from ombud.orders.catalogue import Policy
from ombud.people.actors import Actor
from ombud.people.models import Grant, Notice, StandIn
from ombud.post.models import Letter
from ombud.servicecases.actions import servicecase as servicecases
from ombud.servicecases.models import ServiceCase
from tests.cast import CastTest


class BallTest(CastTest):
    def waits_for(self, order):
        rows = turns.open_of(order.case)
        return [(row.organisation, row.role, row.person) for row in rows]

    def mine(self, person):
        """What waits for the person, as page, API and counts say it: they never differ."""
        actor = self.actor(person)
        rows, _further = waiting.of(actor, waiting.Asked())
        found = [(row.deed, row.number) for row in rows]
        api = self.as_api(person, "get", "cases?mine=true").json()["items"]
        self.assertEqual([number for _deed, number in found], [row["number"] for row in api])
        self.assertEqual(len(found), turns.count(actor))
        return found

    def page(self, person, path):
        self.client.force_login(person)
        answer = self.client.get(path, headers={"accept-language": "en"}, follow=True)
        return answer.content.decode()

    def card(self, person, order):
        return self.page(person, f"/orders/{order.case.number}/")


class ConnectionTest(BallTest):
    def test_after_the_last_attest_the_agents_handlers_have_the_ball(self):
        order = self.an_attested_order()
        number = order.case.number
        self.assertEqual(self.waits_for(order), [(self.agent, "agent_handler", None)])
        self.assertEqual(self.mine(self.ola), [("start", number)])
        self.assertEqual(self.mine(self.eva), [])
        self.assertIn("Your turn: begin the technical connection.", self.card(self.ola, order))
        home, list_ = self.page(self.ola, "/"), self.page(self.ola, "/approvals/")
        self.assertIn("Begin: ", home)
        self.assertIn("Begin", list_)
        self.assertIn(number, self.page(self.ola, "/cases/?view=action"))
        [row] = self.as_api(self.kari, "get", f"cases?q={number}&kind=order").json()["items"]
        self.assertEqual(row["waiting_for"][0]["role"], "agent_handler")
        order = actions.start(order, by=self.actor(self.ola))
        self.assertEqual(self.waits_for(order), [(self.agent, "agent_handler", None)])
        self.assertEqual(self.mine(self.ola), [("report_connected", number)])
        self.assertIn("report when the service is connected", self.card(self.ola, order))
        order = actions.report_connected(order, by=self.actor(self.ola))
        self.assertEqual((self.waits_for(order), self.mine(self.ola)), ([], []))
        self.assertIsNone(sight.check_all())

    def test_a_handler_of_another_service_has_no_turn(self):
        other = self.person("eli", self.agent, "agent_handler", "service:other")
        self.an_attested_order()
        self.assertEqual(self.mine(other), [])

    def test_the_bell_calls_until_the_connection_is_begun(self):
        order = self.an_attested_order()
        notice = Notice.objects.get(person=self.ola, words="may_connect")
        self.assertTrue(notice.calls)
        actions.start(order, by=self.actor(self.ola))
        notice.refresh_from_db()
        self.assertIsNotNone(notice.over_at)

    def test_a_direct_order_waits_once_for_customer_service(self):
        order = self.a_sent_order("npo-direct")
        self.attests(self.liv, order)
        order, case = self.again(order), ServiceCase.objects.get()
        number = order.case.number
        self.assertEqual(self.waits_for(order), [(self.operator, "case_handler", None)])
        self.assertEqual(self.waits_for(case), [(self.operator, "case_handler", None)])
        self.assertEqual(self.mine(self.kim), [("start", number)])
        behind = self.page(self.kim, f"/cases/{case.case.number}/")
        self.assertIn(f"Case handler first connects the order {number}.", behind)
        order = actions.start(order, by=self.actor(self.kim))
        self.assertEqual(self.mine(self.kim), [("report_connected", number)])
        actions.report_connected(order, by=self.actor(self.kim))
        self.assertEqual(self.mine(self.kim), [("handle", case.case.number)])
        self.assertIn("Your turn", self.page(self.kim, f"/cases/{case.case.number}/"))

    def test_a_case_closed_too_early_does_not_come_back(self):
        order = self.a_sent_order("npo-direct")
        self.attests(self.liv, order)
        servicecases.close(ServiceCase.objects.get(), by=self.actor(self.kim))
        order = actions.start(self.again(order), by=self.actor(self.kim))
        actions.report_connected(order, by=self.actor(self.kim))
        self.assertEqual(self.mine(self.kim), [])


class FourEyesTest(BallTest):
    def setUp(self):
        super().setUp()
        self.grant(self.kari, self.customer, "attestant")
        Policy.objects.add(self.customer, "order", {"four_eyes": True})

    def test_it_is_not_the_turn_of_who_is_barred(self):
        order = self.a_sent_order("npo-direct")
        self.assertEqual(self.mine(self.kari), [])
        self.assertEqual(self.mine(self.liv), [("attest", order.case.number)])
        told = Notice.objects.filter(words="attest").values_list("person__username", flat=True)
        self.assertEqual([*told], ["liv"])
        asked = Letter.objects.filter(subject__startswith="Attest:")
        self.assertEqual([row.address for row in asked], ["liv@example.org"])

    def test_the_card_says_whom_it_waits_for_and_why_not_you(self):
        order = self.a_sent_order("npo-direct")
        card = self.card(self.kari, order)
        self.assertNotIn("Your turn", card)
        self.assertIn("Waits for The customer: Attestant is to attest the order.", card)
        self.assertIn("The customer demands four eyes: another attestant decides.", card)
        self.assertIn("It can be done by: Liv Test.", card)
        self.assertNotIn("It can be done by", self.card(self.liv, order))

    def test_the_reason_names_who_else_can(self):
        order = self.a_sent_order("npo-direct")
        [reason] = rules.attest(self.actor(self.kari), order)
        self.assertEqual((reason.code, str(reason.who)), ("four_eyes", "Liv Test"))
        Grant.objects.filter(person=self.liv).end()
        [reason] = rules.attest(self.actor(self.kari), order)
        self.assertEqual(str(reason.who), "Adam Test")

    def test_nothing_is_sent_where_nobody_else_attests(self):
        Grant.objects.filter(person=self.liv).end()
        draft = self.a_draft("npo-direct")
        with self.assertRaises(Refused) as no:
            actions.send(draft, by=self.actor(self.kari), accept_terms=True)
        [reason] = no.exception.reasons
        self.assertEqual((reason.code, str(reason.who)), ("four_eyes_alone", "Adam Test"))

    def test_a_stand_in_is_barred_in_the_place_of_who_is_barred(self):
        liv_is_away = {"person": self.liv, "instead_of": self.kari}
        StandIn.objects.create(organisation=self.customer, **liv_is_away)
        order = self.a_sent_order("npo-direct")
        [row] = waiting.of(self.actor(self.liv), waiting.Asked())[0]
        self.assertIsNone(row.instead_of)
        Grant.objects.filter(person=self.liv).end()
        self.assertEqual(self.mine(self.liv), [])
        self.assertNotIn("Your turn", self.card(self.liv, order))

    def test_who_is_barred_stands_in_for_nobody(self):
        kari_covers = {"person": self.kari, "instead_of": self.liv}
        StandIn.objects.create(organisation=self.customer, **kari_covers)
        self.a_sent_order("npo-direct")
        self.assertEqual(self.mine(self.kari), [])
        self.assertEqual(len(self.mine(self.liv)), 1)

    def test_counts_under_every_hat_leave_it_out_too(self):
        self.a_sent_order("npo-direct")
        self.assertNotIn("1 waits for you", self.page(self.kari, "/"))
        self.assertIn("1 waits for you", self.page(self.liv, "/"))

    def test_it_stays_to_be_seen_among_the_cases(self):
        order = self.a_sent_order("npo-direct")
        [row] = lists.of(Actor(self.kari, self.customer)).rows
        self.assertEqual(row.number, order.case.number)
