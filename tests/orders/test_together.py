"""Twice at once: one wins, the other reads who did."""

from ombud.lib.errors import Refused
from ombud.orders import actions
from ombud.servicecases.models import ServiceCase
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.signing.tasks import collect_on
from tests.cast import GIVEN, TogetherTest, together

HANDLED = r"^Already handled by (Ola|Odd) Test \d\d\.\d\d\.$"


class AtOnceTest(TogetherTest):
    def fresh(self, signature):
        return Signature.objects.select_related("case", "challenge").get(pk=signature.pk)

    def test_two_handlers_decide_and_one_counts(self):
        order = self.a_sent_order()
        odd = self.person("odd", self.agent, "agent_handler", "service:npo")
        signatures = [
            self.begins(person, order, "approve", attestant="eva", **GIVEN)
            for person in (self.ola, odd)
        ]
        for signature in signatures:
            self.signs(signature)
        together(*(lambda s=s: ceremony.collect(self.fresh(s)) for s in signatures))
        ends = sorted((self.fresh(s).status, self.fresh(s).hint) for s in signatures)
        self.assertEqual(ends, [("complete", ""), ("failed", "late")])
        loser = next(self.fresh(s) for s in signatures if self.fresh(s).status == "failed")
        self.assertRegex(loser.reasons[0]["text"], HANDLED)
        verbs = [event.verb for event in order.case.events.all()]
        self.assertEqual(verbs.count("order.approved"), 1)

    def test_browser_and_job_at_once_do_the_deed_once(self):
        order = self.an_order_at_its_last_attest()
        signature = self.begins(self.liv, order, "attest", decision="approve")
        self.signs(signature)
        together(*(lambda: ceremony.collect(self.fresh(signature)) for _ in range(3)), collect_on)
        ceremony.collect(self.fresh(signature))
        self.assertEqual(self.fresh(signature).status, "complete")
        self.assertEqual(ServiceCase.objects.count(), 1)
        verbs = [event.verb for event in order.case.events.all()]
        self.assertEqual(verbs[-2:], ["order.signed", "order.attested"])

    def test_a_draft_is_sent_once(self):
        draft, kari = self.a_draft(), self.actor(self.kari)
        ends = together(*[lambda: actions.send(draft, by=kari, accept_terms=True)] * 3)
        refused = [end for end in ends if isinstance(end, Refused)]
        self.assertEqual(len(refused), 2, ends)
        self.assertEqual(self.again(draft).case.events.filter(verb="order.sent").count(), 1)

    def test_notes_at_once_keep_the_chain_whole(self):
        order, ola = self.a_sent_order(), self.actor(self.ola)
        together(*[lambda: actions.note(order, by=ola, text="Again.")] * 6)
        seqs = list(order.case.events.values_list("seq", flat=True))
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))
