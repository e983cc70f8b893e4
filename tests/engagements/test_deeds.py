"""Each deed of an engagement: the right person, the wrong person, the wrong time, a stranger."""

from django.db import IntegrityError, transaction
from django.utils import translation

from ombud.cases import sight, timeline
from ombud.cases.models import Turn
from ombud.lib.errors import Misshapen, Refused
from ombud.orders import agents
from ombud.orders import rules as order_rules
from ombud.orders.catalogue import Policy, Service, Terms
from ombud.orders.engagements import actions, rules
from ombud.people.actors import NOBODY, THE_SYSTEM
from ombud.people.models import Entry, Grant, Notice, Standing
from ombud.post.models import Letter
from ombud.signing import ceremony
from tests.cast import CastTest
from tests.catalogue import words
from tests.engagements.applying import TYPED, Applying


def codes(reasons):
    return [reason.code for reason in reasons]


def told(case, words):
    rows = Notice.objects.filter(case_number=case.number, words=words)
    return sorted(rows.values_list("person__username", flat=True))


class ApplyTest(Applying, CastTest):
    def test_the_engagement_orderer_applies_and_the_reviewer_is_asked(self):
        engagement = self.applies()
        self.assertRegex(engagement.case.number, r"^ENG\d{7}$")
        self.assertEqual((engagement.state, engagement.key), ("operator_review", "npo"))
        turn = Turn.objects.get(case=engagement.case, until=None, shadow=False)
        self.assertEqual((turn.organisation, turn.role), (self.operator, "reviewer"))
        self.assertEqual(told(engagement.case, "review"), ["rut"])
        self.assertEqual(told(engagement.case, "received"), ["enok"])
        self.assertTrue(sight.check(engagement.case))
        self.assertIsNone(timeline.verify_chain(engagement.case))

    def test_both_parties_see_it_and_nobody_else(self):
        case = self.applies().case
        seeing = [self.enok, self.eva, self.ada, self.ola, self.rut, self.kim]
        for person in seeing:
            self.assertIsNotNone(sight.eyes(self.actor(person), case), person)
        for actor in (self.actor(self.kari), self.actor(self.adam), self.actor(self.per), NOBODY):
            self.assertIsNone(sight.eyes(actor, case))

    def test_a_handler_of_another_service_does_not_see_it(self):
        other = self.person("oda", self.agent, "agent_handler", "service:other")
        self.assertIsNone(sight.eyes(self.actor(other), self.applies().case))

    def test_it_is_called_so_in_each_language(self):
        case = self.applies().case
        found = {}
        for language in ("sv", "nb", "en"):
            with translation.override(language):
                found[language] = case.title.partition(":")[0]
        wanted = {"sv": "Agentuppdrag", "nb": "Agentoppdrag", "en": "Agent engagement"}
        self.assertEqual(found, wanted)

    def test_only_an_engagement_orderer_of_an_agent_applies(self):
        for person in (self.eva, self.ada, self.ola):
            (reason,) = rules.apply_for_engagement(self.actor(person), "npo")
            self.assertEqual((reason.code, reason.because), ("not_engagement_orderer", "right"))
        for actor in (self.actor(self.kari), self.actor(self.rut), NOBODY, THE_SYSTEM):
            self.assertEqual(codes(rules.apply_for_engagement(actor, "npo")), ["not_agent"])
        with self.assertRaises(Refused) as no:
            actions.apply_for_engagement(by=NOBODY, **TYPED)
        self.assertEqual(no.exception.status, 403)

    def test_an_agreement_and_an_attestant_come_first(self):
        Standing.objects.filter(what="agent_agreement").end()
        Grant.objects.filter(person=self.eva).end()
        found = rules.apply_for_engagement(self.actor(self.enok), "npo")
        self.assertEqual(codes(found), ["agent_no_agreement", "no_attestant"])
        with self.assertRaises(Refused) as no:
            self.applies()
        self.assertEqual(no.exception.status, 409)

    def test_there_is_one_at_a_time_for_a_service(self):
        engagement = self.applies()
        (reason,) = rules.apply_for_engagement(self.actor(self.enok), "npo")
        self.assertEqual(reason.code, "applied_already")
        self.assertIn(engagement.case.number, reason.text)
        with self.assertRaises(Refused):
            self.applies()

    def test_the_database_refuses_a_second_too(self):
        engagement = self.applies()
        with self.assertRaises(IntegrityError), transaction.atomic():
            other = self.fresh(engagement)
            other.case = self.a_draft().case
            other.pk = other.case.pk
            other._state.adding = True
            other.save(force_insert=True)

    def test_who_has_one_is_told_so_also_of_one_from_before(self):
        self.standing(self.agent, "agent", "service:npo")
        found = rules.apply_for_engagement(self.actor(self.enok), "npo")
        self.assertEqual(codes(found), ["has_engagement"])

    def test_what_is_lacking_is_told_at_the_field(self):
        with self.assertRaises(Misshapen) as no:
            self.applies(contact={"name": "", "email": "", "phone": ""}, answers={"other": "x"})
        fields = [error["field"] for error in no.exception.errors]
        wanted = ["contact.name", "contact.email", "answers.system", "answers.other"]
        self.assertEqual(fields, wanted)

    def test_terms_that_changed_are_read_before_it_is_sent(self):
        Terms.objects.add(
            self.operator, "engagement", {"title": words("Terms"), "text": words("New.")}
        )
        by = self.actor(self.enok)
        self.assertEqual(codes(rules.apply_for_engagement(by, "npo", 1)), ["terms_changed"])
        self.assertEqual(rules.apply_for_engagement(by, "npo", 2), [])

    def test_without_terms_or_service_nothing_is_applied_for(self):
        by = self.actor(self.enok)
        self.assertEqual(codes(rules.apply_for_engagement(by, "nix")), ["no_such_service"])
        Service.objects.add(
            self.operator, "direct", {"name": words("Direct"), "about": words("By yourself.")}
        )
        self.assertEqual(codes(rules.apply_for_engagement(by, "direct")), ["not_through_agents"])
        Terms.objects.filter(key="engagement").delete()
        self.assertEqual(codes(rules.apply_for_engagement(by, "npo")), ["not_published"])


class ReviewTest(Applying, CastTest):
    def test_only_a_reviewer_of_the_operator_decides(self):
        engagement = self.applies()
        for person in (self.kim, self.siv, self.enok, self.eva, self.ada, self.per):
            for rule in (rules.approve, rules.ask, rules.reject):
                (reason,) = rule(self.actor(person), engagement)
                self.assertEqual((reason.code, reason.because), ("not_reviewer", "right"))

    def test_approved_it_waits_for_the_agents_attestants(self):
        engagement = self.reviewed()
        self.assertEqual(engagement.state, "agent_attest")
        self.assertEqual(engagement.reviewed_by, self.rut)
        turn = Turn.objects.get(case=engagement.case, until=None, shadow=False)
        self.assertEqual((turn.organisation, turn.role), (self.agent, "attestant"))
        self.assertEqual(told(engagement.case, "attest"), ["eva"])
        self.assertEqual(told(engagement.case, "reviewed"), ["enok"])
        called = Notice.objects.get(case_number=engagement.case.number, words="review")
        self.assertIsNotNone(called.over_at)

    def test_it_is_not_approved_without_an_agreement(self):
        engagement = self.applies()
        Standing.objects.filter(what="agent_agreement").end()
        found = rules.approve(self.actor(self.rut), engagement)
        self.assertEqual(codes(found), ["agent_no_agreement"])

    def test_a_completion_is_asked_for_and_given(self):
        engagement = self.applies()
        actions.ask(engagement, by=self.actor(self.rut), note="Which version of it?")
        engagement = self.fresh(engagement)
        self.assertEqual(engagement.state, "needs_completion")
        turn = Turn.objects.get(case=engagement.case, until=None, shadow=False)
        self.assertEqual((turn.organisation, turn.role), (self.agent, "engagement_orderer"))
        self.assertEqual(told(engagement.case, "asked"), ["enok"])
        by = self.actor(self.enok)
        self.assertEqual(codes(rules.approve(self.actor(self.rut), engagement)), ["not_your_turn"])
        typed = {"contact": TYPED["contact"], "answers": {"system": "Journalis 7"}}
        actions.complete(engagement, by=by, answer="Version seven.", **typed)
        engagement = self.fresh(engagement)
        self.assertEqual(engagement.state, "operator_review")
        self.assertEqual(engagement.answers, {"system": "Journalis 7"})
        self.assertEqual(codes(rules.complete(by, engagement)), ["not_asked"])

    def test_only_the_engagement_orderer_completes(self):
        engagement = self.applies()
        actions.ask(engagement, by=self.actor(self.rut), note="Which version of it?")
        for person in (self.eva, self.ada):
            (reason,) = rules.complete(self.actor(person), self.fresh(engagement))
            self.assertEqual(reason.code, "not_engagement_orderer")
        for person in (self.rut, self.per):
            (reason,) = rules.complete(self.actor(person), self.fresh(engagement))
            self.assertEqual(reason.because, "right")

    def test_a_rejection_says_why_and_a_new_application_may_be_made(self):
        engagement = self.applies()
        actions.reject(engagement, by=self.actor(self.rut), note="The system is not tested.")
        engagement = self.fresh(engagement)
        self.assertEqual(engagement.state, "rejected_by_operator")
        self.assertIsNotNone(engagement.case.closed_at)
        self.assertEqual(told(engagement.case, "rejected"), ["enok"])
        self.assertEqual(told(engagement.case, "attest"), [])
        self.assertEqual(self.applies().state, "operator_review")

    def test_who_comes_second_reads_who_was_faster(self):
        engagement = self.reviewed()
        for rule in (rules.approve, rules.ask, rules.reject):
            (reason,) = rule(self.actor(self.rut), engagement)
            self.assertRegex(reason.text, r"^Already handled by Rut Test")
            self.assertEqual(reason.because, "time")

    def test_it_is_withdrawn_by_whoever_may_apply(self):
        engagement = self.reviewed()
        for person in (self.rut, self.eva):
            (reason,) = rules.withdraw(self.actor(person), engagement)
            self.assertEqual(reason.because, "right")
        actions.withdraw(engagement, by=self.actor(self.enok))
        engagement = self.fresh(engagement)
        self.assertEqual(engagement.state, "withdrawn")
        self.assertEqual(told(engagement.case, "withdrawn"), ["eva", "rut"])
        self.assertFalse(Turn.objects.filter(case=engagement.case, until=None).exists())
        (reason,) = rules.attest(self.actor(self.eva), engagement)
        self.assertEqual(reason.code, "already_handled")


class AttestTest(Applying, CastTest):
    def test_attested_with_bankid_the_agent_can_be_chosen(self):
        engagement = self.reviewed()
        (before,) = agents.of("npo")
        self.assertEqual(codes(before.reasons), ["agent_not_engaged"])
        signature = self.attests_it(engagement)
        self.assertEqual(signature.status, "complete")
        engagement = self.fresh(engagement)
        self.assertEqual((engagement.state, engagement.signature), ("active", signature))
        standing = Standing.objects.get(organisation=self.agent, what="agent")
        known = (standing.scope, standing.case_number)
        self.assertEqual(known, ("service:npo", engagement.case.number))
        (now,) = agents.of("npo")
        self.assertEqual(now.reasons, [])
        self.assertEqual(told(engagement.case, "active"), ["ada", "enok", "rut"])
        self.assertTrue(Entry.objects.filter(verb="agent.signed").exists())
        self.assertTrue(sight.check(engagement.case))

    def test_what_is_signed_names_service_agent_and_terms(self):
        signature = self.begins_it(self.reviewed(), note="Welcome.")
        for words_ in ("NPÖ", "The agent", "version 1", "I certify that we answer for it.", "Wel"):
            self.assertIn(words_, signature.document)

    def test_a_code_by_sms_will_do_where_the_chain_says_so(self):
        engagement = self.reviewed()
        self.eva.phone_set_at = None
        self.eva.save(update_fields=["phone_set_at"])
        begun = self.begins_it(engagement, method="sms")
        self.assertEqual(begun.method, "sms")

    def test_only_the_agents_attestant_and_only_after_the_review(self):
        engagement = self.applies()
        (reason,) = rules.attest(self.actor(self.eva), engagement)
        self.assertEqual(reason.code, "not_your_turn")
        engagement = self.reviewed_again(engagement)
        for person in (self.enok, self.ada, self.rut, self.liv, self.per):
            (reason,) = rules.attest(self.actor(person), engagement)
            self.assertEqual((reason.code, reason.because), ("not_attestant", "right"))

    def reviewed_again(self, engagement):
        return self.fresh(actions.approve(engagement, by=self.actor(self.rut)))

    def test_a_rejection_gives_nothing_and_says_why(self):
        engagement = self.reviewed()
        signature = self.attests_it(engagement, "reject", note="We have changed our minds.")
        self.assertEqual(signature.status, "complete")
        engagement = self.fresh(engagement)
        self.assertEqual(engagement.state, "rejected_by_agent")
        self.assertFalse(Standing.objects.filter(what="agent").exists())
        self.assertEqual(told(engagement.case, "rejected"), ["enok", "rut"])
        self.assertEqual(self.applies().state, "operator_review")

    def test_what_was_withdrawn_meanwhile_is_not_attested(self):
        engagement = self.reviewed()
        begun = self.begins_it(engagement)
        actions.withdraw(engagement, by=self.actor(self.enok))
        self.signs(begun)
        done = ceremony.collect(begun)
        self.assertEqual((done.status, done.hint), ("failed", "late"))
        self.assertFalse(Standing.objects.filter(what="agent").exists())

    def test_four_eyes_keep_whoever_applied_from_attesting(self):
        Policy.objects.add(self.agent, "order", {"four_eyes": "forbid"})
        self.grant(self.enok, self.agent, "attestant")
        engagement = self.reviewed()
        found = rules.attest(self.actor(self.enok), engagement)
        self.assertEqual(codes(found), ["four_eyes"])
        self.assertEqual(told(engagement.case, "attest"), ["eva"])
        turn = Turn.objects.get(case=engagement.case, until=None, shadow=False)
        self.assertEqual(turn.not_persons, [self.enok.pk])

    def test_the_same_person_attests_by_bankid_alone(self):
        self.grant(self.enok, self.agent, "attestant")
        engagement = self.reviewed()
        deed_ways = rules.methods.of(self.actor(self.enok), engagement)
        self.assertIn("same_person", codes(deed_ways["sms"]))
        self.assertEqual(deed_ways["bankid"], [])


class EndTest(Applying, CastTest):
    def test_either_party_ends_it_and_says_why(self):
        for person in (self.enok, self.ada, self.rut):
            engagement = self.active()
            self.assertEqual(rules.end(self.actor(person), engagement), [])
            engagement = self.ended(engagement, person)
            self.assertEqual(engagement.state, "ended")
            self.assertFalse(Standing.objects.current().filter(what="agent").exists())
            (one,) = agents.of("npo")
            self.assertEqual(codes(one.reasons), ["agent_not_engaged"])
        self.assertEqual(told(engagement.case, "ended"), ["ada", "enok", "kim", "ola", "rut"])

    def test_nobody_else_ends_it(self):
        engagement = self.active()
        for person in (self.eva, self.ola, self.kim, self.kari, self.per):
            (reason,) = rules.end(self.actor(person), engagement)
            self.assertEqual(reason.because, "right", person)

    def test_only_an_active_one_is_ended_and_once(self):
        engagement = self.applies()
        self.assertEqual(codes(rules.end(self.actor(self.rut), engagement)), ["not_active"])
        actions.withdraw(engagement, by=self.actor(self.enok))
        engagement = self.ended(self.active())
        (reason,) = rules.end(self.actor(self.rut), engagement)
        self.assertEqual(reason.code, "already_handled")

    def test_new_orders_are_blocked_at_once(self):
        engagement = self.active()
        draft = self.a_draft()
        self.assertEqual(order_rules.send(self.actor(self.kari), draft), [])
        self.ended(engagement)
        found = order_rules.send(self.actor(self.kari), self.again(draft))
        self.assertEqual(codes(found), ["agent_not_engaged"])

    def test_the_letters_say_how_many_orders_it_stops(self):
        engagement = self.active()
        self.a_sent_order()
        self.ended(engagement)
        kept = {"about": engagement.case.number, "address": "ada@example.org"}
        letter = Letter.objects.get(**kept, subject__startswith="Ended")
        self.assertIn("1 order under way is held", letter.body)

    def test_every_subject_fits_though_names_are_long(self):
        long = "Säker digital kommunikation mellan huvudmän (SDK)"
        body = {"name": words(long), "about": words("About")}
        Service.objects.add(self.operator, "npo", body)
        self.agent.name = "Systemleverantören i Norra Sverige Aktiebolag"
        self.agent.save(update_fields=["name"])
        self.ended(self.active())
        subjects = Letter.objects.filter(about__startswith="ENG").values_list("subject", flat=True)
        self.assertGreater(len(subjects), 8)
        self.assertEqual([one for one in subjects if len(one) > 60], [])
