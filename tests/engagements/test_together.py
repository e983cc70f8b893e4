"""Twice at once: one wins, the other is told politely."""

from ombud.cases.models import Event
from ombud.lib.errors import Refused
from ombud.orders.engagements import actions
from ombud.orders.engagements.models import Engagement
from ombud.people.models import Notice, Standing
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import TogetherTest, together
from tests.engagements.applying import TYPED, Applying


def refused(ends):
    return [end for end in ends if isinstance(end, Refused)]


class AtOnceTest(Applying, TogetherTest):
    def test_one_application_a_service(self):
        by = self.actor(self.enok)
        ends = together(*[lambda: actions.apply_for_engagement(by=by, **TYPED)] * 4)
        self.assertEqual(len(refused(ends)), 3, ends)
        self.assertEqual(Engagement.objects.count(), 1)

    def test_one_review(self):
        engagement, by = self.applies(), self.actor(self.rut)
        ends = together(*[lambda: actions.approve(self.fresh(engagement), by=by)] * 3)
        self.assertEqual(len(refused(ends)), 2, ends)
        self.assertEqual(Notice.objects.filter(words="attest").count(), 1)

    def test_a_signature_counts_once_whoever_collects_it(self):
        begun = self.begins_it(self.reviewed())
        self.signs(begun)
        rows = Signature.objects.select_related("case", "challenge", "person", "organisation")
        ends = together(*[lambda: ceremony.collect(rows.get(pk=begun.pk))] * 3)
        self.assertIn("complete", [end.status for end in ends])
        self.assertEqual(Standing.objects.filter(what="agent").count(), 1)

    def test_one_end_and_each_order_is_held_once(self):
        engagement, by = self.active(), self.actor(self.rut)
        self.a_sent_order()
        note = "The system is taken out of use."
        ends = together(*[lambda: actions.end(self.fresh(engagement), by=by, note=note)] * 3)
        self.assertEqual(len(refused(ends)), 2, ends)
        self.assertEqual(Event.objects.filter(verb="order.held").count(), 1)
