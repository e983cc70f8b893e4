"""The doors of stand-ins and of four eyes: pages and programs alike."""

from datetime import timedelta

from ombud.cases import turns
from ombud.desk import tasks
from ombud.lib import clock, days
from ombud.orders import rules
from ombud.orders.catalogue import Policy
from ombud.orders.tasks import bar_anew
from ombud.people.models import Notice, StandIn
from tests.desk.doors import DoorTest

NAME = "/organisation/stand-ins/name/"


class StandInDoors(DoorTest):
    def setUp(self):
        super().setUp()
        self.una = self.person("una", self.agent, "contact")

    def typed(self, **more):
        until = days.local(clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        return {"person": "una", "roles": "attestant", "until_at": until, **more}

    def named(self):
        self.enter(self.eva)
        answer = self.client.post(NAME, self.typed())
        self.assertEqual(answer.status_code, 302, answer.content[:2000])
        tasks.turn_stand_ins()
        return StandIn.objects.get()

    def at(self, row, door=""):
        return f"/organisation/stand-ins/{row.pk}/{door}"


class PagesTest(StandInDoors):
    def test_one_names_a_stand_in_for_oneself(self):
        self.assertIn("Name your stand-in", self.page(self.eva, NAME))
        row = self.named()
        self.assertEqual((row.person, row.instead_of, row.roles), (self.una, self.eva, ["*"]))
        self.assertIn("Una Test for Eva Test", self.read("/organisation/"))
        self.assertIn("away until", self.read("/organisation/"))
        self.assertIn("Una Test stands in for you", self.read("/me/"))
        self.assertIn("You stand in for Eva Test", self.page(self.una, "/me/"))

    def test_an_administrator_chooses_who_is_away(self):
        page = self.page(self.ada, f"{NAME}?for=eva")
        self.assertIn("Name a stand-in for Eva Test", page)
        self.client.post(NAME, self.typed(instead_of="eva"))
        self.assertEqual(StandIn.objects.get().instead_of, self.eva)

    def test_who_has_left_meanwhile_is_not_taken_for_oneself(self):
        self.enter(self.ada)
        for typed in ({"instead_of": "kari"}, {"instead_of": "nobody"}):
            answer = self.client.post(NAME, self.typed(**typed), follow=True)
            self.assertContains(answer, "This person does not belong to the organisation.")
        answer = self.client.get(f"{NAME}?for=nobody", follow=True)
        self.assertContains(answer, "This person does not belong to the organisation.")
        self.assertFalse(StandIn.objects.exists())

    def test_nobody_else_names_for_another(self):
        self.enter(self.ola)
        answer = self.client.post(NAME, self.typed(instead_of="eva"))
        self.assertEqual(answer.status_code, 403)
        self.assertIn("Only the person, or an administrator", self.read(f"{NAME}?for=eva"))

    def test_faults_stand_at_their_fields_and_reasons_above(self):
        self.enter(self.eva)
        answer = self.client.post(NAME, self.typed(until_at="soon"))
        self.assertContains(answer, "Until:", status_code=422)
        answer = self.client.post(NAME, self.typed(until_at="2020-01-01T00:00"))
        self.assertContains(answer, "The end lies in the past.", status_code=409)
        self.assertContains(answer, 'value="2020-01-01T00:00"', status_code=409)

    def test_who_is_away_too_is_warned_of(self):
        self.named()
        self.enter(self.ada)
        self.assertIn("Eva Test – away until", self.read(NAME))
        self.client.post(NAME, self.typed(person="eva", roles="administrator"))
        self.assertIn("does not pass on to Una Test", self.read("/organisation/"))

    def test_it_is_changed_and_ended(self):
        row = self.named()
        until = self.typed()["until_at"].replace("T", " ")[:10] + "T23:59"
        self.client.post(self.at(row), {"roles": "attestant", "until_at": until})
        row.refresh_from_db()
        self.assertEqual(days.local(row.until_at).strftime("%H:%M"), "23:59")
        self.assertIn("Changed. Both have been told.", self.read(self.at(row)))
        self.client.post(self.at(row, "end/"))
        row.refresh_from_db()
        self.assertTrue(row.is_over)
        self.assertIn("Over", self.read(self.at(row)))

    def test_others_of_the_house_read_and_strangers_find_nothing(self):
        row = self.named()
        self.assertIn("Una Test for Eva Test", self.page(self.ola, self.at(row)))
        for door in ("", "end/"):
            self.assertEqual(self.client.post(self.at(row, door)).status_code in (403, 422), True)
        self.enter(self.per)
        for method in (self.client.get, self.client.post):
            for door in ("", "end/", "brief/"):
                self.assertIn(method(self.at(row, door)).status_code, (404, 405))

    def test_the_brief_is_for_whoever_stands_in_alone(self):
        order = self.an_approved_order()
        row = self.named()
        page = self.page(self.una, self.at(row, "brief/"))
        self.assertIn(f"/cases/{order.case.number}/", page)
        for person in (self.eva, self.ada, self.per):
            self.page(person, self.at(row, "brief/"), status=404)

    def test_the_brief_links_each_event_and_costs_few_statements(self):
        row = self.named()
        order = self.an_approved_order()
        event = order.case.events.get(verb="order.approved")
        self.enter(self.una)
        page = self.read(self.at(row, "brief/"))
        self.assertIn(f"/cases/{order.case.number}/#event-{event.seq}", page)
        self.assertIn(f'id="event-{event.seq}"', self.read(f"/orders/{order.case.number}/"))
        before = len(self.asked(self.at(row, "brief/")))
        for _ in range(3):
            self.an_approved_order()
        self.assertEqual(len(self.asked(self.at(row, "brief/"))), before)
        self.assertLessEqual(before, 9)

    def test_a_notice_of_it_leads_there(self):
        row = self.named()
        notice = Notice.objects.get(person=self.una, kind="standin")
        self.enter(self.una)
        self.assertIn("You now stand in for Eva Test", self.read("/notices/"))
        self.assertRedirects(
            self.client.get(f"/notices/{notice.pk}/"), self.at(row), fetch_redirect_response=False
        )
        notice.refresh_from_db()
        self.assertIsNotNone(notice.read_at)

    def test_who_chooses_an_attestant_sees_who_is_away(self):
        order = self.a_sent_order()
        self.named()
        page = self.page(self.ola, f"/orders/{order.case.number}/review/")
        self.assertIn("Una Test stands in", page)


class ProgramsTest(StandInDoors):
    def test_named_listed_and_ended_by_programs(self):
        order = self.an_approved_order()
        until = (clock.now() + timedelta(days=1)).isoformat()
        body = {"person": "una", "until_at": until}
        told = self.as_api(self.eva, "post", "actions/name_stand_in", body)
        self.assertEqual(told.status_code, 201, told.content)
        (row,) = self.as_api(self.ola, "get", "stand-ins").json()["items"]
        self.assertEqual((row["person"], row["instead_of"]), ("Una Test", "Eva Test"))
        me = self.as_api(self.una, "get", "me").json()
        self.assertEqual([one["instead_of"] for one in me["stands_in_for"]], ["Eva Test"])
        brief = self.as_api(self.una, "get", f"stand-ins/{row['id']}/brief").json()
        self.assertEqual([one["case"] for one in brief["open"]], [order.case.number])
        self.assertEqual(
            self.as_api(self.eva, "get", f"stand-ins/{row['id']}/brief").status_code, 404
        )
        self.assertEqual(self.as_api(self.per, "get", "stand-ins").json()["items"], [])
        told = self.as_api(self.per, "post", "actions/end_stand_in", {"stand_in": row["id"]})
        self.assertEqual(told.status_code, 409)
        told = self.as_api(self.ola, "post", "actions/end_stand_in", {"stand_in": row["id"]})
        self.assertEqual(told.status_code, 403)
        told = self.as_api(self.una, "post", "actions/end_stand_in", {"stand_in": row["id"]})
        self.assertEqual(told.status_code, 201, told.content)

    def test_reasons_and_shapes(self):
        until = (clock.now() - timedelta(days=1)).isoformat()
        body = {"person": "una", "until_at": until}
        told = self.as_api(self.eva, "post", "actions/name_stand_in", body)
        self.assertEqual(told.status_code, 409)
        self.assertEqual(told.json()["reasons"][0]["code"], "period_over")
        told = self.as_api(self.eva, "post", "actions/name_stand_in", {"person": "una"})
        self.assertEqual(told.status_code, 422)


class FourEyesTest(DoorTest):
    def test_an_administrator_sets_it_and_the_journal_says_so(self):
        self.page(self.adam, "/organisation/four-eyes/")
        self.client.post("/organisation/four-eyes/", {"customer_attest": "reason"})
        self.assertEqual(Policy.objects.of(self.customer).at("customer_attest"), "reason")
        self.assertEqual(Policy.objects.of(self.customer).at("agent_attest"), "allow")
        self.assertIn("set what holds for four eyes", self.read("/organisation/journal/"))

    def test_nobody_else_does(self):
        for person in (self.kari, self.liv):
            self.enter(person)
            answer = self.client.post("/organisation/four-eyes/", {"customer_attest": "forbid"})
            self.assertEqual(answer.status_code, 403)
        told = self.as_api(self.kari, "post", "actions/set_four_eyes", {"customer_attest": "allow"})
        self.assertEqual(told.status_code, 403)
        wrong = self.as_api(self.adam, "post", "actions/set_four_eyes", {"customer_attest": "no"})
        self.assertEqual(wrong.status_code, 422)
        told = self.as_api(
            self.adam, "post", "actions/set_four_eyes", {"customer_attest": "forbid"}
        )
        self.assertEqual(told.status_code, 201, told.content)

    def test_what_waits_already_is_asked_anew(self):
        self.grant(self.kari, self.customer, "attestant")
        self.a_sent_order("npo-direct")
        for policy, waiting in (("forbid", 0), ("allow", 1)):
            for party in (self.agent, self.customer):
                Policy.objects.add(party, "order", {"four_eyes": policy})
                bar_anew(party.pk)
            self.assertEqual(turns.count(self.actor(self.kari)), waiting)
            self.assertEqual(turns.count(self.actor(self.liv)), 1)

    def test_the_reason_is_asked_for_signed_and_shown(self):
        self.grant(self.kari, self.customer, "attestant")
        Policy.objects.add(self.customer, "order", {"steps": {"customer_attest": "reason"}})
        order = self.a_sent_order("npo-direct")
        path = f"/orders/{order.case.number}/attest/"
        self.assertIn(
            "Why do you decide on what you prepared yourself?", self.page(self.kari, path)
        )
        self.assertNotIn("Why do you decide on what", self.page(self.liv, path))
        typed = {"decision": "approve", "method": "bankid"}
        told = self.as_api(self.kari, "post", f"cases/{order.case.number}/attest", typed)
        self.assertEqual(told.json()["reasons"][0]["code"], "reason_needed")
        why = "The others are at sea."
        signature = self.attests(self.kari, order, alone=why)
        self.assertEqual(signature.status, "complete", signature.reasons)
        self.assertIn(f"Why the same person decides: {why}", signature.document)
        page = self.page(self.kari, f"/orders/{order.case.number}/")
        self.assertIn(f"The same person decided alone: {why}", page)


class NaturalPersonTest(DoorTest):
    """Whoever prepared it, in whichever organisation, is the same person in whoever's place."""

    def barred(self, person, order):
        told = self.as_api(person, "get", f"cases/{order.case.number}").json()
        attest = next(one for one in told["actions"] if one["name"] == "attest")
        return [reason["code"] for reason in attest["reasons"]]

    def in_place(self, person, absent, order):
        actor = self.actor(person).in_place_of(absent)
        return [reason.code for reason in rules.attest(actor, order)]

    def forbid(self):
        Policy.objects.add(self.customer, "order", {"four_eyes": "forbid"})

    def stands_in(self, person, absent):
        StandIn.objects.create(person=person, instead_of=absent, organisation=self.customer)

    def test_the_orderer_does_not_attest_as_a_stand_in(self):
        order = self.a_sent_order("npo-direct")
        self.stands_in(self.kari, self.liv)
        self.assertEqual(self.barred(self.kari, order), [])
        self.forbid()
        self.assertNotEqual(self.barred(self.kari, order), [])
        self.assertEqual(self.in_place(self.kari, self.liv, order), ["four_eyes"])

    def test_nor_does_anybody_in_the_orderers_place(self):
        self.grant(self.kari, self.customer, "attestant")
        order = self.a_sent_order("npo-direct")
        self.stands_in(self.adam, self.kari)
        self.forbid()
        self.assertNotEqual(self.barred(self.adam, order), [])
        self.assertEqual(self.in_place(self.adam, self.kari, order), ["four_eyes"])

    def test_who_may_not_decide_is_not_called_in_anybodys_place(self):
        self.forbid()
        self.stands_in(self.kari, self.liv)
        self.a_sent_order("npo-direct")
        called = Notice.objects.filter(calls=True).values_list("person__username", flat=True)
        self.assertEqual([*called], ["liv"])

    def test_who_reviewed_at_the_agent_is_found_at_the_customer(self):
        self.joins(self.ola, self.customer)
        self.grant(self.ola, self.customer, "attestant")
        order = self.an_order_at_its_last_attest()
        self.forbid()
        told = self.as_api(
            self.ola, "get", f"cases/{order.case.number}", organisation=self.customer
        ).json()
        attest = next(one for one in told["actions"] if one["name"] == "attest")
        self.assertEqual([reason["code"] for reason in attest["reasons"]], ["four_eyes"])
        self.assertEqual(self.barred(self.liv, order), [])
