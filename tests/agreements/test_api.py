"""An agreement at the programs' door: the operator's deeds, and reading for those whose it is."""

from ombud.people.models import Person, Token
from tests.agreements.applying import Applying
from tests.cast import CastTest
from tests.catalogue import words


class ApiTest(Applying, CastTest):
    def does(self, person, agreement, deed, status, **body):
        path = f"cases/{agreement.case.number}/{deed}"
        answer = self.as_api(person, "post", path, body)
        self.assertEqual(answer.status_code, status, answer.content)
        return answer.json()

    def reads(self, person, agreement, status=200):
        answer = self.as_api(person, "get", f"cases/{agreement.case.number}")
        self.assertEqual(answer.status_code, status)
        return answer.json()

    def test_the_reviewer_finds_reads_and_decides(self):
        agreement = self.applies()
        (row,) = self.as_api(self.rut, "get", "cases?kind=agreement&mine=true").json()["items"]
        self.assertEqual((row["number"], row["state"]), (agreement.case.number, "submitted"))
        told = self.reads(self.rut, agreement)
        self.assertEqual(told["data"]["applicant"]["name"], "Maja Maker")
        allowed = {one["name"] for one in told["actions"] if one["allowed"]}
        self.assertEqual(allowed, {"approve", "ask", "reject", "note"})
        told = self.does(self.rut, agreement, "approve", 200)
        self.assertEqual(told["state"], "awaiting_signature")
        (waits,) = told["waiting_for"]
        self.assertEqual((waits["organisation"], waits["role"]), ("Nya vårdcentralen", "signatory"))
        self.does(self.rut, agreement, "approve", 409)

    def test_who_waits_for_a_guest_names_no_organisation(self):
        agreement = self.applies()
        told = self.does(self.rut, agreement, "ask", 200, note="Something is missing here.")
        (waits,) = told["waiting_for"]
        self.assertEqual((waits["organisation"], waits["role"]), (None, "applicant"))
        (row,) = self.as_api(self.rut, "get", "cases?kind=agreement").json()["items"]
        self.assertEqual(row["waiting_for"][0]["organisation"], None)
        self.assertEqual(self.client.get("/cases/").status_code, 302)
        self.client.force_login(self.rut)
        self.assertIn("Applicant", self.client.get("/cases/").content.decode())

    def test_a_stranger_finds_nothing_and_the_wrong_hand_may_not(self):
        agreement = self.applies()
        for deed in ("approve", "ask", "reject", "tick", "sign", "resend", "note", "complete"):
            self.does(self.per, agreement, deed, 404)
        self.does(self.kim, agreement, "approve", 403)
        self.does(self.rut, agreement, "ask", 422, note="short")
        self.reads(self.adam, agreement, 404)

    def test_nobody_with_a_token_signs(self):
        agreement = self.approved()
        anna = Person.objects.get(email="anna@example.org")
        here = agreement.organisation
        token = f"token of {anna.username} at {here.number}"
        Token.objects.create(person=anna, organisation=here, sha256=Token.digest(token))
        for deed, body in (
            ("sign", {"method": "bankid"}),
            ("decline", {"note": "I will not do so."}),
        ):
            told = self.does(anna, agreement, deed, 403, **body)
            self.assertEqual(told["reasons"][0]["code"], "not_signatory")
        self.does(anna, agreement, "resend", 200, signatory=self.signatory(agreement).pk)
        answer = self.as_api(
            anna, "post", "actions/grant", {"person": anna.username, "role": "orderer"}
        )
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(answer.json()["reasons"][0]["code"], "not_signed")

    def test_documents_and_events_are_read(self):
        agreement = self.in_force()
        path = f"cases/{agreement.case.number}"
        (paper,) = self.as_api(self.rut, "get", f"{path}/documents").json()["items"]
        self.assertEqual(paper["sha256"], agreement.paper.sha256)
        events = self.as_api(self.rut, "get", f"{path}/events").json()["items"]
        verbs = [event["verb"] for event in events]
        self.assertEqual(verbs[-2:], ["agreement.signed", "agreement.agreed"])
        self.assertEqual(events[-1]["person"], None)
        self.assertEqual(events[-1]["data"]["name"], "Sixten Ny")

    def test_terms_are_announced(self):
        body = {
            "side": "customer",
            "title": words("New"),
            "text": words("Better."),
            "valid_on": "2019-01-01",
        }
        answer = self.as_api(self.siv, "post", "actions/announce", body)
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(self.as_api(self.rut, "post", "actions/announce", body).status_code, 403)
        body["valid_on"] = "2999-01-01"
        self.assertEqual(self.as_api(self.siv, "post", "actions/announce", body).status_code, 201)
