"""An order for one office of the customer: who may order, who sees it, and who decides."""

from ombud.cases import sight
from ombud.cases.models import Case
from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.orders import actions, dead_ends, rules
from ombud.orders.catalogue import Policy
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Order
from ombud.people.models import Grant, Notice, Office, StandIn
from tests.cast import FILLED
from tests.desk.doors import DoorTest


class OfficeOrderTest(DoorTest):
    """Nora orders and Alva attests for North; Sara orders and Sven attests for South."""

    def setUp(self):
        super().setUp()
        self.north = Office.objects.create(organisation=self.customer, name="North")
        self.south = Office.objects.create(organisation=self.customer, name="South")
        self.nora = self.person("nora", self.customer, "orderer", self.north.scope)
        self.alva = self.person("alva", self.customer, "attestant", self.north.scope)
        self.sara = self.person("sara", self.customer, "orderer", self.south.scope)
        self.sven = self.person("sven", self.customer, "attestant", self.south.scope)

    def begins_one(self, by, **typed):
        typed = {**FILLED, "agent": None, **typed}
        return actions.start_order(by=self.actor(by), offer="npo-direct", **typed)

    def sends(self, order, by):
        return self.again(actions.send(order, by=self.actor(by), accept_terms=True))

    def sees(self, person, order):
        return Order.objects.visible_to(self.actor(person)).filter(pk=order.pk).exists()

    def codes(self, do, *args, **given):
        with self.assertRaises(Refused) as no:
            do(*args, **given)
        return [reason.code for reason in no.exception.reasons]


class OrderingTest(OfficeOrderTest):
    def test_whoever_orders_for_one_office_begins_there(self):
        self.assertEqual(self.begins_one(self.nora).office, self.north)
        self.assertIsNone(self.begins_one(self.kari).office)

    def test_a_draft_is_seen_by_those_who_order_for_its_office_or_for_all(self):
        draft = self.begins_one(self.nora)
        seeing = [who for who in (self.nora, self.sara, self.kari) if self.sees(who, draft)]
        self.assertEqual(seeing, [self.nora, self.kari])

    def test_nobody_orders_for_an_office_that_is_not_theirs(self):
        there = self.south.pk
        told = self.codes(self.begins_one, self.nora, office=there)
        self.assertEqual(told, ["not_orderer_there"])
        self.assertEqual(self.codes(self.begins_one, self.nora, office=0), ["not_whole"])
        theirs = Office.objects.create(organisation=self.stranger, name="Elsewhere")
        for office in (theirs.pk, 999999):
            told = self.codes(self.begins_one, self.kari, office=office)
            self.assertEqual(told, ["no_such_office"])
        draft = self.begins_one(self.nora)
        deed = {"by": self.actor(self.sara), "contact": {"name": "Sara"}}
        self.assertEqual(self.codes(actions.save, draft, **deed), ["not_orderer"])

    def test_a_draft_that_is_moved_changes_who_sees_it(self):
        draft = self.begins_one(self.kari, office=self.north.pk)
        self.assertTrue(self.sees(self.nora, draft))
        moved = actions.save(self.again(draft), by=self.actor(self.kari), office=self.south.pk)
        self.assertEqual(moved.office, self.south)
        self.assertFalse(self.sees(self.nora, draft))
        self.assertTrue(self.sees(self.sara, draft))
        self.assertTrue(sight.check(draft.case))
        whole = actions.save(self.again(draft), by=self.actor(self.kari), office=0)
        self.assertIsNone(whole.office)
        self.assertFalse(self.sees(self.sara, draft))
        self.assertTrue(self.sees(self.kari, draft))
        self.assertTrue(sight.check(draft.case))

    def test_an_office_that_has_closed_is_named_in_nothing_new(self):
        draft = self.begins_one(self.kari, office=self.north.pk)
        Office.objects.filter(pk=self.north.pk).update(closed_at=clock.now())
        told = self.codes(self.sends, self.again(draft), self.kari)
        self.assertEqual(told, ["office_closed"])
        self.assertEqual(
            self.codes(self.begins_one, self.kari, office=self.north.pk), ["no_such_office"]
        )
        reasons = rules.start_order(self.actor(self.nora))
        self.assertIn("office_closed", [one.code for one in reasons])
        self.assertIn("The office North, for which you order, is closed.", str(reasons))

    def test_where_nobody_attests_for_the_office_nothing_is_sent(self):
        Grant.objects.filter(person__in=[self.alva, self.liv]).end()
        draft = self.begins_one(self.kari, office=self.north.pk)
        self.assertEqual(self.codes(self.sends, draft, self.kari), ["no_attestant"])
        self.assertIn(
            "no_attestant", [one.code for one in rules.start_order(self.actor(self.nora))]
        )
        self.assertEqual(rules.start_order(self.actor(self.sara)), [])

    def test_under_four_eyes_another_must_attest_for_the_same_office(self):
        Policy.objects.add(self.customer, "order", {"four_eyes": "forbid"})
        Grant.objects.filter(person__in=[self.alva, self.liv]).end()
        self.grant(self.nora, self.customer, "attestant", self.north.scope)
        draft = self.begins_one(self.nora)
        self.assertEqual(self.codes(self.sends, draft, self.nora), ["four_eyes_alone"])

    def test_a_copy_is_for_the_same_office_while_it_is_open(self):
        order = self.sends(self.begins_one(self.nora), self.nora)
        self.attests(self.alva, order, "reject", note="Not this year, sorry.")
        copied = actions.copy(self.again(order), by=self.actor(self.nora))
        self.assertEqual(copied.office, self.north)
        self.assertFalse(self.sees(self.sara, copied))
        Office.objects.filter(pk=self.north.pk).update(closed_at=clock.now())
        copied = actions.copy(self.again(order), by=self.actor(self.kari))
        self.assertIsNone(copied.office)


class DecidingTest(OfficeOrderTest):
    def test_who_attests_for_the_office_or_for_all_decides_and_nobody_else(self):
        order = self.sends(self.begins_one(self.nora), self.nora)
        told = Notice.objects.filter(case_number=order.case.number, calls=True)
        self.assertEqual({row.person for row in told}, {self.alva, self.liv})
        waiting = {
            who.username: order.case.number in self.page(who, "/approvals/")
            for who in (self.alva, self.liv, self.sven)
        }
        self.assertEqual(waiting, {"alva": True, "liv": True, "sven": False})
        self.enter(self.sven)
        self.assertEqual(self.client.get(f"/orders/{order.case.number}/").status_code, 404)
        body = {"decision": "approve", "method": "bankid"}
        path = f"cases/{order.case.number}/actions/attest"
        self.assertEqual(self.as_api(self.sven, "post", path, body).status_code, 404)
        self.attests(self.alva, order)
        self.assertEqual(self.again(order).state, "case_open")

    def test_the_service_case_is_seen_by_the_same_office(self):
        order = self.sends(self.begins_one(self.nora), self.nora)
        self.attests(self.alva, order)
        opened = Case.objects.exclude(pk=order.pk).filter(kind="servicecase").get()
        seeing = [
            Case.objects.visible_to(self.actor(who)).filter(pk=opened.pk).exists()
            for who in (self.nora, self.alva, self.sara, self.liv)
        ]
        self.assertEqual(seeing, [True, True, False, True])

    def test_the_office_is_read_and_signed_by_its_own_organisation_alone(self):
        draft = actions.start_order(
            by=self.actor(self.nora), offer="npo-agent", **{**FILLED, "office": self.north.pk}
        )
        order = self.sends(draft, self.nora)
        number = order.case.number
        self.assertIn("North", self.page(self.nora, f"/orders/{number}/"))
        self.assertNotIn("North", self.page(self.ola, f"/orders/{number}/"))
        for who, is_told in ((self.nora, True), (self.kim, True), (self.ola, False)):
            seen = self.as_api(who, "get", f"cases/{number}").json()["data"]
            self.assertEqual("office" in seen, is_told, who)
        given = {"certify": True, "accept_terms": True, "billing": {"reference": "8123"}}
        done = self.does(self.ola, order, "approve", attestant="eva", **given)
        self.assertNotIn("North", done.document)
        self.attests(self.eva, order)
        done = self.attests(self.alva, order)
        self.assertIn("Office: North", done.document)
        self.assertEqual(self.again(order).state, "case_open")

    def test_a_dead_end_is_found_where_nobody_is_left_for_the_office(self):
        order = self.sends(self.begins_one(self.nora), self.nora)
        self.assertEqual(dead_ends.of(dead_ends.running()), [])
        Grant.objects.filter(person=self.liv).end()
        self.assertEqual(dead_ends.of(dead_ends.running()), [])
        Grant.objects.filter(person=self.alva).end()
        found = dead_ends.of(dead_ends.running())
        self.assertEqual(
            [(end.order.pk, end.scope) for end in found], [(order.pk, self.north.scope)]
        )

    def test_the_report_names_the_office_to_its_own_organisation_alone(self):
        draft = actions.start_order(
            by=self.actor(self.nora), offer="npo-agent", **{**FILLED, "office": self.north.pk}
        )
        self.sends(draft, self.nora)
        Grant.objects.filter(person__in=[self.liv, self.alva]).end()
        page = self.page(self.adam, "/organisation/dead-ends/")
        self.assertIn("The customer lacks: Attestant (North)", page)
        self.assertIn(f"role=attestant&amp;scope=office%3A{self.north.pk}", page)
        page = self.page(self.ada, "/organisation/dead-ends/")
        self.assertIn("The customer lacks: Attestant", page)
        self.assertNotIn("North", page)
        chosen = f"/organisation/grant/?role=attestant&scope={self.north.scope}"
        self.assertIn(f'value="{self.north.scope}" selected', self.page(self.adam, chosen))

    def test_a_stand_in_takes_over_the_office_and_no_more(self):
        north = self.sends(self.begins_one(self.nora), self.nora)
        south = self.sends(self.begins_one(self.sara), self.sara)
        StandIn.objects.create(
            person=self.sara, instead_of=self.alva, organisation=self.customer, roles=["attestant"]
        )
        self.assertTrue(self.sees(self.sara, north))
        actor = self.actor(self.sara).in_place_of(self.alva)
        offered = next(one for one in DEEDS if one.name == "attest")
        self.assertEqual(offered.rule(actor, self.again(north), decision="approve"), [])
        self.assertNotEqual(offered.rule(actor, self.again(south), decision="approve"), [])

    def test_a_person_who_leaves_hands_over_within_the_office(self):
        draft = self.begins_one(self.nora)
        self.person("nils", self.customer, "contact")
        told = self.as_api(
            self.adam, "post", "actions/deactivate_person", {"person": "nora", "to": "nils"}
        )
        self.assertEqual(told.status_code, 201, told.content)
        given = Grant.objects.current().get(person__username="nils", role="orderer")
        self.assertEqual(given.scope, self.north.scope)
        self.assertEqual(self.again(draft).orderer.username, "nils")


class PagesTest(OfficeOrderTest):
    def test_the_details_ask_for_which_office(self):
        draft = self.begins_one(self.kari)
        address = f"/orders/{draft.case.number}/details/"
        page = self.page(self.kari, address)
        self.assertIn("The whole organisation", page)
        for office in (self.north, self.south):
            self.assertIn(f'<option value="{office.pk}"', page)
        typed = {"office": self.north.pk, "do": "leave", "answers.purpose": "Care"}
        self.enter(self.kari)
        self.client.post(address, typed)
        self.assertEqual(self.again(draft).office, self.north)
        self.assertIn("North", self.page(self.kari, f"/orders/{draft.case.number}/check/"))
        self.client.post(address, {**typed, "office": ""})
        self.assertIsNone(self.again(draft).office)

    def test_whoever_orders_for_one_office_is_offered_that_alone(self):
        draft = self.begins_one(self.nora)
        address = f"/orders/{draft.case.number}/details/"
        page = self.page(self.nora, address)
        self.assertIn(f'<option value="{self.north.pk}" selected', page)
        self.assertNotIn(f'<option value="{self.south.pk}"', page)
        self.assertNotIn("The whole organisation", page)
        self.enter(self.nora)
        told = self.client.post(address, {"office": self.south.pk, "do": "leave"})
        self.assertEqual(told.status_code, 403)
        self.assertEqual(self.again(draft).office, self.north)

    def test_where_there_are_no_offices_nothing_is_asked(self):
        Grant.objects.filter(scope__startswith="office:").delete()
        Office.objects.all().delete()
        draft = self.begins_one(self.kari)
        page = self.page(self.kari, f"/orders/{draft.case.number}/details/")
        self.assertNotIn('name="office"', page)
