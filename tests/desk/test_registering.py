"""A stranger registers by BankID and organisation number: an account without rights, until an
administrator has given some."""

import re
from unittest import mock

from django.core.cache import cache

from ombud.desk import actions, rules
from ombud.lib import identifiers
from ombud.lib.errors import Refused
from ombud.people.actors import NOBODY
from ombud.people.models import (
    Entry,
    Grant,
    Membership,
    Notice,
    Person,
    Registration,
    Verification,
)
from ombud.post.models import Letter
from tests.cast import NUMBERS, CastTest, TogetherTest, together
from tests.desk.doors import DoorTest
from tests.desk.proving import NEWCOMER, Proving

NAMED = {"given": "Nova", "family": "Ny", "email": "nova@example.org", "phone": ""}


def codes(reasons):
    return [reason.code for reason in reasons]


class Registering:
    def registers(self, organisation=None, number=NEWCOMER, **more):
        typed = {**NAMED, "language": "en", **more}
        here = organisation or self.customer
        return actions.register(here, by=NOBODY, personal_number=number, **typed)


class RegisterTest(Registering, CastTest):
    def test_an_account_without_any_right_and_the_administrators_are_told(self):
        person = self.registers()
        self.assertEqual((str(person), person.email), ("Nova Ny", ""))
        self.assertFalse(Membership.objects.filter(person=person).exists())
        row = Registration.objects.get()
        self.assertEqual((row.person, row.organisation), (person, self.customer))
        notice = Notice.objects.get()
        self.assertEqual(
            (notice.person, notice.words, notice.calls), (self.adam, "registered", True)
        )
        letter = Letter.objects.get(address="adam@example.org")
        self.assertEqual(letter.subject, "Nova Ny has registered with The customer")
        self.assertEqual(Entry.objects.get(journal_of=self.customer).verb, "person.registered")

    def test_the_address_is_nobodys_until_it_is_confirmed(self):
        person = self.registers(email="liv@example.org")
        self.assertEqual(Person.objects.filter(email="liv@example.org").get(), self.liv)
        row = Verification.objects.get()
        self.assertEqual((row.person, row.changes), (person, {"email": "liv@example.org"}))
        self.assertIsNotNone(Letter.objects.get(address="liv@example.org"))

    def test_who_has_an_account_gets_no_other(self):
        person = self.registers(self.stranger, number=self.liv.personal_number)
        self.assertEqual(person, self.liv)
        self.assertEqual(person.email, "liv@example.org")
        self.assertFalse(Verification.objects.exists())

    def test_not_twice_not_where_one_belongs_and_not_everywhere(self):
        person = self.registers()
        barred = rules.register(NOBODY, self.customer, person)
        self.assertEqual(codes(barred), ["registered_already"])
        self.assertEqual(codes(rules.register(NOBODY, self.customer, self.liv)), ["member_already"])
        for organisation in (self.agent, self.stranger):
            self.registers(organisation)
        self.assertEqual(codes(rules.register(NOBODY, self.operator, person)), ["too_many"])

    def test_an_organisation_is_not_flooded(self):
        self.registers()
        with mock.patch.object(rules, "MOST_A_DAY", 1):
            self.assertEqual(codes(rules.register(NOBODY, self.customer)), ["too_many_here"])
            with self.after(days=1, minutes=1):
                self.assertEqual(rules.register(NOBODY, self.customer), [])

    def test_after_a_no_one_waits_a_month(self):
        person = self.registers()
        row = Registration.objects.get()
        actions.refuse_person(self.customer, by=self.actor(self.adam), registration=row.pk)
        self.assertEqual(codes(rules.register(NOBODY, self.customer, person)), ["refused"])
        with self.after(days=31):
            self.assertEqual(rules.register(NOBODY, self.customer, person), [])


class AnswerTest(Registering, CastTest):
    def setUp(self):
        super().setUp()
        self.nova = self.registers()
        self.row = Registration.objects.get()

    def admits(self, role="orderer", scope="", by=None):
        by = self.actor(by or self.adam)
        typed = {"registration": self.row.pk, "role": role, "scope": scope}
        return actions.admit_person(by.organisation, by=by, **typed)

    def test_admitted_with_a_role_and_the_task_is_over(self):
        entry = self.admits()
        self.assertEqual((entry.verb, entry.data["role"]), ("person.admitted", "orderer"))
        self.assertEqual(self.actor(self.nova, self.customer).roles, ["orderer"])
        self.assertIsNotNone(Notice.objects.get(words="registered").over_at)
        self.row.refresh_from_db()
        self.assertEqual((self.row.outcome, self.row.answered_by), ("admitted", self.adam))

    def test_by_program_too_and_listed_for_administrators_alone(self):
        listed = self.as_api(self.adam, "get", "people/registered").json()["items"]
        self.assertEqual([one["person"] for one in listed], ["Nova Ny"])
        told = listed[0]
        self.assertEqual((told["email"], told["is_confirmed"]), (NAMED["email"], False))
        self.assertEqual(told["personal_number"], identifiers.masked_person(NEWCOMER))
        self.assertNotIn(NEWCOMER[-4:], told["personal_number"])
        self.assertEqual(self.as_api(self.kari, "get", "people/registered").json()["items"], [])
        typed = {"registration": listed[0]["id"], "role": "contact"}
        told = self.as_api(self.kari, "post", "actions/admit_person", typed)
        self.assertEqual(told.status_code, 403)
        told = self.as_api(self.ada, "post", "actions/admit_person", typed)
        self.assertEqual(told.status_code, 409)
        told = self.as_api(self.adam, "post", "actions/admit_person", typed)
        self.assertEqual((told.status_code, told.json()["verb"]), (201, "person.admitted"))
        told = self.as_api(self.adam, "post", "actions/refuse_person", {"registration": 1})
        self.assertEqual(told.status_code, 409)

    def test_what_is_not_given_here_is_not_given(self):
        barred = rules.admit_person(
            self.actor(self.adam), self.customer, self.row.pk, "agent_handler"
        )
        self.assertEqual(codes(barred), ["no_such_role"])


class TestPages(Registering, Proving, DoorTest):
    FORM = {"number": "556000-0019", "email": "nova@example.org", "right": "on"}

    def setUp(self):
        super().setUp()
        cache.clear()

    def test_a_stranger_registers_and_waits_and_sees_nothing(self):
        self.assertIn("/register/", self.read("/login/"))
        self.assertIn("Identify yourself with BankID.", self.read("/register/"))
        self.assertEqual(self.client.post("/register/", self.FORM).status_code, 200)
        self.assertFalse(Registration.objects.exists())
        self.assertEqual(self.proves("register"), "/register/")
        self.assertIn("BankID knows you as", self.read("/register/"))
        answer = self.client.post("/register/", self.FORM)
        self.assertRedirects(answer, "/registrations/", fetch_redirect_response=False)
        page = self.read("/registrations/")
        self.assertIn("The customer", page)
        self.assertIn("Waits for the organisation&#39;s administrator", page.replace("'", "&#39;"))
        for path in ("/organisation/", "/cases/", "/approvals/"):
            self.assertNotIn("Adam Test", self.client.get(path).content.decode())
        self.assertNotIn(NEWCOMER, page)

    def test_the_number_that_was_asked_for_is_kept_on_the_way_through_bankid(self):
        page = self.read(f"/register/?number={self.customer.number}")
        kept = re.search(r'name="number" value="([^"]*)"', page)
        self.assertIsNotNone(kept)
        back = self.proves("register", number=kept[1])
        self.assertEqual(back, f"/register/?number={self.customer.number}")
        field = re.search(r'<input[^>]*name="number"[^>]*>', self.read(back))
        self.assertIn(f'value="{self.customer.number}"', field[0])

    def test_faults_are_told_and_what_was_proven_stays(self):
        self.proves("register")
        answer = self.client.post("/register/", {"number": "5560000019"})
        self.assertEqual(answer.status_code, 422)
        answer = self.client.post("/register/", {**self.FORM, "right": ""})
        self.assertContains(answer, "Tick that the details are right.", status_code=422)
        answer = self.client.post("/register/", {**self.FORM, "number": "5560360793"})
        self.assertContains(answer, "There is no organisation with this number", status_code=422)
        self.assertEqual(self.client.post("/register/", self.FORM).status_code, 302)

    def test_one_proof_serves_one_purpose_and_for_half_an_hour(self):
        self.proves("help")
        self.assertNotIn("BankID knows you as", self.read("/register/"))
        self.proves("register")
        with self.after(minutes=31):
            self.assertNotIn("BankID knows you as", self.read("/register/"))

    def test_who_is_logged_in_registers_as_oneself_only(self):
        self.enter(self.per)
        self.proves("register")
        answer = self.client.get("/register/")
        self.assertContains(answer, "somebody else", status_code=409)
        self.proves("register", self.per.personal_number)
        answer = self.client.post("/register/", {"number": "5560000019", "right": "on"})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Registration.objects.get().person, self.per)

    def test_one_account_in_several_organisations(self):
        self.proves("register", self.liv.personal_number)
        self.assertIn("You have an account already", self.read("/register/"))
        typed = {"number": self.stranger.number, "right": "on"}
        self.assertEqual(self.client.post("/register/", typed).status_code, 302)
        row = Registration.objects.get()
        boss = self.person("pia", self.stranger, "administrator")
        self.standing(self.stranger, "agreement")
        by = self.actor(boss)
        actions.admit_person(self.stranger, by=by, registration=row.pk, role="orderer")
        held = Grant.objects.current().filter(person=self.liv)
        self.assertEqual(set(held.values_list("role", flat=True)), {"attestant", "orderer"})
        self.assertEqual(Person.objects.filter(personal_index=self.liv.personal_index).count(), 1)


class AtOnceTest(Registering, TogetherTest):
    def test_the_same_person_at_several_places_at_once_is_one_account(self):
        ends = together(
            lambda: self.registers(self.customer),
            lambda: self.registers(self.agent),
            lambda: self.registers(self.customer),
        )
        refused = [end for end in ends if isinstance(end, Refused)]
        self.assertEqual(len(refused), 1, ends)
        self.assertEqual(len({end.pk for end in ends if isinstance(end, Person)}), 1, ends)

    def test_admitted_and_refused_at_once_one_counts(self):
        self.registers(number=NUMBERS[14])
        row, by = Registration.objects.get(), self.actor(self.adam)
        ends = together(
            lambda: actions.admit_person(self.customer, by=by, registration=row.pk, role="contact"),
            lambda: actions.refuse_person(self.customer, by=by, registration=row.pk),
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1, ends)
