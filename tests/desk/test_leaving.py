"""Letting somebody go: what hangs on the person goes to others first, then everything ends at once;
and coming back brings nothing with it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.cases import sight
from ombud.cases.models import Seat, Turn
from ombud.desk import actions, leaving, rules
from ombud.lib.errors import Refused
from ombud.orders import actions as orders
from ombud.people import journal
from ombud.people.models import (
    Ask,
    Entry,
    Grant,
    Membership,
    Notice,
    Session,
    StandIn,
    Token,
)
from ombud.post.models import Letter
from tests.cast import CastTest, TogetherTest, together
from tests.desk.doors import DoorTest


def codes(reasons):
    return [reason.code for reason in reasons]


class Leaving:
    def deactivates(self, person, to="", holders=(), by=None):
        by = self.actor(by or self.adam)
        here = by.organisation
        return actions.deactivate_person(
            here, by=by, person=person.username, holders=list(holders), to=to
        )

    def against(self, person, to="", holders=(), by=None):
        by = self.actor(by or self.adam)
        return rules.deactivate_person(by, by.organisation, person.username, holders, to)

    def hangs(self, person):
        here = Membership.objects.get(person=person).organisation
        return {one.what: one for one in leaving.of(here, person).hangs}

    def belongs(self, person):
        return Membership.objects.current().filter(person=person).exists()


class DeactivateTest(Leaving, CastTest):
    def test_who_has_nothing_that_hangs_goes_at_once_and_everything_ends(self):
        self.grant(self.liv, self.customer, "contact")
        Ask.objects.create(person=self.liv, organisation=self.customer, role="orderer")
        stand_in = StandIn.objects.create(
            person=self.kari, instead_of=self.liv, organisation=self.customer
        )
        entry = self.deactivates(self.liv)
        self.assertEqual((entry.verb, entry.data["to"]), ("person.deactivated", self.liv.pk))
        self.assertEqual(entry.data["roles"], [["attestant", "*"], ["contact", "*"]])
        self.assertFalse(self.belongs(self.liv))
        self.assertFalse(Grant.objects.current().filter(person=self.liv).exists())
        self.assertFalse(Token.objects.filter(person=self.liv).exists())
        stand_in.refresh_from_db()
        self.assertTrue(stand_in.is_over)
        self.assertEqual(Ask.objects.get().outcome, "left")
        self.assertEqual(self.as_api(self.liv, "get", "me").status_code, 401)
        self.customer.refresh_from_db()
        self.assertIsNone(journal.broken_at(self.customer))

    def test_an_order_that_waits_for_the_person_demands_a_new_holder(self):
        order = self.an_approved_order()
        what = f"{order.case.number}:attestant"
        self.assertIn(what, self.hangs(self.eva))
        [reason] = self.against(self.eva, by=self.ada)
        self.assertEqual((reason.code, reason.because), ("needs_holder", "time"))
        with self.assertRaises(Refused):
            self.deactivates(self.eva, by=self.ada)
        self.assertTrue(self.belongs(self.eva))
        self.deactivates(self.eva, by=self.ada, holders=[{"what": what, "person": "ola"}])
        order = self.again(order)
        self.assertEqual((order.attestant, order.state), (self.ola, "agent_attest"))
        turn = Turn.objects.get(case=order.case, until=None, shadow=False)
        self.assertEqual(turn.person, self.ola)
        self.assertTrue(Grant.objects.is_held("attestant", self.agent))
        self.assertTrue(sight.check(order.case))
        self.assertFalse(Seat.objects.current().filter(person=self.eva).exists())
        told = Notice.objects.get(person=self.ola, words="attest")
        self.assertEqual(told.case_number, order.case.number)
        self.assertEqual(order.case.events.last().verb, "order.handed_over")

    def test_the_new_holder_attests_and_the_old_one_cannot(self):
        order = self.an_approved_order()
        self.deactivates(self.eva, by=self.ada, to="ola")
        order = self.again(order)
        self.attests(self.ola, order)
        self.assertEqual(self.again(order).state, "customer_attest")

    def test_a_due_day_stays_where_it_was(self):
        order = self.an_approved_order()
        before = order.approvals.get(outcome="waiting").due_at
        self.deactivates(self.eva, by=self.ada, to="ola")
        self.assertEqual(order.approvals.get(outcome="waiting").due_at, before)

    def test_what_one_ordered_goes_to_another_orderer_drafts_too(self):
        draft, order = self.a_draft(), self.a_sent_order()
        self.grant(self.liv, self.customer, "orderer")
        hangs = self.hangs(self.kari)
        self.assertEqual(
            set(hangs), {f"{draft.case.number}:orderer", f"{order.case.number}:orderer"}
        )
        self.deactivates(self.kari, to="liv")
        for one in (draft, order):
            row = self.again(one)
            self.assertEqual((row.orderer, row.first_orderer), (self.liv, self.kari))
            self.assertTrue(sight.check(row.case))
        told = Notice.objects.filter(person=self.liv, words="taken_over")
        self.assertEqual(told.count(), 2)

    def test_who_ordered_first_stays_barred_under_four_eyes(self):
        order = self.a_sent_order()
        self.deactivates(self.kari, to="liv")
        order = self.again(order)
        step = next(one for one in order.steps if one.state == "customer_attest")
        self.assertEqual(order.preparers(step), {self.kari, self.liv})

    def test_the_only_holder_of_a_role_that_cases_wait_for_hands_it_over(self):
        order = self.an_order_at_its_last_attest()
        hangs = self.hangs(self.liv)["role:attestant:*"]
        self.assertEqual([case.number for case in hangs.cases], [order.case.number])
        self.deactivates(self.liv, to="kari")
        held = Grant.objects.holding("attestant", self.customer).values_list("person", flat=True)
        self.assertEqual(list(held), [self.kari.pk])
        self.attests(self.kari, order)
        self.assertEqual(self.again(order).state, "case_open")

    def test_where_somebody_else_holds_the_role_nothing_is_asked(self):
        self.an_order_at_its_last_attest()
        self.grant(self.kari, self.customer, "attestant")
        self.assertEqual(self.hangs(self.liv), {})

    def test_a_service_case_demands_a_new_case_handler(self):
        self.an_attested_order()
        self.person("olle", self.operator, "administrator")
        [one] = self.hangs(self.kim).values()
        self.assertEqual((one.what, len(one.cases)), ("role:case_handler:*", 1))

    def test_only_those_who_can_hold_it_are_offered_and_the_others_with_the_reason(self):
        order = self.an_approved_order()
        self.person("nils", self.agent, "contact", personal_number="")
        self.grant(self.ada, self.agent, "attestant")
        one = self.hangs(self.eva)[f"{order.case.number}:attestant"]
        told = {option.value: (option.hint, option.barred) for option in one.options}
        self.assertEqual(told["ada"], ("", ""))
        self.assertEqual(told["ola"], ("is given the role Attestant", ""))
        self.assertEqual(one.options[0].value, "ada")
        self.assertTrue(told["nils"][1])
        self.assertNotIn("eva", told)
        [reason] = self.against(self.eva, by=self.ada, to="nils")
        self.assertIn("Nils Test cannot", reason.text)
        [reason] = self.against(self.eva, by=self.ada, to="kari")
        self.assertIn("Choose who takes this over.", reason.text)

    def test_under_four_eyes_who_reviewed_is_not_offered(self):
        rule = {"agent_attest": "forbid", "agent_review": "allow"}
        rule |= {"customer_attest": "allow", "operator_review": "allow"}
        orders.set_four_eyes(self.agent, by=self.actor(self.ada), **rule)
        order = self.an_approved_order()
        one = self.hangs(self.eva)[f"{order.case.number}:attestant"]
        self.assertTrue(one.option("ola").barred)
        self.assertFalse(one.option("ada").barred)

    def test_nobody_else_deactivates_and_nobody_twice(self):
        for person in (self.kari, self.ada):
            reasons = rules.deactivate_person(self.actor(person), self.customer, "liv")
            self.assertEqual((codes(reasons), reasons[0].because), (["not_administrator"], "right"))
        self.deactivates(self.liv)
        self.assertEqual(codes(self.against(self.liv)), ["not_member"])
        self.assertEqual(codes(self.against(self.per)), ["not_member"])

    def test_the_last_administrator_stays(self):
        self.assertEqual(codes(self.against(self.adam)), ["last_administrator"])
        self.grant(self.kari, self.customer, "administrator")
        self.assertEqual(self.against(self.adam), [])

    def test_costs_as_many_statements_whatever_the_number_of_orders(self):
        def cost():
            with CaptureQueriesContext(connection) as seen:
                left = leaving.of(self.customer, self.kari)
                leaving.lacking(left, leaving.chosen(left, [], "liv"))
            return len(seen.captured_queries)

        self.grant(self.liv, self.customer, "orderer")
        self.a_sent_order()
        first = cost()
        for _ in range(3):
            self.a_sent_order()
        self.assertEqual(cost(), first)

    def test_nor_of_those_that_wait_to_be_attested_under_four_eyes(self):
        rule = {"agent_attest": "forbid", "agent_review": "allow"}
        rule |= {"customer_attest": "allow", "operator_review": "allow"}
        orders.set_four_eyes(self.agent, by=self.actor(self.ada), **rule)

        def cost():
            with CaptureQueriesContext(connection) as seen:
                leaving.lacking(leaving.of(self.agent, self.eva), {})
            return len(seen.captured_queries)

        self.an_approved_order()
        first = cost()
        self.an_approved_order()
        self.assertEqual(cost(), first)


class RestoreTest(Leaving, CastTest):
    def restores(self, person, by=None):
        by = self.actor(by or self.adam)
        return actions.restore_person(by.organisation, by=by, person=person.username)

    def test_it_brings_back_the_person_and_nothing_else(self):
        order = self.an_approved_order()
        self.deactivates(self.eva, by=self.ada, to="ola")
        entry = self.restores(self.eva, by=self.ada)
        self.assertEqual(entry.verb, "person.restored")
        self.assertTrue(self.belongs(self.eva))
        actor = self.actor(self.eva, self.agent)
        self.assertEqual(actor.roles, [])
        self.assertIsNone(sight.eyes(actor, order.case))
        self.assertEqual(self.as_api(self.eva, "get", "me").status_code, 401)
        letter = Letter.objects.filter(address="eva@example.org").latest("pk")
        self.assertEqual(letter.subject, "Welcome to Ombud for The agent")

    def test_nobody_else_restores_and_only_who_went(self):
        self.deactivates(self.liv)
        barred = rules.restore_person(self.actor(self.kari), self.customer, "liv")
        self.assertEqual(codes(barred), ["not_administrator"])
        barred = rules.restore_person(self.actor(self.ada), self.agent, "liv")
        self.assertEqual(codes(barred), ["not_former"])
        self.restores(self.liv)
        barred = rules.restore_person(self.actor(self.adam), self.customer, "liv")
        self.assertEqual(codes(barred), ["not_former"])


class ApiTest(Leaving, CastTest):
    def test_what_hangs_on_somebody_is_read_and_handed_over_by_program(self):
        order = self.an_approved_order()
        [one] = self.as_api(self.ada, "get", "people/eva/hanging").json()["items"]
        self.assertEqual(one["what"], f"{order.case.number}:attestant")
        able = {who["username"]: who["allowed"] for who in one["candidates"]}
        self.assertEqual(able, {"ada": True, "ola": True})
        told = self.as_api(self.ada, "post", "actions/deactivate_person", {"person": "eva"})
        [reason] = told.json()["reasons"]
        self.assertEqual((told.status_code, reason["code"]), (409, "needs_holder"))
        typed = {"person": "eva", "holders": [{"what": one["what"], "person": "ola"}]}
        told = self.as_api(self.ola, "post", "actions/deactivate_person", typed)
        self.assertEqual(told.status_code, 403)
        told = self.as_api(self.ada, "post", "actions/deactivate_person", typed)
        self.assertEqual((told.status_code, told.json()["verb"]), (201, "person.deactivated"))
        told = self.as_api(self.ada, "post", "actions/restore_person", {"person": "eva"})
        self.assertEqual((told.status_code, told.json()["verb"]), (201, "person.restored"))

    def test_only_administrators_read_what_hangs_and_only_of_their_own(self):
        self.assertEqual(self.as_api(self.ola, "get", "people/eva/hanging").status_code, 403)
        for name in ("kari", "nobody", "%00"):
            told = self.as_api(self.ada, "get", f"people/{name}/hanging")
            self.assertEqual(told.status_code, 404, name)

    def test_who_belongs_is_listed_with_roles_and_nobody_else(self):
        items = self.as_api(self.kari, "get", "people").json()["items"]
        self.assertEqual([one["username"] for one in items], ["adam", "kari", "liv"])
        self.assertEqual(items[2]["roles"][0]["role"], "attestant")


class SessionTest(Leaving, DoorTest):
    def test_a_login_ends_with_it_unless_it_acts_elsewhere(self):
        self.enter(self.liv)
        self.read("/approvals/")
        self.deactivates(self.liv)
        self.assertEqual(Session.objects.filter(person=self.liv).count(), 0)
        self.assertEqual(self.client.get("/approvals/").status_code, 302)

    def test_a_login_that_acts_for_another_organisation_goes_on(self):
        self.joins(self.liv, self.agent)
        self.enter(self.liv, self.agent)
        self.deactivates(self.liv)
        self.assertNotIn("The customer", self.read("/organisation/"))


class AtOnceTest(Leaving, TogetherTest):
    def test_deactivated_at_once_it_happens_once(self):
        ends = together(*[lambda: self.deactivates(self.liv)] * 3)
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 2, ends)
        entries = Entry.objects.filter(verb="person.deactivated")
        self.assertEqual(entries.count(), 1)

    def test_two_administrators_cannot_let_each_other_go(self):
        self.grant(self.kari, self.customer, "administrator")
        ends = together(
            lambda: self.deactivates(self.kari, by=self.adam),
            lambda: self.deactivates(self.adam, by=self.kari),
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1, ends)
        self.assertTrue(Grant.objects.is_held("administrator", self.customer))
