"""Each deed of an order: the right person, the wrong person, the wrong time, a stranger."""

from django.db import DatabaseError, transaction
from django.utils import translation

from ombud.cases import lists, sight
from ombud.lib.errors import Misshapen, Refused
from ombud.orders import actions, guards, methods, rules
from ombud.orders.catalogue import Chain, Offer, Policy
from ombud.orders.models import Approval, Order
from ombud.people.models import Grant, Notice, Standing
from ombud.post.models import Letter
from ombud.post.tasks import carry
from ombud.servicecases.models import ServiceCase
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests import catalogue
from tests.cast import GIVEN, CastTest
from tests.outside import sandbox


def codes(reasons):
    return [reason.code for reason in reasons]


class StartTest(CastTest):
    def test_a_stranger_to_the_role_is_told_who_can_give_it(self):
        [reason] = rules.start_order(self.actor(self.liv))
        self.assertEqual(
            (reason.code, reason.because, reason.who), ("not_orderer", "right", "Adam Test")
        )

    def test_nobody_orders_without_agreement_or_attestant(self):
        Standing.objects.filter(organisation=self.customer).end()
        Grant.objects.filter(role="attestant").end()
        found = codes(rules.start_order(self.actor(self.kari)))
        self.assertEqual(found, ["no_agreement", "no_attestant"])
        self.assertEqual(len(guards.of(self.actor(self.kari))), 3)
        with self.assertRaises(Refused):
            self.a_draft()

    def test_the_agent_sees_nothing_of_a_draft(self):
        self.a_draft()
        self.assertEqual(lists.of(self.actor(self.ola)).rows, [])

    def test_a_pilot_offer_is_open_to_its_pilots_only(self):
        body = {**Offer.objects.newest(self.operator, "npo-direct").body, "pilots": ["5560000076"]}
        Offer.objects.add(self.operator, "npo-direct", body)
        self.assertEqual(
            codes(rules.start_order(self.actor(self.kari), "npo-direct")), ["not_open"]
        )


class SendTest(CastTest):
    def test_what_is_missing_is_told_field_by_field(self):
        draft = self.a_draft(units=[], answers={})
        with self.assertRaises(Misshapen) as told:
            actions.send(draft, by=self.actor(self.kari), accept_terms=True)
        fields = [error["field"] for error in told.exception.errors]
        self.assertEqual(fields, ["units", "answers.purpose"])
        self.assertEqual(self.again(draft).state, "draft")

    def test_an_agent_without_attestant_cannot_be_sent_to(self):
        draft = self.a_draft()
        Grant.objects.filter(person=self.eva).end()
        self.assertEqual(codes(rules.send(self.actor(self.kari), draft)), ["agent_no_attestant"])

    def test_terms_read_in_an_older_version_are_not_accepted(self):
        draft = self.a_draft()
        self.assertEqual(codes(rules.send(self.actor(self.kari), draft, 7)), ["terms_changed"])

    def test_a_draft_moves_to_the_newest_chain_and_says_so(self):
        draft, sent = self.a_draft(), self.a_sent_order()
        body = {"steps": [catalogue.REVIEW, catalogue.CUSTOMER_ATTEST]}
        Chain.objects.add(self.operator, "via-agent", body)
        actions.send(draft, by=self.actor(self.kari), accept_terms=True)
        event = draft.case.events.last()
        self.assertEqual((event.verb, event.data["moved"]), ("order.sent", ["chain"]))
        self.assertEqual((self.again(draft).chain.version, self.again(sent).chain.version), (2, 1))

    def test_a_fourth_chain_is_rows_only(self):
        review = {"state": "operator_review", "deed": "review", "role": "reviewer"}
        steps = [review, catalogue.CUSTOMER_ATTEST]
        Chain.objects.add(self.operator, "reviewed", {"steps": steps})
        offer = {**Offer.objects.newest(self.operator, "npo-direct").body, "chain": "reviewed"}
        Offer.objects.add(self.operator, "npo-reviewed", offer)
        rut = self.person("rut", self.operator, "reviewer")
        order = self.a_sent_order("npo-reviewed")
        self.assertEqual(order.state, "operator_review")
        self.assertEqual(self.does(rut, order, "approve").status, "complete")
        self.attests(self.liv, order)
        self.assertEqual(self.again(order).state, "case_open")


class ApproveTest(CastTest):
    def test_only_a_handler_of_the_service_reviews(self):
        order = self.a_sent_order()
        una = self.person("una", self.agent, "agent_handler", "service:other")
        for person in (self.kari, self.liv, self.eva, una):
            reasons = rules.approve(self.actor(person), order)
            self.assertEqual((codes(reasons), reasons[0].because), (["not_agent_handler"], "right"))
        self.assertIsNone(sight.eyes(self.actor(una), order.case))

    def test_without_tick_or_attestant_nothing_is_decided(self):
        order = self.a_sent_order()
        with self.assertRaises(Misshapen) as told:
            self.does(self.ola, order, "approve", attestant="", certify=False)
        fields = [error["field"] for error in told.exception.errors]
        self.assertEqual(fields, ["certify", "attestant", "accept_terms", "billing.reference"])
        self.assertFalse(Signature.objects.exists())
        self.assertEqual(self.again(order).state, "agent_review")

    def test_the_certification_is_kept_word_for_word(self):
        order = self.an_approved_order()
        approval = order.approvals.get(step="agent_review")
        self.assertEqual(approval.certified, catalogue.CERTIFY["en"])
        self.assertIn(catalogue.CERTIFY["en"], approval.signature.document)

    def test_a_handler_who_is_no_attestant_cannot_be_chosen(self):
        reasons = rules.approve(self.actor(self.ola), self.a_sent_order(), attestant="ola")
        self.assertEqual(codes(reasons), ["not_attestant"])

    def test_decided_is_immutable(self):
        approval = self.an_approved_order().approvals.get(step="agent_review")
        with self.assertRaises(DatabaseError), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(outcome="rejected")

    def test_who_decided_reads_that_it_is_decided(self):
        order = self.an_approved_order()
        [reason] = rules.approve(self.actor(self.ola), order)
        self.assertEqual(reason.code, "already_handled")
        self.assertRegex(reason.text, r"^Already handled by Ola Test \d\d\.\d\d\.$")
        with self.after(days=1):
            [reason] = rules.approve(self.actor(self.ola), order)
        self.assertRegex(reason.text, r"^Already handled by Ola Test yesterday \d\d\.\d\d\.$")

    def test_who_comes_late_reads_who_decided_this_step_not_who_did_something_later(self):
        order = self.an_order_at_its_last_attest()
        odd = self.person("odd", self.agent, "agent_handler", "service:npo")
        [reason] = rules.approve(self.actor(odd), order)
        self.assertRegex(reason.text, r"^Already handled by Ola Test ")

    def test_the_time_is_told_in_the_readers_language(self):
        order = self.an_approved_order()
        with self.after(days=1), translation.override("sv"):
            [reason] = rules.approve(self.actor(self.ola), order)
        self.assertRegex(reason.text, r"^Redan avgjord av Ola Test i går \d\d\.\d\d\.$")


class RejectTest(CastTest):
    why = "We cannot connect this customer."

    def test_a_rejection_ends_the_chain_and_the_others_are_never_asked(self):
        order = self.a_sent_order()
        self.assertEqual(self.does(self.ola, order, "reject", note=self.why).status, "complete")
        order = self.again(order)
        self.assertEqual(order.state, "rejected_by_agent")
        told = set(Notice.objects.values_list("person__username", "words"))
        self.assertEqual(told, {("kari", "sent"), ("ola", "review"), ("kari", "rejected")})
        self.assertEqual(order.case.events.last().words.body, {"note": self.why})
        mail = Letter.objects.filter(subject__startswith="Rejected").get()
        self.assertNotIn(self.why, mail.body)

    def test_the_agents_attestant_rejects_and_the_handler_hears(self):
        order = self.an_approved_order()
        self.attests(self.eva, order, "reject", note=self.why)
        self.assertEqual(self.again(order).state, "rejected_by_agent")
        heard = Notice.objects.filter(words="rejected").values_list("person__username", flat=True)
        self.assertEqual(set(heard), {"kari", "ola"})
        self.assertFalse(ServiceCase.objects.exists())

    def test_a_rejected_order_is_copied_and_corrected(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "reject", note=self.why)
        draft = actions.copy(self.again(order), by=self.actor(self.kari))
        self.assertEqual((draft.state, draft.copied_from), ("draft", order.case))
        self.assertEqual(draft.units, order.units)

    def test_a_short_reason_is_no_reason(self):
        with self.assertRaises(Misshapen):
            self.begins(self.ola, self.a_sent_order(), "reject", note="no")


class AttestTest(CastTest):
    def test_only_the_chosen_attestant_decides_for_the_agent(self):
        order = self.an_approved_order()
        uno = self.person("uno", self.agent, "attestant")
        self.assertEqual(codes(rules.attest(self.actor(uno), order)), ["not_chosen"])
        self.assertEqual(codes(rules.attest(self.actor(self.liv), order)), ["not_your_turn"])
        self.assertEqual(rules.attest(self.actor(self.eva), order), [])

    def test_the_customers_attestant_is_told_only_then(self):
        order = self.an_approved_order()
        self.assertFalse(Notice.objects.filter(person=self.liv).exists())
        self.attests(self.eva, order)
        self.assertTrue(Notice.objects.filter(person=self.liv, words="attest").exists())

    def test_an_sms_code_is_enough_where_the_step_allows_it(self):
        order = self.a_sent_order("npo-direct")
        signature = self.begins(self.liv, order, "attest", method="sms", decision="approve")
        letter = Letter.objects.get(key=f"code:{signature.challenge.pk}")
        self.assertTrue(letter.secret)
        code = self.code_of(signature)
        wrong = "000000" if code != "000000" else "111111"
        _, tried = ceremony.try_code(signature, wrong)
        self.assertEqual((tried.ok, tried.tries_left), (False, 2))
        signature, tried = ceremony.try_code(signature, code)
        self.assertEqual((tried.ok, signature.status), (True, "complete"))
        self.assertEqual(self.again(order).state, "case_open")

    def code_of(self, signature):
        """What the phone shows once the letter has been carried."""
        sandbox()
        carry(letter_id=Letter.objects.get(key=f"code:{signature.challenge.pk}").pk)
        return sandbox().last_sms(signature.person.phone).split("#")[1][:6]

    def test_somebody_elses_bankid_decides_nothing(self):
        sandbox().tell("faults", part="bankid", fault="wrongPerson", times=1)
        order = self.a_sent_order("npo-direct")
        signature = self.attests(self.liv, order)
        self.assertEqual((signature.status, signature.hint), ("failed", "wrong_person"))
        self.assertEqual(self.again(order).state, "customer_attest")

    def test_an_order_that_changed_meanwhile_is_stale(self):
        sandbox()
        order = self.a_sent_order("npo-direct")
        signature = self.begins(self.liv, order, "attest", decision="approve")
        Order.objects.filter(pk=order.pk).update(source="another")
        self.signs(signature)
        signature = ceremony.collect(signature)
        self.assertEqual((signature.status, signature.hint), ("failed", "stale"))
        self.assertIsNotNone(signature.signed_at)

    def test_a_lost_right_is_refused_and_the_evidence_kept(self):
        sandbox()
        order = self.a_sent_order("npo-direct")
        signature = self.begins(self.liv, order, "attest", decision="approve")
        Grant.objects.filter(person=self.liv).end()
        self.signs(signature)
        self.assertEqual(ceremony.collect(signature).hint, "refused")

    def test_the_same_person_orders_and_attests_only_by_bankid(self):
        self.grant(self.kari, self.customer, "attestant")
        order = self.a_sent_order("npo-direct")
        ways = methods.of(self.actor(self.kari), order)
        self.assertEqual((ways["bankid"], codes(ways["sms"])), ([], ["same_person"]))
        self.assertEqual(self.attests(self.kari, order).status, "complete")

    def test_four_eyes_forbid_it(self):
        self.grant(self.kari, self.customer, "attestant")
        Policy.objects.add(self.customer, "order", {"four_eyes": True})
        order = self.a_sent_order("npo-direct")
        self.assertEqual(codes(rules.attest(self.actor(self.kari), order)), ["four_eyes"])
        self.assertEqual(rules.attest(self.actor(self.liv), order), [])

    def test_the_text_names_only_what_the_own_organisation_pays(self):
        order = self.an_order_at_its_last_attest()
        agent, customer = (
            order.approvals.get(step="agent_attest").signature,
            self.begins(self.liv, order, "attest", decision="approve"),
        )
        self.assertIn("76,543", agent.document)
        self.assertNotIn("12,345", agent.document + agent.snapshot)
        self.assertIn("12,345", customer.document)
        self.assertNotIn("76,543", customer.document + customer.snapshot)
        self.assertNotIn(GIVEN["billing"]["reference"], customer.snapshot)

    def test_an_attestant_sends_it_back_to_the_own_handler(self):
        order = self.an_approved_order()
        by = self.actor(self.eva)
        order = actions.send_back(order, by=by, note="Please choose Uno instead.")
        self.assertEqual(order.state, "agent_review")
        self.assertEqual(rules.approve(self.actor(self.ola), order), [])
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        self.assertEqual(self.attests(self.eva, order).status, "complete")

    def test_nothing_is_sent_back_across_the_border(self):
        order = self.an_order_at_its_last_attest()
        self.assertEqual(codes(rules.send_back(self.actor(self.liv), order)), ["nobody_before"])


class NoteTest(CastTest):
    def test_an_inner_note_is_for_the_own_organisation(self):
        order = self.a_sent_order()
        actions.note(order, by=self.actor(self.ola), text="They pay late.")
        self.assertEqual(order.case.message_set.get().circle, "agent:inner")
        before = sight.eyes(self.actor(self.kari), order.case).moved_at
        actions.note(order, by=self.actor(self.ola), text="Again.")
        self.assertEqual(sight.eyes(self.actor(self.kari), order.case).moved_at, before)
        self.assertFalse(sight.eyes(self.actor(self.kari), order.case).see("agent:inner"))


class ConnectTest(CastTest):
    def test_only_the_agent_and_customer_service_connect(self):
        order = self.an_attested_order()
        self.assertEqual(codes(rules.start(self.actor(self.kari), order)), ["not_connecting"])
        self.assertEqual(rules.start(self.actor(self.kim), order), [])
        self.assertEqual(
            codes(rules.report_connected(self.actor(self.ola), order)), ["not_your_turn"]
        )
        actions.start(order, by=self.actor(self.ola))
        self.assertEqual(
            codes(rules.start(self.actor(self.ola), self.again(order))), ["already_handled"]
        )
