"""What has the wrong shape is told at the field where it is, and yes is said with true."""

from tests.cast import BILLING, GIVEN, CastTest
from tests.desk.test_api_deeds import ApiCase
from tests.outside import sandbox


class ShapeTest(ApiCase):
    def fields(self, told):
        self.assertEqual(told.status_code, 422, told.content)
        return [error["field"] for error in told.json()["errors"]]

    def test_a_fault_names_its_field(self):
        draft, order = self.a_draft(), self.a_sent_order("npo-direct")
        attest = {"decision": "reject", "method": "bankid"}
        for person, matter, deed, body, field in (
            (self.kari, draft, "send", {"accept_terms": False}, "accept_terms"),
            (self.kari, draft, "send", {}, "accept_terms"),
            (self.liv, order, "attest", attest, "note"),
            (self.liv, order, "attest", {**attest, "note": "Short"}, "note"),
            (self.liv, order, "attest", {**attest, "note": "no \0 zero, ten long"}, "note"),
            (self.liv, order, "send_back", {"note": "Short"}, "note"),
        ):
            self.assertEqual(self.fields(self.do(person, matter, deed, body)), [field], body)

    def test_yes_is_true_and_nothing_else(self):
        sandbox()
        order, draft = self.a_sent_order(), self.a_draft()
        whole = {"attestant": "eva", "method": "bankid", **GIVEN, "billing": BILLING}
        for name in ("certify", "accept_terms"):
            for said in ("yes", "on", 1, "true"):
                told = self.do(self.ola, order, "approve", {**whole, name: said})
                self.assertEqual(self.fields(told), [name], said)
        self.assertEqual(
            self.fields(self.do(self.kari, draft, "send", {"accept_terms": "on"})), ["accept_terms"]
        )


class EmptyOfferTest(CastTest):
    def test_an_empty_offer_is_a_fault_at_its_field(self):
        told = self.as_api(self.kari, "post", "actions/start_order", {"offer": ""})
        self.assertEqual(told.status_code, 422, told.content)
        self.assertEqual([one["field"] for one in told.json()["errors"]], ["offer"])
