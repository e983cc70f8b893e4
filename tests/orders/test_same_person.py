"""One person who prepares and attests: only by BankID, and under four eyes not at all; on the
pages and over the programs' door alike."""

import re

from ombud.orders.catalogue import Policy
from ombud.people.models import StandIn
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import GIVEN
from tests.desk.doors import DoorTest
from tests.outside import sandbox

YES = {"decision": "approve"}


class SamePersonTest(DoorTest):
    def setUp(self):
        super().setUp()
        self.grant(self.kari, self.customer, "attestant")

    def four_eyes(self, organisation=None):
        Policy.objects.add(organisation or self.customer, "order", {"four_eyes": True})

    def asks(self, person, order, method, **typed):
        body = {**YES, **typed, "method": method}
        return self.as_api(person, "post", f"cases/{order.case.number}/attest", body)

    def listed(self, person, order):
        told = self.as_api(person, "get", f"cases/{order.case.number}").json()
        return next(deed for deed in told["actions"] if deed["name"] == "attest")

    def posts(self, person, order, way, page="attest", **more):
        """The page's own form, with another way of signing than it offers."""
        path = f"/orders/{order.case.number}/{page}/"
        shown = self.page(person, path)
        main = shown[shown.index("<main") :]
        hidden = re.findall(r'<input type="hidden"[^>]* name="(\w+)" value="([^"]*)"', main)
        return self.client.post(path, {**dict(hidden), "way": way, **more}, follow=True)

    def codes(self, answer):
        return [reason["code"] for reason in answer.json()["reasons"]]

    # Only by BankID

    def test_the_page_offers_bankid_alone_and_takes_no_other(self):
        order = self.a_sent_order("npo-direct")
        page = self.page(self.kari, f"/orders/{order.case.number}/attest/")
        self.assertNotIn('value="sms"', page)
        self.assertIn("attests it only by BankID", page)
        answer = self.posts(self.kari, order, "sms")
        self.assertContains(answer, "Choose how.")
        self.assertFalse(Signature.objects.exists())

    def test_programs_are_told_and_refused_the_same(self):
        order = self.a_sent_order("npo-direct")
        self.assertEqual(self.listed(self.kari, order)["signed"], ["bankid"])
        self.assertEqual(self.listed(self.liv, order)["signed"], ["bankid", "sms"])
        answer = self.asks(self.kari, order, "sms")
        self.assertEqual((answer.status_code, self.codes(answer)), (409, ["same_person"]))
        self.assertFalse(Signature.objects.exists())

    def test_by_bankid_it_counts(self):
        order = self.a_sent_order("npo-direct")
        self.assertEqual(self.attests(self.kari, order).status, "complete")
        self.assertEqual(self.again(order).state, "case_open")

    def test_a_rejection_is_no_way_around(self):
        order = self.a_sent_order("npo-direct")
        answer = self.asks(self.kari, order, "sms", decision="reject", note="I changed my mind.")
        self.assertEqual((answer.status_code, self.codes(answer)), (409, ["same_person"]))

    def test_the_same_holds_for_handler_and_attestant_at_the_agent(self):
        self.grant(self.ola, self.agent, "attestant")
        order = self.a_sent_order()
        self.does(self.ola, order, "approve", attestant="ola", **GIVEN)
        page = self.page(self.ola, f"/orders/{order.case.number}/attest/")
        self.assertNotIn('value="sms"', page)
        answer = self.asks(self.ola, order, "sms")
        self.assertEqual(self.codes(answer), ["same_person"])
        self.assertEqual(self.attests(self.ola, order).status, "complete")

    def test_standing_in_for_the_attestant_is_no_way_around(self):
        self.kari.grant_set.filter(role="attestant").end()
        StandIn.objects.create(person=self.kari, instead_of=self.liv, organisation=self.customer)
        order = self.a_sent_order("npo-direct")
        answer = self.asks(self.kari, order, "sms")
        self.assertEqual((answer.status_code, self.codes(answer)), (409, ["same_person"]))
        self.four_eyes()
        answer = self.asks(self.kari, order, "bankid")
        self.assertEqual(answer.status_code, 403)

    # Under four eyes not at all

    def test_four_eyes_refuse_on_every_page(self):
        self.four_eyes()
        order = self.a_sent_order("npo-direct")
        for page in ("attest", "reject"):
            path = f"/orders/{order.case.number}/{page}/"
            self.assertIn("demands four eyes", self.page(self.kari, path, 403))
            answer = self.client.post(path, {"way": "other", "note": "A reason long enough."})
            self.assertContains(answer, "demands four eyes", status_code=403)
        self.assertIn("Approve with", self.page(self.liv, f"/orders/{order.case.number}/attest/"))

    def test_four_eyes_refuse_every_program(self):
        self.four_eyes()
        order = self.a_sent_order("npo-direct")
        listed = self.listed(self.kari, order)
        self.assertEqual((listed["allowed"], listed["reasons"][0]["code"]), (False, "four_eyes"))
        for method in ("bankid", "sms"):
            answer = self.asks(self.kari, order, method)
            self.assertEqual((answer.status_code, self.codes(answer)), (403, ["four_eyes"]))
        self.assertFalse(Signature.objects.exists())
        self.assertEqual(self.attests(self.liv, order).status, "complete")

    def test_four_eyes_of_the_agent_bar_the_handler(self):
        self.grant(self.ola, self.agent, "attestant")
        self.four_eyes(self.agent)
        order = self.a_sent_order()
        page = self.page(self.ola, f"/orders/{order.case.number}/review/")
        self.assertIn("your organisation demands that another attests", page)
        body = {**GIVEN, "attestant": "ola", "method": "bankid"}
        path = f"cases/{order.case.number}/approve"
        signing = self.as_api(self.ola, "post", path, body)
        self.assertEqual((signing.status_code, self.codes(signing)), (409, ["four_eyes"]))

    def test_four_eyes_demanded_after_the_choice_send_it_back(self):
        self.grant(self.ola, self.agent, "attestant")
        order = self.a_sent_order()
        self.does(self.ola, order, "approve", attestant="ola", **GIVEN)
        self.four_eyes(self.agent)
        answer = self.asks(self.ola, order, "bankid")
        self.assertEqual((answer.status_code, self.codes(answer)), (403, ["four_eyes"]))
        path = f"cases/{order.case.number}/send_back"
        answer = self.as_api(self.ola, "post", path, {"note": "Eva attests it instead."})
        self.assertEqual(answer.status_code, 200, answer.content)

    def test_four_eyes_demanded_while_the_phone_is_out_count(self):
        sandbox()
        order = self.a_sent_order("npo-direct")
        signature = self.begins(self.kari, order, "attest", **YES)
        self.four_eyes()
        self.signs(signature)
        signature = ceremony.collect(signature)
        self.assertEqual((signature.status, signature.hint), ("failed", "refused"))
        self.assertEqual(self.again(order).state, "customer_attest")
