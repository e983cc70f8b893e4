"""Signatories who have not signed are reminded by the clock, and can be replaced before they do."""

from datetime import datetime, timedelta

from ombud.agreements import actions, rules, tasks
from ombud.agreements.catalogue import SigningPolicy
from ombud.lib import clock, days
from ombud.lib.errors import Refused
from ombud.people.actors import THE_SYSTEM
from ombud.post.models import Letter
from tests.agreements.applying import JOINTLY, SEVERALLY, Applying, somebody
from tests.cast import NUMBERS, CastTest, TogetherTest, together
from tests.desk.doors import DoorTest

NEW = {
    "given": "Nora",
    "family": "Ny",
    "email": "nora@example.org",
    "personal_number": NUMBERS[11],
}


def codes(reasons):
    return [reason.code for reason in reasons]


def until_work(count: int) -> dict:
    """How far it is to ten in the morning of the first working day, so many days on."""
    then = days.local(clock.now()) + timedelta(days=count)
    then = then.replace(hour=10, minute=0, second=0, microsecond=0)
    if then - days.local(clock.now()) < timedelta(days=count):
        then += timedelta(days=1)
    while then.weekday() > 4:
        then += timedelta(days=1)
    return {"seconds": (then - days.local(clock.now())).total_seconds()}


class RemindTest(Applying, CastTest):
    def reminders(self):
        found = Letter.objects.filter(subject__startswith="Reminder").order_by("pk")
        return [letter.subject.partition(":")[0] for letter in found]

    def test_by_the_days_that_the_operator_has_said_and_each_once(self):
        agreement = self.approved()
        self.assertEqual(tasks.remind_signatories(), 0)
        with self.after(**until_work(2)):
            self.assertEqual(tasks.remind_signatories(), 1)
            self.assertEqual(tasks.remind_signatories(), 0)
        self.assertEqual(self.reminders(), ["Reminder 1 of 3"])
        event = agreement.case.events.last()
        self.assertEqual((event.verb, event.data["nth"]), ("agreement.reminded", 1))

    def test_after_a_long_pause_it_is_one_letter_and_not_three(self):
        self.approved()
        with self.after(**until_work(20)):
            self.assertEqual(tasks.remind_signatories(), 1)
            self.assertEqual(tasks.remind_signatories(), 0)
        self.assertEqual(self.reminders(), ["Reminder 3 of 3"])

    def test_the_new_link_signs_and_the_one_before_it_is_dead(self):
        agreement = self.approved()
        before = agreement.signatories[0].guest
        with self.after(**until_work(2)):
            tasks.remind_signatories()
            before.refresh_from_db()
            self.assertFalse(before.is_in_force)
            one = self.fresh(agreement).signatories[0]
            self.assertTrue(one.guest.is_in_force)

    def test_who_has_signed_or_declined_is_not_reminded(self):
        agreement = self.approved(**SEVERALLY)
        one = agreement.signatories[0]
        actions.decline(agreement, by=one.guest.actor(), note="I have left the board.")
        with self.after(**until_work(2)):
            self.assertEqual(tasks.remind_signatories(), 1)

    def test_the_operator_says_the_days_or_none(self):
        self.approved()
        by = self.actor(self.siv)
        actions.set_signing_reminders(self.operator, by=by, reminders=[])
        with self.after(**until_work(9)):
            self.assertEqual(tasks.remind_signatories(), 0)
        barred = rules.set_signing_reminders(self.actor(self.kim), self.operator)
        self.assertEqual(codes(barred), ["not_catalogue_admin"])
        typed = {"reminders": [1, 3]}
        told = self.as_api(self.kim, "post", "actions/set_signing_reminders", typed)
        self.assertEqual(told.status_code, 403)
        told = self.as_api(self.siv, "post", "actions/set_signing_reminders", typed)
        self.assertEqual(told.status_code, 201)
        self.assertEqual(SigningPolicy.objects.count(), 2)
        told = self.as_api(self.siv, "post", "actions/set_signing_reminders", {"reminders": [0]})
        self.assertEqual(told.status_code, 422)

    def test_only_the_house_reminds_and_not_at_night(self):
        agreement = self.approved()
        one = agreement.signatories[0]
        barred = rules.remind(self.actor(self.rut), agreement, one.pk)
        self.assertIn("not_the_system", codes(barred))
        self.assertEqual(codes(rules.remind(THE_SYSTEM, agreement, one.pk)), ["not_due"])
        for day, hour, at_work in (
            (23, 10, True),
            (23, 7, False),
            (23, 17, False),
            (28, 10, False),
        ):
            now = datetime(2026, 11, day, hour, 30, tzinfo=days.STOCKHOLM)
            self.assertEqual(tasks.is_at_work(now), at_work, now)


class ReplaceTest(Applying, CastTest):
    def replaces(self, agreement, one, by=None, **more):
        typed = {"signatory": one.pk, **NEW, **more}
        return self.fresh(actions.replace(agreement, by=by or self.actor(self.rut), **typed))

    def test_the_old_link_dies_and_the_new_one_signs(self):
        agreement = self.approved()
        one, paper = agreement.signatories[0], agreement.paper
        before = one.guest
        agreement = self.replaces(agreement, one)
        before.refresh_from_db()
        self.assertFalse(before.is_in_force)
        self.assertIsNone(agreement.signatory_of(before.actor()))
        [new] = agreement.signatories
        self.assertEqual(str(new), "Nora Ny")
        self.assertNotEqual(agreement.paper.sha256, paper.sha256)
        self.assertTrue(Letter.objects.filter(address="nora@example.org").exists())
        self.assertEqual(rules.sign(new.guest.actor(), agreement), [])

    def test_who_signed_the_paper_before_signs_the_new_one_too(self):
        agreement = self.approved(**JOINTLY)
        first, second = agreement.signatories
        self.signs(agreement, first)
        agreement = self.replaces(self.fresh(agreement), second)
        again = next(one for one in agreement.signatories if one.pk == first.pk)
        self.assertIsNone(again.signed_at)
        letter = Letter.objects.filter(address=first.email).latest("pk")
        self.assertIn("Sign anew", letter.subject)
        for one in agreement.signatories:
            self.signs(self.fresh(agreement), one)
        self.assertEqual(self.fresh(agreement).state, "active")

    def signs(self, agreement, one):
        mine = next(row for row in self.fresh(agreement).signatories if row.pk == one.pk)
        self.assertEqual(self.signs_by_link(agreement, mine).status, "complete")

    def test_by_the_reviewer_or_the_organisations_administrator_and_nobody_else(self):
        agreement = self.approved()
        one = agreement.signatories[0]
        anna = next(row.person for row in agreement.people if row.part == "administrator")
        self.assertEqual(rules.replace(self.actor(anna), agreement, one.pk, **NEW), [])
        for person in (self.kim, self.adam, self.per):
            barred = rules.replace(self.actor(person), agreement, one.pk, **NEW)
            self.assertEqual(barred[0].because, "right", person)
        told = self.as_api(self.per, "post", f"cases/{agreement.case.number}/replace", {})
        self.assertEqual(told.status_code, 404)

    def test_not_before_approval_nor_when_signed_nor_somebody_named_already(self):
        self.assertEqual(
            codes(rules.replace(self.actor(self.rut), self.applies(), 0))[0], "not_approved"
        )

    def test_somebody_named_already_is_not_named_twice(self):
        agreement = self.approved(**JOINTLY)
        first, second = agreement.signatories
        typed = {**NEW, "personal_number": second.personal_number}
        barred = rules.replace(self.actor(self.rut), agreement, first.pk, **typed)
        self.assertEqual(codes(barred), ["named_already"])
        self.signs(agreement, first)
        barred = rules.replace(self.actor(self.rut), self.fresh(agreement), first.pk, **NEW)
        self.assertEqual(codes(barred), ["signed_already"])

    def test_by_program(self):
        agreement = self.approved()
        typed = {"signatory": agreement.signatories[0].pk, **NEW}
        path = f"cases/{agreement.case.number}/replace"
        told = self.as_api(self.rut, "post", path, {**typed, "personal_number": ""})
        self.assertEqual(told.status_code, 422)
        told = self.as_api(self.rut, "post", path, typed)
        self.assertEqual(told.status_code, 200, told.content)
        self.assertNotIn(NEW["personal_number"], told.content.decode())


class LetInTest(Applying, CastTest):
    def test_a_contact_person_without_a_personal_number_gets_a_link_to_prove_the_account(self):
        agreement = self.approved(contacts=[somebody("Cora", 99)])
        letters = Letter.objects.filter(address="cora@example.org", subject__startswith="Welcome")
        self.assertIn("/verify/", letters.get().words)
        self.assertFalse(Letter.objects.filter(address="anna@example.org", secret=True).exists())
        self.assertEqual(agreement.state, "awaiting_signature")


class TestPage(Applying, DoorTest):
    def test_the_reviewer_replaces_by_page(self):
        agreement = self.approved()
        one = agreement.signatories[0]
        number = agreement.case.number
        page = self.page(self.rut, f"/agreements/{number}/")
        self.assertIn("Somebody else signs", page)
        door = f"/agreements/{number}/replace/"
        self.assertIn("Replace Sixten Ny", self.read(f"{door}?signatory={one.pk}"))
        answer = self.client.post(door, {"signatory": one.pk, **NEW, "email": "nora"})
        self.assertContains(answer, "name@example.org", status_code=422)
        answer = self.client.post(door, {"signatory": one.pk, **NEW})
        self.assertEqual(answer.status_code, 302)
        self.assertIn("Nora Ny", self.read(f"/agreements/{number}/"))
        answer = self.client.post(door, {"signatory": one.pk, **NEW})
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(self.client.get(door).status_code, 200)


class AtOnceTest(Applying, TogetherTest):
    def test_replaced_twice_at_once_it_happens_once(self):
        agreement = self.approved()
        one, by = agreement.signatories[0], self.actor(self.rut)
        ends = together(*[lambda: actions.replace(agreement, by=by, signatory=one.pk, **NEW)] * 2)
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1, ends)
        self.assertEqual([str(row) for row in self.fresh(agreement).signatories], ["Nora Ny"])
