"""Each deed of an agreement: the right person, the wrong person, the wrong time, a stranger."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from ombud.agreements import actions, rules
from ombud.cases import files, sight
from ombud.cases.models import Turn
from ombud.lib import days
from ombud.lib.errors import Misshapen, Refused
from ombud.orders import guards
from ombud.people import rules as people_rules
from ombud.people.actors import NOBODY, Actor
from ombud.people.models import Membership, Notice, Organisation, Person, Standing
from tests.agreements.applying import (
    NUMBER,
    PDF,
    TYPED,
    Applying,
    letters_to,
    somebody,
    text_of,
    token_in,
)
from tests.cast import CastTest


def codes(reasons):
    return [reason.code for reason in reasons]


class SubmitTest(Applying, CastTest):
    def test_anybody_applies_and_follows_it_by_a_secret_link(self):
        agreement = self.applies()
        self.assertRegex(agreement.case.number, r"^AGR\d{7}$")
        self.assertEqual(agreement.state, "submitted")
        (letter,) = letters_to("maja@example.org")
        self.assertIn(agreement.case.number, letter.subject)
        token = token_in(letter)
        self.assertNotIn(token, letter.body + letter.html)
        eyes = sight.eyes(self.applicant(agreement), agreement.case)
        self.assertEqual(eyes.circles, {"brief", "case", "applicant"})
        self.assertIsNone(sight.eyes(NOBODY, agreement.case))
        self.assertTrue(sight.check(agreement.case))

    def test_it_is_called_so_in_each_language(self):
        case = self.applies().case
        told = {}
        for language in ("sv", "nb", "en"):
            with translation.override(language):
                told[language] = case.title.partition(":")[0]
        wanted = {"sv": "Kundavtal", "nb": "Kundeavtale", "en": "Customer agreement"}
        self.assertEqual(told, wanted)

    def test_the_reviewer_hears_of_it_and_it_is_the_reviewers_turn(self):
        agreement = self.applies()
        notice = Notice.objects.get(case_number=agreement.case.number)
        self.assertEqual((notice.person, notice.words), (self.rut, "submitted"))
        turn = Turn.objects.get(case=agreement.case, until=None)
        self.assertEqual((turn.organisation, turn.role), (self.operator, "reviewer"))

    def test_a_second_open_application_is_refused_with_a_masked_pointer(self):
        self.applies()
        with self.assertRaises(Refused) as no:
            self.applies()
        (reason,) = no.exception.reasons
        self.assertEqual((reason.code, reason.who), ("applied_already", "A•••• N••••"))
        self.assertEqual(self.an_agent_applies().state, "submitted")

    def test_who_has_a_current_agreement_is_told_so_and_an_older_one_bars_nothing(self):
        (reason,) = rules.submit(NOBODY, self.operator, "customer", self.customer.number)
        self.assertEqual((reason.code, str(reason.who)), ("has_agreement", "A•••• T••••"))
        Standing.objects.filter(organisation=self.customer).end()
        Standing.objects.create(
            organisation=self.customer, what="older_agreement", case_number="K1"
        )
        self.assertEqual(rules.submit(NOBODY, self.operator, "customer", self.customer.number), [])

    def test_personal_numbers_lie_sealed_and_signatories_must_have_one(self):
        agreement = self.applies()
        (one,) = agreement.signatories
        self.assertNotIn(one.personal_number, one.personal_sealed)
        with self.assertRaises(Misshapen) as no:
            self.applies(
                number="5599999090", signatories=[somebody("Nils", 13, personal_number="")]
            )
        self.assertEqual(no.exception.errors[0]["field"], "signatories.0.personal_number")


class ReviewTest(Applying, CastTest):
    def test_only_a_reviewer_of_the_operator_decides(self):
        agreement = self.applies()
        others = [self.kim, self.siv, self.adam, self.per]
        for person in others:
            for rule in (rules.approve, rules.ask, rules.reject, rules.tick):
                (reason,) = rule(self.actor(person), agreement)[:1]
                self.assertEqual((reason.code, reason.because), ("not_reviewer", "right"))
        self.assertEqual(
            codes(rules.approve(self.applicant(agreement), agreement)), ["not_reviewer"]
        )

    def test_a_completion_is_asked_for_and_given(self):
        agreement = self.applies()
        actions.ask(agreement, by=self.actor(self.rut), note="The signatory is not registered.")
        agreement = self.fresh(agreement)
        self.assertEqual(agreement.state, "needs_completion")
        turn = Turn.objects.get(case=agreement.case, until=None)
        self.assertEqual((turn.organisation, turn.role), (None, "applicant"))
        self.assertIn(
            "The signatory is not registered.", text_of(letters_to("maja@example.org")[1])
        )
        self.assertEqual(codes(rules.approve(self.actor(self.rut), agreement)), ["not_your_turn"])
        details = {k: v for k, v in TYPED.items() if k not in ("language", "applicant")}
        kept = {**details, "administrator": somebody("Anna", 12, personal_number="")}
        kept["signatories"] = [somebody("Stina", 15)]
        by = self.applicant(agreement)
        actions.complete(agreement, by=by, answer="Now she is.", **kept)
        agreement = self.fresh(agreement)
        self.assertEqual(agreement.state, "submitted")
        self.assertEqual(str(agreement.signatories[0]), "Stina Ny")
        admin = agreement.named.get(part="administrator")
        self.assertEqual(admin.personal_number, TYPED["administrator"]["personal_number"])
        self.assertEqual(codes(rules.complete(by, agreement)), ["not_asked"])

    def test_only_whoever_applied_completes(self):
        agreement = self.applies()
        actions.ask(agreement, by=self.actor(self.rut), note="Something is missing.")
        agreement = self.fresh(agreement)
        other = self.an_agent_applies()
        for actor in (self.actor(self.rut), self.actor(self.adam), self.applicant(other), NOBODY):
            self.assertEqual(codes(rules.complete(actor, agreement)), ["not_applicant"])

    def test_a_rejection_says_why_and_a_new_application_may_be_made(self):
        agreement = self.applies()
        actions.reject(agreement, by=self.actor(self.rut), note="This is no care provider.")
        agreement = self.fresh(agreement)
        self.assertEqual(agreement.state, "rejected")
        self.assertIsNotNone(agreement.case.closed_at)
        self.assertIn("This is no care provider.", text_of(letters_to("maja@example.org")[-1]))
        self.assertEqual(self.applies().state, "submitted")

    def test_who_comes_second_reads_who_was_faster(self):
        agreement = self.approved()
        (reason,) = rules.approve(self.actor(self.rut), agreement)
        self.assertRegex(reason.text, r"^Already handled by Rut Test")
        self.assertEqual(reason.because, "time")

    def test_inner_notes_are_the_operators(self):
        agreement = self.approved()
        actions.note(agreement, by=self.actor(self.kim), text="Ask Bolagsverket.")
        self.assertEqual(codes(rules.note(self.actor(self.adam), agreement)), ["not_operator"])
        admin = Person.objects.get(email="anna@example.org")
        eyes = sight.eyes(Actor(admin, agreement.organisation), agreement.case)
        self.assertFalse(eyes.see("operator:inner"))
        self.assertTrue(eyes.see("applicant"))


class PapersTest(Applying, CastTest):
    def test_an_agent_shows_four_papers_and_each_is_ticked(self):
        agreement = self.an_agent_applies()
        by = self.actor(self.rut)
        self.assertEqual(codes(rules.approve(by, agreement)), ["paper_missing"] * 4)
        agreement = self.delivers_all(agreement)
        self.assertEqual(codes(rules.approve(by, agreement)), ["not_ticked"] * 4)
        for what in ("tax", "credit", "dpo", "isms"):
            actions.tick(agreement, by=by, what=what)
        actions.approve(self.fresh(agreement), by=by)
        self.assertEqual(self.fresh(agreement).state, "awaiting_signature")

    def test_what_is_older_than_three_months_is_not_taken(self):
        agreement = self.an_agent_applies()
        old = days.months_after(days.today(), -3) - timedelta(days=1)
        self.delivers(agreement, "tax", old.isoformat())
        agreement = self.fresh(agreement)
        by = self.actor(self.rut)
        self.assertEqual(codes(rules.tick(by, agreement, "tax")), ["paper_too_old"])
        self.delivers(agreement, "tax", days.months_after(days.today(), -3).isoformat())
        self.assertEqual(rules.tick(by, self.fresh(agreement), "tax"), [])

    def test_a_newer_paper_takes_the_tick_away(self):
        agreement = self.delivers_all(self.an_agent_applies())
        by = self.actor(self.rut)
        actions.tick(agreement, by=by, what="tax")
        self.assertEqual(codes(rules.tick(by, self.fresh(agreement), "tax")), ["ticked_already"])
        self.delivers(agreement, "tax")
        self.assertIsNone(self.fresh(agreement).papers.get(what="tax").ticked_at)

    def test_a_customer_shows_none_and_nobody_else_shows_the_agents(self):
        agreement = self.applies()
        self.assertEqual(
            codes(rules.deliver(self.applicant(agreement), agreement)), ["not_asked_for"]
        )
        agents = self.an_agent_applies()
        for actor in (self.applicant(agreement), self.actor(self.rut)):
            self.assertEqual(codes(rules.deliver(actor, agents)), ["not_applicant"])

    def test_somebody_elses_file_is_not_put_in_place(self):
        agreement = self.an_agent_applies()
        by = self.applicant(agreement)
        with self.assertRaises(Misshapen):
            actions.deliver(agreement, by=by, what="dpo", document=str(uuid4()))

    def test_what_is_handed_in_lies_in_the_own_case_and_fits_no_other(self):
        agreement, other = self.an_agent_applies(), self.applies()
        document = files.keep(SimpleUploadedFile("dpo.pdf", PDF), by=self.applicant(other))
        self.assertEqual((document.case, document.circle), (other.case, ""))
        self.assertFalse(files.may_see(self.applicant(other), document))
        with self.assertRaises(Misshapen):
            by = self.applicant(agreement)
            actions.deliver(agreement, by=by, what="dpo", document=str(document.key))

    def test_a_link_lets_in_no_more_than_a_person_may_have_lying_about(self):
        agreement = self.an_agent_applies()
        with patch.object(files, "MOST_LOOSE", 1):
            files.keep(SimpleUploadedFile("dpo.pdf", PDF), by=self.applicant(agreement))
            with self.assertRaises(Misshapen):
                self.delivers(agreement, "tax")


class ApproveTest(Applying, CastTest):
    def test_three_letters_and_each_says_for_which_part(self):
        agreement = self.approved()
        (admin,) = letters_to("anna@example.org")
        (signatory,) = letters_to("sixten@example.org")
        (contact,) = letters_to("carl@example.org")
        self.assertIn("which names you as administrator", admin.body)
        self.assertIn("You can give roles to others once Sixten Ny has signed", admin.body)
        self.assertIn("named as authorised signatory", text_of(signatory))
        self.assertIn("/agreements/link/", text_of(signatory))
        self.assertIn("as contact person", contact.body)
        self.assertNotIn("/agreements/link/", admin.body + contact.body)
        self.assertEqual(agreement.state, "awaiting_signature")
        turn = Turn.objects.get(case=agreement.case, until=None)
        self.assertEqual((turn.organisation, turn.role), (agreement.organisation, "signatory"))

    def test_one_person_in_two_parts_gets_each_letter_once(self):
        anna = somebody("Anna", 12)
        self.approved(signatories=[anna, anna], contacts=[anna])
        told = letters_to("anna@example.org")
        self.assertEqual(len(told), 3)
        self.assertEqual(len({letter.subject for letter in told}), 3)

    def test_the_organisation_begins_with_its_administrator_and_no_agreement_yet(self):
        agreement = self.approved()
        here = agreement.organisation
        self.assertEqual(
            (here.number, here.kinds, here.portal), (NUMBER, ["customer"], self.operator)
        )
        anna = Person.objects.get(email="anna@example.org")
        admin = Actor(anna, here)
        self.assertEqual(admin.roles, ["administrator"])
        self.assertFalse(Standing.objects.filter(organisation=here).exists())
        self.assertIn("not_signed", codes(self.grant_rule(admin, here, anna)))
        self.assertIn("no_agreement", codes(guards.reasons(admin)))
        self.assertIsNotNone(sight.eyes(admin, agreement.case))

    def grant_rule(self, admin, here, person):
        return people_rules.grant(admin, here, person.username, "orderer")

    def test_an_address_alone_gives_nobody_elses_account_away(self):
        self.approved(administrator=somebody("Kari", 12, email=self.kari.email))
        here = Organisation.objects.get(number=NUMBER)
        self.assertFalse(Membership.objects.filter(person=self.kari, organisation=here).exists())

    def test_an_agent_that_becomes_customer_keeps_its_name_and_becomes_both_when_it_signs(self):
        agreement = self.approved(number=self.agent.number)
        before = agreement.organisation
        self.assertEqual((before.kinds, before.name), (["agent"], "The agent"))
        self.signs_by_link(agreement, agreement.signatories[0])
        here = self.fresh(agreement).organisation
        self.assertEqual((here.kinds, here.name), (["agent", "customer"], "The agent"))
        self.assertEqual(here.email, agreement.email)

    def test_an_application_for_somebody_elses_number_changes_nothing_and_lets_nobody_in(self):
        def stands():
            here = Organisation.objects.get(pk=self.agent.pk)
            people = Membership.objects.current().filter(organisation=here).values_list("person")
            return here.kinds, here.email, here.phone, here.category, sorted(people)

        before = stands()
        agreement = self.approved(number=self.agent.number)
        self.assertEqual(stands(), before)
        told = Notice.objects.filter(organisation=self.agent, case_number=agreement.case.number)
        self.assertEqual({row.words for row in told}, {"coming"})
        actions.reject(self.fresh(agreement), by=self.actor(self.rut), note="They never applied.")
        self.assertEqual(stands(), before)

    def test_where_somebody_belongs_though_nobody_administers_nobody_else_comes_in(self):
        here = Organisation.begin("Folk", NUMBER, "customer", portal=self.operator)
        folke = Person.objects.begin("folke", given="Folke", family="Ny", email="f@example.org")
        Membership.objects.create(person=folke, organisation=here)
        agreement = self.approved()
        self.assertEqual(agreement.organisation, here)
        here = Membership.objects.filter(organisation=here)
        self.assertEqual([row.person for row in here], [folke])
        self.signs_by_link(agreement, agreement.signatories[0])
        emails = here.order_by("person__email").values_list("person__email", flat=True)
        self.assertEqual([*emails], ["anna@example.org", "carl@example.org", "f@example.org"])

    def test_the_reviewer_reads_that_the_number_is_somebodys_already(self):
        agreement = self.applies(number=self.agent.number)
        self.client.force_login(self.rut)
        page = self.client.get(agreement.get_absolute_url())
        self.assertContains(page, "This number is known here already, as The agent (Agent).")
        self.assertContains(page, "Ada Test administers it.")
        other = self.applies()
        page = self.client.get(other.get_absolute_url())
        self.assertNotContains(page, "is known here already")

    def test_the_paper_is_kept_and_is_what_the_signature_names(self):
        agreement = self.approved()
        self.assertEqual(agreement.paper.media_type, "application/pdf")
        self.assertEqual(agreement.attachments_sha256(), [agreement.paper.sha256])
