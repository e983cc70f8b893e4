"""Nothing of an application is met outside its circles, through whichever door."""

from django.test import Client
from django.urls import reverse

from ombud.agreements import actions
from ombud.cases.models import Case
from ombud.people.models import Person
from tests.agreements.applying import Applying, letters_to, somebody, token_in
from tests.cast import CastTest
from tests.leak import probe
from tests.leak.policy import API, PAGES

# What is planted in each circle.
MARKS = {
    "applicant": ["sokandens-brev@example.org", "DPO-LAPPEN"],
    "operator:inner": ["OPERATORLAPPEN"],
}


class LeakTest(Applying, CastTest):
    def setUp(self):
        super().setUp()
        admin = somebody("Anna", 12)
        agreement = self.an_agent_applies(
            applicant={"name": "Maja", "email": "sokandens-brev@example.org"}, administrator=admin
        )
        agreement = self.delivers_all(agreement)
        by = self.applicant(agreement)
        actions.deliver(agreement, by=by, what="dpo", words="DPO-LAPPEN")
        for what in ("tax", "credit", "dpo", "isms"):
            actions.tick(agreement, by=self.actor(self.rut), what=what)
        actions.note(agreement, by=self.actor(self.rut), text="OPERATORLAPPEN")
        agreement = self.fresh(agreement)
        self.agreement = self.fresh(actions.approve(agreement, by=self.actor(self.rut)))
        here = self.agreement.organisation
        self.anna = Person.objects.get(email="anna@example.org")
        self.carl = Person.objects.get(email="carl@example.org")
        self.olga = self.person("olga", here, "attestant", personal_number="")

    def met(self, person) -> set[str]:
        text = "".join(text for _, text in self.walked(person))
        return {circle for circle, marks in MARKS.items() if any(m in text for m in marks)}

    def walked(self, person):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(person)
        number = self.agreement.case.number
        for name, policy in PAGES.items():
            if policy in ("own", "number"):
                args = [number] if policy == "number" else []
                answer = client.get(reverse(name, args=args))
                if answer.status_code == 200:
                    yield name, probe.text_of(answer)
        for operation in API:
            method, path = operation.split(" ", 1)
            if method == "GET" and "{" not in path.replace("{number}", ""):
                full = path.replace("{number}", number).removeprefix("/api/v1/")
                if person in self.with_token():
                    answer = self.as_api(person, "get", full)
                    if answer.status_code == 200:
                        yield operation, probe.text_of(answer)

    def with_token(self):
        return [self.rut, self.kim, self.siv, self.olga, self.per, self.adam, self.ola]

    def test_each_meets_the_own_circles_and_no_others(self):
        wanted = {
            self.rut: {"applicant", "operator:inner"},
            self.kim: {"applicant", "operator:inner"},
            self.anna: {"applicant"},
            self.carl: {"applicant"},
            self.olga: set(),
            self.siv: set(),
            self.per: set(),
            self.adam: set(),
            self.ola: set(),
        }
        for person, circles in wanted.items():
            with self.subTest(person.username):
                self.assertEqual(self.met(person), circles)

    def test_a_signatory_meets_neither_and_the_applicant_the_own(self):
        for email, circles in (("sixten@example.org", set()), ("sokandens-brev@example.org", None)):
            at = reverse("agreement:guest", args=[token_in(letters_to(email)[-1])])
            text = Client(headers={"Accept-Language": "en"}).get(at).content.decode()
            self.assertNotIn("OPERATORLAPPEN", text)
            if circles is None:
                self.assertIn("DPO-LAPPEN", text)
            else:
                self.assertFalse(
                    [mark for marks in MARKS.values() for mark in marks if mark in text]
                )

    def test_no_letter_carries_a_token_that_can_be_read(self):
        for email in ("sixten@example.org", "sokandens-brev@example.org"):
            for letter in letters_to(email):
                self.assertNotIn(token_in(letter), letter.body + letter.html + letter.subject)

    def test_a_file_is_for_who_sees_its_circle(self):
        key = self.agreement.papers.get(what="tax").document.key
        path = reverse("agreement:file", args=[self.agreement.case.number, key])
        elsewhere = reverse("agreement:file", args=["AGR9999999", key])
        told = ((self.rut, 200), (self.anna, 200), (self.olga, 404), (self.per, 404))
        for person, status in told:
            client = Client()
            client.force_login(person)
            with self.subTest(person.username):
                self.assertEqual(client.get(path).status_code, status)
                self.assertEqual(client.get(elsewhere).status_code, 404)
        answer = self.as_api(self.rut, "get", f"documents/{key}")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.as_api(self.olga, "get", f"documents/{key}").status_code, 404)

    def test_strangers_get_the_answer_of_a_number_that_never_was(self):
        before = Case.objects.get(pk=self.agreement.case.pk).head_seq
        for person in (self.per, self.adam, self.ola, self.siv):
            client = Client()
            client.force_login(person)
            for name in (
                n for n, p in PAGES.items() if p == "number" and n.startswith("agreement")
            ):
                for method in (client.get, client.post):
                    there = method(reverse(name, args=[self.agreement.case.number]))
                    nowhere = method(reverse(name, args=["AGR9999999"]))
                    with self.subTest(name, person=person.username):
                        self.assertEqual(there.status_code, nowhere.status_code)
                        self.assertIn(there.status_code, (404, 405))
        self.assertEqual(Case.objects.get(pk=self.agreement.case.pk).head_seq, before)
