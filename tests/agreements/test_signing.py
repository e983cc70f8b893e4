"""Signing, declining, new links and new terms: the right person, the wrong one, the wrong time."""

from datetime import timedelta

from ombud.agreements import actions, rules
from ombud.agreements.models import Agreement
from ombud.agreements.tasks import tell_newer, tell_terms
from ombud.cases import sight
from ombud.cases.models import Turn
from ombud.lib import days
from ombud.lib.errors import Refused
from ombud.people import rules as people_rules
from ombud.people.actors import NOBODY, Actor
from ombud.people.models import Grant, Membership, Notice, Person, Standing
from ombud.signing import ceremony
from tests.agreements.applying import (
    JOINTLY,
    SEVERALLY,
    Applying,
    expired,
    letters_to,
    somebody,
    text_of,
)
from tests.cast import CastTest
from tests.catalogue import words
from tests.outside import sandbox


def codes(reasons):
    return [reason.code for reason in reasons]


class SignTest(Applying, CastTest):
    def test_the_signatory_signs_by_link_and_the_agreement_is_in_force(self):
        agreement = self.approved()
        signature = self.signs_by_link(agreement, self.signatory(agreement))
        self.assertEqual(signature.status, "complete", signature.hint)
        self.assertIsNone(signature.person)
        agreement = self.fresh(agreement)
        self.assertEqual(agreement.state, "active")
        self.assertIn(agreement.paper.sha256, signature.document)
        held = Standing.objects.get(organisation=agreement.organisation)
        self.assertEqual((held.what, held.case_number), ("agreement", agreement.case.number))
        anna = Person.objects.get(email="anna@example.org")
        self.assertEqual(
            people_rules.grant(
                Actor(anna, agreement.organisation), held.organisation, anna.username, "orderer"
            ),
            [],
        )
        event = agreement.case.events.get(verb="agreement.agreed")
        self.assertEqual((event.person, event.via), (None, "link"))
        self.assertEqual(event.data["pass"], self.signatory(agreement).guest_id)
        self.assertEqual(event.words.body, {"name": "Sixten Ny"})

    def test_everybody_gets_the_paper(self):
        agreement = self.in_force()
        self.assertIn("You can give roles from now on", letters_to("anna@example.org")[-1].body)
        for email in ("carl@example.org", "rut@example.org"):
            self.assertIn("has been signed", letters_to(email)[-1].body)
        for email in ("sixten@example.org", "maja@example.org"):
            letter = letters_to(email)[-1]
            self.assertIn("has been signed", text_of(letter))
        self.assertTrue(sight.check(agreement.case))

    def test_the_wrong_person_is_refused_and_nothing_is_decided(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        signature = self.begins_by_link(agreement, one)
        token = signature.challenge.auto_start_token
        told = sandbox().client.post(
            "/control/bankid/open",
            json={"auto_start_token": token, "person": self.kari.personal_number},
        )
        self.assertGreaterEqual(told.status_code, 400)
        self.assertEqual(ceremony.collect(signature).status, "pending")
        self.assertEqual(self.fresh(agreement).state, "awaiting_signature")

    def test_jointly_all_must_sign_and_severally_one(self):
        agreement = self.approved(**JOINTLY)
        first, second = agreement.signatories
        self.signs_by_link(agreement, first)
        self.assertEqual(self.fresh(agreement).state, "awaiting_signature")
        reasons = rules.sign(self.guest(first), self.fresh(agreement))
        self.assertEqual(codes(reasons), ["signed_already"])
        self.signs_by_link(agreement, second)
        self.assertEqual(self.fresh(agreement).state, "active")

    def test_severally_the_other_need_not(self):
        agreement = self.approved(**SEVERALLY)
        first, second = agreement.signatories
        self.signs_by_link(agreement, first)
        agreement = self.fresh(agreement)
        self.assertEqual(agreement.state, "active")
        self.assertEqual(codes(rules.sign(self.guest(second), agreement)), ["in_force"])

    def test_nobody_signs_but_whom_the_link_was_sent_to(self):
        agreement = self.approved()
        anna = Person.objects.get(email="anna@example.org")
        admin = Actor(anna, agreement.organisation)
        for actor in (admin, self.actor(self.rut), self.applicant(agreement), NOBODY):
            for rule in (rules.sign, rules.decline):
                self.assertEqual(codes(rule(actor, agreement)), ["not_signatory"])

    def test_who_declines_says_why_and_a_new_link_opens_it_again(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        actions.decline(agreement, by=self.guest(one), note="I am not signatory any more.")
        agreement = self.fresh(agreement)
        self.assertEqual(agreement.state, "declined")
        self.assertEqual(codes(rules.decline(self.guest(one), agreement)), ["declined_already"])
        turn = Turn.objects.get(case=agreement.case, until=None)
        self.assertEqual(turn.role, "reviewer")
        actions.resend(agreement, by=self.actor(self.rut), signatory=one.pk)
        self.assertEqual(self.fresh(agreement).state, "awaiting_signature")

    def test_of_several_one_may_decline_and_the_other_sign(self):
        agreement = self.approved(**SEVERALLY)
        first, second = agreement.signatories
        actions.decline(agreement, by=self.guest(first), note="Ask Stina instead.")
        self.assertEqual(self.fresh(agreement).state, "awaiting_signature")
        self.signs_by_link(agreement, second)
        self.assertEqual(self.fresh(agreement).state, "active")

    def test_a_new_link_kills_the_old_one_and_may_go_elsewhere(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        old = self.guest(one)
        anna = Actor(Person.objects.get(email="anna@example.org"), agreement.organisation)
        actions.resend(agreement, by=anna, signatory=one.pk, email="sixten@home.example.org")
        agreement = self.fresh(agreement)
        self.assertEqual(codes(rules.sign(old, agreement)), ["not_signatory"])
        self.assertIsNone(sight.eyes(old, agreement.case))
        self.assertEqual(len(letters_to("sixten@home.example.org")), 1)
        self.assertEqual(rules.sign(self.guest(self.signatory(agreement)), agreement), [])

    def test_strangers_do_not_send_links(self):
        agreement = self.approved()
        for actor in (self.actor(self.adam), self.actor(self.kim), self.applicant(agreement)):
            (reason,) = rules.resend(actor, agreement)
            self.assertEqual(reason.because, "right")
        self.assertEqual(
            codes(rules.resend(self.actor(self.rut), self.applies_anew())), ["not_approved"]
        )

    def applies_anew(self):
        return self.applies(number="5599999090")

    def test_a_link_that_has_run_out_is_dead(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        expired(one)
        self.assertFalse(one.guest.is_in_force)
        with self.after(days=31):
            other = self.approved(number="5599999090", signatories=[somebody("Ture", 11)])
            self.assertTrue(self.signatory(other).guest.is_in_force)

    def test_who_comes_by_it_neither_signs_nor_declines_and_a_new_one_does(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        with self.after(days=31):
            for rule in (rules.sign, rules.decline):
                reasons = rule(self.guest(one), self.fresh(agreement))
                self.assertEqual(codes(reasons), ["link_run_out"])
            with self.assertRaises(Refused):
                actions.decline(agreement, by=self.guest(one), note="Too late.")
            actions.resend(agreement, by=self.actor(self.rut), signatory=one.pk)
            self.assertEqual(self.signs_by_link(agreement, one).status, "complete")

    def test_who_began_while_it_held_is_in_time(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        signature = self.begins_by_link(agreement, one)
        expired(one)
        sandbox().sign(one.personal_number, signature.challenge.auto_start_token)
        self.assertEqual(ceremony.collect(signature).status, "complete")
        self.assertEqual(self.fresh(agreement).state, "active")

    def test_the_applicants_link_runs_out_too(self):
        agreement = self.applies()
        actions.ask(agreement, by=self.actor(self.rut), note="Something is missing.")
        by, agreement = self.applicant(agreement), self.fresh(agreement)
        self.assertEqual(rules.complete(by, agreement), [])
        with self.after(days=366):
            self.assertEqual(codes(rules.complete(by, agreement)), ["not_applicant"])

    def test_a_rejection_after_approval_lets_everybody_go(self):
        agreement = self.approved()
        actions.reject(agreement, by=self.actor(self.rut), note="They have gone bankrupt.")
        here = agreement.organisation
        self.assertFalse(Grant.objects.current().filter(organisation=here).exists())
        self.assertFalse(Membership.objects.current().filter(organisation=here).exists())
        self.assertFalse(self.signatory(agreement).guest.is_in_force)

    def test_whom_another_application_names_too_stays_till_that_is_rejected(self):
        agreement = self.approved()
        other = self.both_ways(agreement)
        here, by = agreement.organisation, self.actor(self.rut)
        anna = Actor(Person.objects.get(email="anna@example.org"), here)
        actions.reject(other, by=by, note="They are no agent.")
        self.assertTrue(anna.holds("administrator", here))
        actions.reject(agreement, by=by, note="They have gone bankrupt.")
        self.assertFalse(Grant.objects.current().filter(organisation=here).exists())
        self.assertFalse(Membership.objects.current().filter(organisation=here).exists())

    def test_an_application_alone_makes_nobody_administrator_beside_an_agreement_in_force(self):
        agreement = self.in_force()
        other = self.both_ways(agreement, administrator=somebody("Arne", 10))
        here = agreement.organisation
        held = Grant.objects.current().filter(organisation=here, role="administrator")
        self.assertEqual([grant.person.email for grant in held], ["anna@example.org"])
        self.assertFalse(Membership.objects.filter(person__email="arne@example.org").exists())
        told = Notice.objects.filter(case_number=other.case.number, organisation=here)
        told = sorted(told.values_list("person__email", "words"))
        self.assertEqual(told, [("anna@example.org", "coming"), ("carl@example.org", "contact")])
        letter = letters_to("anna@example.org")[-1]
        self.assertIn("It names Arne Ny, who can log in when Sixten Ny has signed", letter.body)
        for one in self.fresh(other).signatories:
            self.signs_by_link(other, one)
        held = Grant.objects.current().filter(organisation=here, role="administrator")
        emails = sorted(held.values_list("person__email", flat=True))
        self.assertEqual(emails, ["anna@example.org", "arne@example.org"])
        told = Notice.objects.filter(person__email="arne@example.org", words="in_force_roles")
        self.assertEqual(told.count(), 1)

    def test_beside_an_agreement_whoever_administers_already_is_told_as_always(self):
        other = self.both_ways(self.in_force())
        told = Notice.objects.filter(
            case_number=other.case.number, person__email="anna@example.org"
        )
        self.assertEqual([one.words for one in told], ["administrator"])

    def test_rejected_beside_an_agreement_in_force_it_changes_nobody(self):
        agreement = self.in_force()
        other = self.both_ways(agreement, administrator=somebody("Carl", 14))
        here = agreement.organisation
        actions.reject(other, by=self.actor(self.rut), note="They are no agent.")
        held = Grant.objects.current().filter(organisation=here)
        told = sorted(held.values_list("person__email", "role"))
        self.assertEqual(
            told, [("anna@example.org", "administrator"), ("carl@example.org", "contact")]
        )

    def test_rejected_it_lets_nobody_go_who_belonged_before(self):
        agreement = self.in_force()
        here = agreement.organisation
        arne = somebody("Arne", 10)
        known = {name: arne[name] for name in ("given", "family", "personal_number", "email")}
        person = Person.objects.begin("arne", **known)
        Membership.objects.create(person=person, organisation=here)
        other = self.both_ways(agreement, contacts=[arne])
        self.assertTrue(Grant.objects.current().filter(person=person, role="contact").exists())
        actions.reject(other, by=self.actor(self.rut), note="They are no agent.")
        self.assertFalse(Grant.objects.current().filter(person=person).exists())
        self.assertTrue(Membership.objects.current().filter(person=person).exists())

    def both_ways(self, agreement, **changed):
        """The same organisation applies as an agent too, and is approved."""
        typed = {"side": "agent", "category": "", **changed}
        other = self.delivers_all(self.applies(**typed))
        by = self.actor(self.rut)
        for what in ("tax", "credit", "dpo", "isms"):
            actions.tick(other, by=by, what=what)
        return self.fresh(actions.approve(self.fresh(other), by=by))


class TermsTest(Applying, CastTest):
    def announces(self, valid_on, burdening=False):
        return actions.announce(
            self.operator,
            by=self.actor(self.siv),
            side="customer",
            title=words("New"),
            text=words("1. New\nBetter."),
            changes=words("Logs are kept longer."),
            burdening=burdening,
            valid_on=valid_on.isoformat(),
        )

    def test_burdening_changes_hold_three_months_on(self):
        first = days.months_after(days.today(), 3)
        with self.assertRaises(Refused) as no:
            self.announces(first - timedelta(days=1), burdening=True)
        self.assertEqual(codes(no.exception.reasons), ["too_soon"])
        self.announces(first, burdening=True)
        self.announces(days.today())

    def test_contact_persons_are_told_once_with_the_date(self):
        agreement = self.in_force()
        self.announces(days.months_after(days.today(), 3), burdening=True)
        terms = agreement.terms.__class__.objects.latest("pk")
        self.assertEqual(tell_terms(terms.pk), 1)
        self.assertEqual(tell_terms(terms.pk), 0)
        self.assertEqual(tell_terms(agreement.terms.pk), 0)
        letter = letters_to("carl@example.org")[-1]
        self.assertIn(days.plain(terms.valid_from), letter.subject)
        self.assertIn("Logs are kept longer.", letter.body)
        self.assertIn("three months", letter.body)
        self.assertFalse(
            [one for one in letters_to("anna@example.org") if "New terms" in one.subject]
        )
        self.assertEqual(self.fresh(agreement).terms.version, 1)
        self.client.force_login(Person.objects.get(email="carl@example.org"))
        page = self.client.get(f"/agreements/{agreement.case.number}/").content.decode()
        self.assertIn("Version 2 holds from", page)
        self.assertIn("Better.", page)

    def test_what_was_announced_before_the_signature_is_told_once_it_is_signed(self):
        agreement = self.approved()
        self.announces(days.months_after(days.today(), 3), burdening=True)
        terms = agreement.terms.__class__.objects.latest("pk")
        self.assertEqual(tell_terms(terms.pk), 0)
        self.signs_by_link(agreement, agreement.signatories[0])
        self.assertEqual(self.fresh(agreement).state, "active")
        number = agreement.case.number
        self.assertEqual((tell_newer(number), tell_newer(number)), (1, 0))
        letter = letters_to("carl@example.org")[-1]
        self.assertIn(days.plain(terms.valid_from), letter.subject)

    def test_only_the_catalogue_administrator_announces(self):
        for person in (self.rut, self.adam, self.kim):
            self.assertEqual(
                rules.announce(self.actor(person), self.operator)[0].code, "not_catalogue_admin"
            )

    def test_nobody_tells_of_terms_but_the_house(self):
        agreement = self.in_force()
        (reason,) = rules.tell_terms(self.actor(self.siv), agreement, 2)
        self.assertEqual(reason.code, "not_the_system")


class CountTest(Applying, CastTest):
    def test_nothing_is_left_of_a_refused_application(self):
        self.applies()
        with self.assertRaises(Refused):
            self.applies()
        self.assertEqual(Agreement.objects.count(), 1)
