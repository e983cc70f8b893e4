"""An administrator says what references on invoices look like; order and review are checked."""

import time

from ombud.lib.errors import Misshapen, Refused
from ombud.orders import actions, gaps, papers, references, rules
from ombud.orders.forms import SetReference
from ombud.people import forms
from tests.cast import GIVEN, CastTest

OWN = {"kind": "own", "pattern": r"[A-Z]{2}-\d{3,4}", "example": "AB-123"}


class ReferenceTest(CastTest):
    def says(self, person, organisation, **body):
        actions.set_reference(organisation, by=self.actor(person), **body)

    def draft(self, reference):
        billing = {"reference": reference, "address": "", "e_invoice": ""}
        return self.a_draft("npo-direct", billing=billing)

    def test_nobody_is_checked_until_somebody_has_said_something(self):
        self.assertEqual(gaps.of(self.draft("whatever 17")), [])

    def test_a_customers_reference_is_checked_and_told_how_it_should_look(self):
        self.says(self.adam, self.customer, kind="four")
        for good in ("8123", "9000", " 8123 "):
            self.assertEqual(gaps.of(self.draft(good)), [], good)
        for wrong in ("7123", "81234", "Kari", "8 123"):
            [gap] = gaps.of(self.draft(wrong))
            self.assertEqual(gap["field"], "billing.reference")
            self.assertIn("four digits that begin with 8 or 9, as 8123.", gap["text"])
        with self.assertRaises(Misshapen):
            actions.send(self.draft("Kari"), by=self.actor(self.kari), accept_terms=True)

    def test_the_agents_is_its_own(self):
        self.says(self.ada, self.agent, **OWN)
        order = self.a_sent_order()
        [gap] = papers.lacking(order, **{**GIVEN, "attestant": "eva"})
        self.assertEqual(gap["field"], "billing.reference")
        self.assertIn("The agent writes its references so: as AB-123.", gap["text"])
        billing = {"reference": "CD-1234"}
        given = {**GIVEN, "attestant": "eva", "billing": billing}
        self.assertEqual(papers.lacking(order, **given), [])

    def test_both_doors_answer_422_at_the_field(self):
        self.says(self.ada, self.agent, **OWN)
        number = self.a_sent_order().case.number
        body = {"attestant": "eva", "method": "bankid", **GIVEN}
        told = self.as_api(self.ola, "post", f"cases/{number}/approve", body)
        self.assertEqual(told.status_code, 422, told.content)
        self.assertIn("billing.reference", [one["field"] for one in told.json()["errors"]])
        self.client.force_login(self.ola)
        english = {"accept-language": "en"}
        page = self.client.get(f"/orders/{number}/review/", headers=english).content.decode()
        self.assertIn("As AB-123.", page)

    def test_only_an_administrator_of_the_organisation_says_it(self):
        for person in (self.kari, self.ada, self.per):
            [reason] = rules.set_reference(self.actor(person), self.customer)
            self.assertEqual((reason.code, str(reason.who)), ("not_administrator", "Adam Test"))
        with self.assertRaises(Refused):
            self.says(self.kari, self.customer, kind="four")

    def test_the_page_tries_one_and_saves(self):
        self.client.force_login(self.adam)
        path, english = "/organisation/reference/", {"accept-language": "en"}
        typed = {**OWN, "sample": "AB-12"}
        page = self.client.post(path, {**typed, "do": "try"}, headers=english).content.decode()
        self.assertIn("AB-12 does not fit.", page)
        self.assertEqual(references.of(self.customer).kind, "any")
        page = self.client.post(
            path, {**typed, "sample": "AB-1234", "do": "try"}, headers=english
        ).content.decode()
        self.assertIn("AB-1234 fits.", page)
        self.client.post(path, typed)
        self.assertEqual(references.of(self.customer).pattern, OWN["pattern"])
        wrong = self.client.post(path, {**OWN, "example": "17"}, headers=english)
        self.assertEqual(wrong.status_code, 422)
        self.assertIn("The example does not fit the pattern.", wrong.content.decode())
        self.client.force_login(self.kari)
        page = self.client.get(path, headers=english).content.decode()
        self.assertIn("Only an administrator says what references look like.", page)
        self.assertEqual(self.client.post(path, OWN).status_code, 403)

    def test_the_api_sets_it_and_the_journal_knows(self):
        done = self.as_api(self.adam, "post", "actions/set_reference", {"kind": "digits"})
        self.assertEqual(done.status_code, 201, done.content)
        self.assertEqual(self.customer.journal.last().verb, "reference.set")
        barred = self.as_api(self.kari, "post", "actions/set_reference", {"kind": "digits"})
        self.assertEqual(barred.status_code, 403)

    def test_a_pattern_that_could_take_long_is_refused(self):
        for pattern in (
            r"(a+)+",
            r"\d*\d*\d*",
            "a|b",
            "",
            "[",
            r"\d{0,9}" * 4,
            r"a{2}{3}",
            "(?i)a",
        ):
            with self.subTest(pattern), self.assertRaises(Misshapen):
                forms.read(SetReference, {"kind": "own", "pattern": pattern, "example": "a"})
        begun = time.monotonic()
        body = references.ReferenceBody(kind="own", pattern=r"\d{0,99}" * 3 + "x", example="x")
        references.fits(body, "1" * 200)
        self.assertLess(time.monotonic() - begun, 1)
