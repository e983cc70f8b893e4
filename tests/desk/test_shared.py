"""An account that two organisations have somebody in: neither of them takes it over."""

from ombud.desk import actions, rules
from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.people import actions as people
from ombud.people import steps, verifying
from ombud.people.actors import NOBODY
from ombud.people.models import Grant, Membership, Person, Verification
from ombud.people.roles import Role
from ombud.post.models import Letter
from tests.cast import CastTest
from tests.desk.doors import DoorTest
from tests.desk.proving import NEWCOMER

VERA = {"given": "Vera", "family": "Ny", "email": "vera@example.org"}
TAKEN = {"given": "Dan", "family": "Falsk", "email": "dan@example.net", "phone": ""}


class Sharing:
    def setUp(self):
        super().setUp()
        self.dan = self.person("dan", self.stranger, "administrator")
        self.standing(self.stranger, "agreement")
        people.add_person(self.customer, by=self.actor(self.adam), **VERA)
        self.vera = Person.objects.get(email=VERA["email"])
        person = self.vera.username
        people.grant(self.customer, by=self.actor(self.adam), person=person, role="administrator")

    def shares(self):
        """As it may stand from before: one account nobody has come to, in two organisations."""
        Membership.objects.create(person=self.vera, organisation=self.stranger)

    def changes(self, person=None):
        by, name = self.actor(self.dan), (person or self.vera).username
        return actions.change_person(self.stranger, by=by, person=name, **TAKEN)

    def codes(self, reasons):
        return [reason.code for reason in reasons]


class AddedTest(Sharing, CastTest):
    def test_an_address_alone_leads_to_no_account_of_another_organisation(self):
        people.add_person(self.stranger, by=self.actor(self.dan), **VERA)
        [other] = Person.objects.filter(email=VERA["email"]).exclude(pk=self.vera.pk)
        here = Membership.objects.filter(organisation=self.stranger)
        self.assertTrue(here.filter(person=other).exists())
        self.assertFalse(here.filter(person=self.vera).exists())

    def test_nor_does_an_agreement_that_names_it(self):
        known = {**VERA, "phone": "", "personal_number": "", "language": "sv"}
        by = self.actor(self.dan)
        other = steps.let_in(self.stranger, Role.CONTACT, by=by, **known)
        self.assertNotEqual(other, self.vera)

    def test_added_twice_by_the_same_organisation_it_is_one_account(self):
        people.add_person(self.customer, by=self.actor(self.adam), **VERA)
        for _ in range(2):
            people.add_person(self.stranger, by=self.actor(self.dan), **VERA)
        self.assertEqual(Person.objects.filter(email=VERA["email"]).count(), 2)

    def test_the_stranger_who_is_written_there_gets_no_role_of_the_first(self):
        people.add_person(self.stranger, by=self.actor(self.dan), **VERA)
        other = Person.objects.filter(email=VERA["email"]).exclude(pk=self.vera.pk).get()
        self.changes(other)
        row = Verification.objects.in_force().get(organisation=self.stranger)
        person = actions.verify_account(row, by=NOBODY, personal_number=NEWCOMER)
        self.assertEqual(person, other)
        self.assertFalse(Grant.objects.filter(person=person).exists())
        self.vera.refresh_from_db()
        self.assertEqual((self.vera.email, self.vera.personal_index), (VERA["email"], ""))

    def test_once_both_are_proven_it_is_one_account(self):
        people.add_person(self.stranger, by=self.actor(self.dan), **VERA)
        for row in Verification.objects.in_force():
            person = actions.verify_account(row, by=NOBODY, personal_number=NEWCOMER)
        belongs = Membership.objects.current().filter(person=person)
        here = set(belongs.values_list("organisation", flat=True))
        self.assertEqual(here, {self.customer.pk, self.stranger.pk})


class ChangedTest(Sharing, CastTest):
    def test_where_nobody_can_confirm_it_is_refused(self):
        self.shares()
        barred = rules.change_person(self.actor(self.dan), self.stranger, self.vera.username)
        self.assertEqual(self.codes(barred), ["not_yours_alone"])
        with self.assertRaises(Refused):
            self.changes()
        self.vera.refresh_from_db()
        self.assertEqual(self.vera.email, VERA["email"])
        self.assertFalse(Letter.objects.filter(address=TAKEN["email"]).exists())
        typed = {"person": self.vera.username, **TAKEN}
        told = self.as_api(self.dan, "post", "actions/change_person", typed)
        self.assertEqual(told.status_code, 409)

    def test_nobody_but_an_administrator_learns_that_it_is_anothers_too(self):
        self.shares()
        barred = rules.change_person(self.actor(self.per), self.stranger, self.vera.username)
        self.assertEqual(self.codes(barred), ["not_administrator"])

    def test_whoever_can_log_in_is_asked_and_nothing_changes_before(self):
        self.joins(self.liv, self.stranger)
        for seen in (None, clock.now()):
            Person.objects.filter(pk=self.liv.pk).update(seen_login_at=seen)
            entry = self.changes(self.liv)
            self.assertEqual(entry.verb, "person.change_asked")
            self.liv.refresh_from_db()
            self.assertEqual((str(self.liv), self.liv.email), ("Liv Test", "liv@example.org"))
        row = Verification.objects.in_force().get(person=self.liv)
        with self.assertRaises(Refused):
            actions.confirm_details(row, by=self.actor(self.dan))
        actions.confirm_details(row, by=self.actor(self.liv, self.customer))
        self.assertEqual(Person.objects.get(pk=self.liv.pk).email, TAKEN["email"])
        self.assertTrue(Letter.objects.filter(address="liv@example.org").exists())

    def test_who_has_left_the_other_is_changed_at_once(self):
        self.shares()
        Membership.objects.filter(organisation=self.customer, person=self.vera).end()
        Grant.objects.filter(person=self.vera).end()
        self.assertEqual(self.changes().verb, "person.changed")


class TiedTest(Sharing, CastTest):
    def link_of(self, organisation):
        row = Verification.objects.filter(person=self.vera).get()
        row.organisation = organisation
        row.sha256 = verifying.digest("the token")
        row.save()
        return row

    def matches(self, organisation):
        return verifying.matched("the token", VERA["email"], organisation.number)

    def test_no_organisations_letter_ties_an_account_that_is_anothers_too(self):
        row = self.link_of(self.stranger)
        self.shares()
        self.assertIsNone(self.matches(self.stranger))
        barred = rules.verify_account(NOBODY, row, NEWCOMER)
        self.assertEqual(self.codes(barred), ["link_spent"])
        for number in (NEWCOMER, self.per.personal_number):
            with self.assertRaises(Refused):
                actions.verify_account(row, by=NOBODY, personal_number=number)
        self.assertIsNone(Person.objects.of_number(NEWCOMER))

    def test_nor_one_in_which_a_role_is_held_elsewhere(self):
        row = self.link_of(self.customer)
        self.assertEqual(self.matches(self.customer), row)
        self.grant(self.vera, self.stranger, "contact")
        self.assertIsNone(self.matches(self.customer))

    def test_a_confirmation_of_details_still_opens_for_it(self):
        row = self.link_of(self.customer)
        self.shares()
        row.changes = {"email": VERA["email"]}
        row.save()
        self.assertEqual(self.matches(self.customer), row)


class TestPages(Sharing, DoorTest):
    PATH = "/organisation/people/change/"

    def test_the_page_says_why_not_and_what_to_do(self):
        self.shares()
        self.enter(self.dan)
        page = self.client.get(self.PATH, {"person": self.vera.username}).content.decode()
        self.assertIn("Deactivate the person here, and add a new one", page)
        self.assertNotIn('name="given"', page)
        answer = self.client.post(self.PATH, {"person": self.vera.username, **TAKEN})
        self.assertContains(answer, "Deactivate the person here", 1, status_code=409)

    def test_who_can_confirm_is_told_to_be_asked(self):
        self.joins(self.liv, self.stranger)
        self.enter(self.dan)
        page = self.client.get(self.PATH, {"person": "liv"}).content.decode()
        self.assertIn("confirms the change logged in", page)
        self.client.post(self.PATH, {"person": "liv", **TAKEN})
        self.assertIn(f"A letter has gone to {TAKEN['email']}", self.read("/organisation/"))
