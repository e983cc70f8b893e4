"""Asking for a role: who may, whom it reaches, once, and what the answer does."""

from ombud.lib.errors import Refused
from ombud.people import actions, journal, rules
from ombud.people.models import Ask, Entry, Grant, Notice, Office, StandIn, Standing
from ombud.post.models import Letter
from tests.cast import CastTest, TogetherTest, together


def codes(reasons):
    return [reason.code for reason in reasons]


class AskTest(CastTest):
    def asks(self, person=None, role="orderer"):
        actor = self.actor(person or self.liv)
        return actions.ask_for_role(actor.organisation, by=actor, role=role)

    def against(self, person, role="orderer"):
        actor = self.actor(person)
        return rules.ask_for_role(actor, actor.organisation, role)

    def test_the_administrators_are_told_by_notice_and_letter_and_nobody_else(self):
        entry = self.asks()
        self.assertEqual((entry.verb, entry.data), ("person.asked", {"role": "orderer"}))
        (notice,) = Notice.objects.all()
        self.assertEqual((notice.person, notice.kind, notice.calls), (self.adam, "person", True))
        (letter,) = Letter.objects.all()
        self.assertEqual(letter.subject, "Liv Test wants the role Orderer")
        self.assertIn("/organisation/?as=5560000019#asked", letter.body)
        self.assertIn("administrator of The customer", letter.html)
        self.customer.refresh_from_db()
        self.assertIsNone(journal.broken_at(self.customer))

    def test_it_is_told_in_the_administrators_language(self):
        self.adam.speak("sv")
        self.asks()
        self.assertEqual(Letter.objects.get().subject, "Liv Test vill ha rollen Beställare")

    def test_who_stands_in_for_the_administrator_is_told_too_unless_it_is_who_asks(self):
        for person in (self.kari, self.liv):
            StandIn.objects.create(person=person, instead_of=self.adam, organisation=self.customer)
        self.asks()
        [_own, told] = Notice.objects.filter(words="asked").order_by("pk")
        self.assertEqual((told.person, told.instead_of), (self.kari, self.adam))
        letter = Letter.objects.get(address="kari@example.org")
        self.assertIn("You get this because you stand in for Adam Test.", letter.body)

    def test_the_same_is_not_asked_twice(self):
        self.asks()
        [reason] = self.against(self.liv)
        self.assertEqual((reason.code, reason.because), ("asked_already", "time"))
        self.assertRegex(reason.text, r"^You asked Adam Test today \d\d\.\d\d\.$")
        with self.assertRaises(Refused):
            self.asks()
        self.assertEqual((Ask.objects.count(), Letter.objects.count()), (1, 1))
        self.assertEqual(self.against(self.liv, "contact"), [])

    def test_only_what_is_given_here_and_not_held_is_asked_for(self):
        self.assertEqual(codes(self.against(self.liv, "attestant")), ["held_already"])
        self.assertEqual(codes(self.against(self.liv, "agent_handler")), ["no_such_role"])
        self.assertEqual(self.against(self.ola, "agent_handler"), [])  # for more services

    def test_what_is_held_for_one_office_is_asked_for_the_whole(self):
        north = Office.objects.create(organisation=self.customer, name="North")
        Grant.objects.filter(person=self.liv, role="attestant").end()
        self.grant(self.liv, self.customer, "attestant", north.scope)
        self.assertEqual(self.against(self.liv, "attestant"), [])
        self.asks(role="attestant")
        self.client.force_login(self.liv)
        self.assertNotContains(self.client.get("/organisation/"), "You hold every role")

    def test_a_stranger_asks_for_nothing_here(self):
        reasons = rules.ask_for_role(self.actor(self.per), self.customer, "attestant")
        self.assertEqual(codes(reasons), ["not_member"])

    def test_before_the_agreement_is_signed_nothing_is_asked_for(self):
        Standing.objects.filter(organisation=self.customer).end()
        self.assertEqual(codes(self.against(self.liv)), ["not_signed"])

    def test_where_nobody_gives_roles_customer_service_helps(self):
        Grant.objects.filter(person=self.adam).end()
        [reason] = self.against(self.liv)
        self.assertEqual((reason.code, reason.who), ("nobody_gives", "customer service"))

    def test_the_one_administrator_does_not_ask_oneself(self):
        self.assertEqual(codes(self.against(self.adam)), ["nobody_gives"])


class AnswerTest(CastTest):
    def setUp(self):
        super().setUp()
        liv = self.actor(self.liv)
        actions.ask_for_role(self.customer, by=liv, role="orderer")
        self.by = self.actor(self.adam)

    def told(self, person, words):
        return Notice.objects.filter(person=person, words=words)

    def declines(self, note="", **more):
        typed = {"person": "liv", "role": "orderer", **more}
        return actions.decline_role(self.customer, by=self.by, **typed, note=note)

    def test_giving_answers_and_the_asker_hears(self):
        actions.grant(self.customer, by=self.by, person="liv", role="orderer")
        asked = Ask.objects.get()
        self.assertEqual((asked.outcome, asked.answered_by), ("given", self.adam))
        self.assertTrue(self.told(self.liv, "given").exists())
        self.assertIsNotNone(self.told(self.adam, "asked").get().over_at)
        letter = Letter.objects.get(address="liv@example.org")
        self.assertEqual(letter.subject, "You now hold the role Orderer at The customer")
        self.assertIn("/?as=5560000019", letter.body)
        verbs = Entry.objects.filter(journal_of=self.customer).values_list("verb", flat=True)
        self.assertEqual(list(verbs), ["person.asked", "person.granted"])

    def test_giving_another_role_answers_nothing(self):
        actions.grant(self.customer, by=self.by, person="liv", role="contact")
        self.assertIsNone(Ask.objects.get().answered_at)

    def test_a_no_is_told_with_its_reason_to_the_asker_alone(self):
        entry = self.declines("You are leaving us in May.")
        self.assertNotIn("May", str(entry.data))
        letter = Letter.objects.get(address="liv@example.org")
        self.assertIn("Why: You are leaving us in May.", letter.body)
        self.assertFalse(Letter.objects.exclude(pk=letter.pk).filter(body__contains="May").exists())
        self.assertFalse(Grant.objects.filter(person=self.liv, role="orderer").exists())
        self.customer.refresh_from_db()
        self.assertIsNone(journal.broken_at(self.customer))

    def test_after_a_no_one_waits_a_day(self):
        self.declines()
        liv = self.actor(self.liv)
        [reason] = rules.ask_for_role(liv, self.customer, "orderer")
        self.assertEqual(reason.code, "declined")
        self.assertIn("Adam Test said no today", reason.text)
        with self.after(days=1, minutes=1):
            self.assertEqual(rules.ask_for_role(liv, self.customer, "orderer"), [])

    def test_nobody_else_answers_and_nobody_twice(self):
        for person, code in ((self.kari, "not_administrator"), (self.ada, "not_administrator")):
            reasons = rules.decline_role(self.actor(person), self.customer, "liv", "orderer")
            self.assertEqual((codes(reasons), reasons[0].because), ([code], "right"))
        self.declines()
        reasons = rules.decline_role(self.by, self.customer, "liv", "orderer")
        self.assertEqual((codes(reasons), reasons[0].because), (["not_asked"], "time"))

    def test_who_has_left_waits_for_nothing(self):
        self.assertEqual(Ask.objects.open().count(), 1)
        self.liv.membership_set.end()
        self.assertEqual(Ask.objects.open().count(), 0)


class AtOnceTest(TogetherTest):
    def test_asked_at_once_it_is_asked_once(self):
        liv = self.actor(self.liv)
        ends = together(*[lambda: actions.ask_for_role(self.customer, by=liv, role="orderer")] * 3)
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 2, ends)
        self.assertEqual((Ask.objects.count(), Letter.objects.count()), (1, 1))

    def test_given_and_declined_at_once_one_counts(self):
        actions.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        by, named = self.actor(self.adam), {"person": "liv", "role": "orderer"}
        ends = together(
            lambda: actions.grant(self.customer, by=by, **named),
            lambda: actions.decline_role(self.customer, by=by, **named),
        )
        given = Grant.objects.filter(person=self.liv, role="orderer").exists()
        self.assertTrue(given, ends)
        told = Notice.objects.filter(person=self.liv).values_list("words", flat=True)
        self.assertEqual(len(told), 1)
