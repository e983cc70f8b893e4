"""An engagement at the programs' door."""

from ombud.cases.models import Case
from ombud.orders.engagements.models import Engagement
from ombud.signing.models import Signature
from tests.cast import CastTest
from tests.engagements.applying import TYPED, Applying
from tests.outside import sandbox


class ApiTest(Applying, CastTest):
    def does(self, person, number, deed, status, **body):
        answer = self.as_api(person, "post", f"cases/{number}/{deed}", body)
        self.assertEqual(answer.status_code, status, answer.content)
        return answer.json()

    def reads(self, person, number, status=200):
        answer = self.as_api(person, "get", f"cases/{number}")
        self.assertEqual(answer.status_code, status)
        return answer.json()

    def test_it_is_among_what_can_be_begun(self):
        for person, allowed in ((self.enok, True), (self.eva, False), (self.kari, False)):
            rows = self.as_api(person, "get", "actions").json()["items"]
            (one,) = [row for row in rows if row["name"] == "apply_for_engagement"]
            self.assertEqual(one["allowed"], allowed)

    def test_the_whole_road(self):
        answer = self.as_api(self.enok, "post", "actions/apply_for_engagement", TYPED)
        self.assertEqual(answer.status_code, 201, answer.content)
        number = answer.json()["number"]
        self.assertEqual(answer.json()["kind"], "engagement")
        (row,) = self.as_api(self.rut, "get", "cases?kind=engagement&mine=true").json()["items"]
        self.assertEqual((row["number"], row["state"]), (number, "operator_review"))
        told = self.does(self.rut, number, "ask", 200, note="Which version of it?")
        (waits,) = told["waiting_for"]
        known = (waits["organisation"], waits["role"])
        self.assertEqual(known, ("The agent", "engagement_orderer"))
        again = {name: TYPED[name] for name in ("contact", "answers")}
        self.does(self.enok, number, "complete", 200, answer="Version seven.", **again)
        self.does(self.rut, number, "approve", 200)
        self.does(self.rut, number, "approve", 409)
        sandbox()
        begun = self.does(self.eva, number, "attest", 202, decision="approve", method="bankid")
        if self.signing(begun).challenge.hint == "superseded":
            begun = self.does(self.eva, number, "attest", 202, decision="approve", method="bankid")
        self.signs(self.signing(begun))
        href = begun["signing"]["href"].removeprefix("/api/v1/")
        self.assertEqual(self.as_api(self.eva, "get", href).json()["status"], "complete")
        told = self.reads(self.enok, number)
        self.assertEqual((told["state"], told["waiting_for"]), ("active", []))
        self.assertEqual(told["data"]["service"]["key"], "npo")
        agents = self.as_api(self.kari, "get", "services/npo/agents").json()["items"]
        self.assertEqual(
            [one["organisation"]["name"] for one in agents if not one["reasons"]], ["The agent"]
        )
        told = self.does(self.rut, number, "end", 200, note="It is taken out of use.")
        self.assertEqual(told["state"], "ended")
        self.does(self.rut, number, "end", 409, note="It is taken out of use.")

    def signing(self, begun):
        return Signature.objects.get(pk=begun["signing"]["id"])

    def test_an_order_that_is_held_says_so(self):
        engagement = self.active()
        order = self.a_sent_order()
        self.ended(engagement)
        told = self.reads(self.kari, order.case.number)
        self.assertIsNotNone(told["data"]["held_at"])
        (waits,) = told["waiting_for"]
        known = (waits["organisation"], waits["role"])
        self.assertEqual(known, ("The agent", "engagement_orderer"))
        self.assertNotIn(
            "ENG", str(self.as_api(self.kari, "get", f"cases/{order.case.number}/events").json())
        )
        body = {"attestant": "eva", "certify": True, "accept_terms": True, "method": "bankid"}
        body["billing"] = {"reference": "8123"}
        told = self.does(self.ola, order.case.number, "approve", 409, **body)
        self.assertEqual(told["reasons"][0]["code"], "held")

    def test_wrong_hands_wrong_shapes_and_strangers(self):
        number = self.applies().case.number
        for deed in ("approve", "ask", "reject", "complete", "withdraw", "attest", "end"):
            self.does(self.per, number, deed, 404)
            self.does(self.kari, number, deed, 404)
        self.does(self.eva, number, "approve", 403)
        self.does(self.kim, number, "reject", 403, note="I do not like it.")
        self.does(self.rut, number, "withdraw", 403)
        self.does(self.rut, number, "ask", 422, note="short")
        self.does(self.rut, number, "end", 409, note="It has not begun.")
        self.does(self.eva, number, "attest", 409, decision="approve", method="bankid")
        self.reads(self.per, number, 404)
        self.assertEqual(Case.objects.get(number=number).head_seq, 1)

    def test_applying_has_its_own_refusals(self):
        def tries(person, status, **typed):
            answer = self.as_api(person, "post", "actions/apply_for_engagement", {**TYPED, **typed})
            self.assertEqual(answer.status_code, status, answer.content)
            return answer.json()

        tries(self.eva, 403)
        tries(self.kari, 403)
        tries(self.enok, 422, accept_terms=False)
        told = tries(self.enok, 422, answers={})
        self.assertEqual(told["errors"][0]["field"], "answers.system")
        tries(self.enok, 409, service="nix")
        tries(self.enok, 409, terms_version=7)
        tries(self.enok, 201)
        tries(self.enok, 409)
        self.assertEqual(Engagement.objects.count(), 1)
