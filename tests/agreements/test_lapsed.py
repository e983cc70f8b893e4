"""Links to sign by that have run out: who is told, once, and who has the ball then."""

from unittest import mock

from django.test import Client

from ombud.agreements import actions, rules, tasks
from ombud.people.models import Grant, Notice
from ombud.people.roles import Role
from tests.agreements.applying import JOINTLY, Applying, expired, letters_to, token_in
from tests.cast import CastTest


class LapsedTest(Applying, CastTest):
    def hourly(self):
        with mock.patch.object(tasks, "is_at_work", lambda now: True):
            tasks.remind_signatories()

    def lapsed(self, **typed):
        agreement = self.approved(**typed)
        for one in agreement.signatories:
            expired(one)
        self.hourly()
        return self.fresh(agreement)

    def resent(self, agreement, nth=0):
        one = agreement.signatories[nth]
        actions.resend(agreement, by=self.actor(self.rut), signatory=one.pk)
        return self.fresh(agreement)

    def told(self, **which):
        found = Notice.objects.filter(words="lapsed", **which)
        return sorted(found.values_list("person__email", flat=True))

    def ball(self, agreement):
        return agreement.case.turn_set.get(until=None).role

    def test_reviewer_and_administrator_are_told_once(self):
        agreement = self.lapsed()
        self.hourly()
        self.assertEqual(self.told(), sorted([self.rut.email, "anna@example.org"]))
        self.assertEqual(self.told(calls=True), [self.rut.email])
        self.assertEqual(self.ball(agreement), Role.REVIEWER)
        self.assertEqual(agreement.case.events.filter(verb="agreement.lapsed").count(), 1)
        self.assertIn("has run out", letters_to("anna@example.org")[-1].subject)

    def test_pages_say_so(self):
        agreement = self.approved()
        token = token_in(letters_to("maja@example.org")[0])
        words = "The link to sign by has run out. The operator sends a new one."
        said = "Länken att skriva under med har gått ut. The operator skickar en ny."
        self.assertNotContains(self.client.get(f"/agreements/link/{token}/"), said)
        expired(agreement.signatories[0])
        self.hourly()
        self.assertContains(self.client.get(f"/agreements/link/{token}/"), said)
        reviewer = Client()
        reviewer.force_login(self.rut)
        self.assertContains(reviewer.get(agreement.get_absolute_url()), words)

    def test_before_it_nothing_is_told(self):
        agreement = self.approved()
        self.hourly()
        self.assertEqual((self.told(), self.ball(agreement)), ([], "signatory"))

    def test_a_new_link_gives_the_ball_back_and_is_signed_by(self):
        agreement = self.resent(self.lapsed())
        self.assertEqual((agreement.has_lapsed, self.ball(agreement)), (False, "signatory"))
        self.signs_by_link(agreement, agreement.signatories[0])
        self.assertEqual(self.fresh(agreement).state, "active")

    def test_who_sign_jointly_are_waited_for_once_each_has_a_link(self):
        agreement = self.resent(self.lapsed(**JOINTLY))
        self.hourly()
        self.assertEqual(agreement.case.events.filter(verb="agreement.lapsed").count(), 1)
        self.assertEqual(self.ball(agreement), Role.REVIEWER)
        self.assertEqual(self.ball(self.resent(agreement, 1)), "signatory")

    def test_of_an_organisation_that_is_somebodys_whoever_administers_it_is_told(self):
        held = Grant.objects.holding(Role.ADMINISTRATOR, self.agent)
        emails = sorted(held.values_list("person__email", flat=True))
        self.lapsed(number=self.agent.number)
        self.assertEqual(self.told(organisation=self.agent), emails)

    def test_nobody_but_the_house_tells_that(self):
        agreement = self.approved()
        expired(agreement.signatories[0])
        (reason,) = rules.lapse(self.actor(self.rut), self.fresh(agreement))
        self.assertEqual(reason.code, "not_the_system")
