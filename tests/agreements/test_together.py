"""Twice at once: one wins, the other is told politely."""

from ombud.agreements import actions
from ombud.agreements.models import Agreement
from ombud.lib.errors import Refused
from ombud.people.actors import NOBODY
from ombud.people.models import Organisation, Standing
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.signing.tasks import collect_on
from tests.agreements.applying import NUMBER, SEVERALLY, TYPED, Applying, letters_to
from tests.cast import TogetherTest, together
from tests.outside import sandbox


class AtOnceTest(Applying, TogetherTest):
    def test_one_application_an_organisation(self):
        typed = {"side": "customer", "number": NUMBER, **TYPED}
        ends = together(*[lambda: actions.submit(self.operator, by=NOBODY, **typed)] * 4)
        self.assertEqual(len([end for end in ends if isinstance(end, Refused)]), 3, ends)
        self.assertEqual(Agreement.objects.count(), 1)
        self.assertEqual(len(letters_to("maja@example.org")), 1)

    def test_one_approval(self):
        agreement = self.applies()
        by = self.actor(self.rut)
        ends = together(*[lambda: actions.approve(self.fresh(agreement), by=by)] * 3)
        self.assertEqual(len([end for end in ends if isinstance(end, Refused)]), 2, ends)
        self.assertEqual(Organisation.objects.filter(number=NUMBER).count(), 1)
        self.assertEqual(len(letters_to("sixten@example.org")), 1)

    def test_a_new_link_at_once_leaves_one_alive(self):
        agreement = self.approved()
        one, by = self.signatory(agreement), self.actor(self.rut)
        together(*[lambda: actions.resend(self.fresh(agreement), by=by, signatory=one.pk)] * 3)
        alive = agreement.case.pass_set.unrevoked().filter(purpose="sign")
        self.assertEqual(list(alive), [self.signatory(agreement).guest])

    def test_a_signature_counts_once_whoever_collects_it(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        signature = self.begins_by_link(agreement, one)
        sandbox().sign(one.personal_number, signature.challenge.auto_start_token)
        fresh = Signature.objects.select_related("case", "challenge")
        together(
            *[lambda: ceremony.collect(fresh.get(pk=signature.pk))] * 3,
            collect_on,
        )
        ceremony.collect(fresh.get(pk=signature.pk))
        self.assertEqual(
            Standing.objects.filter(what="agreement", case_number=agreement.case.number).count(), 1
        )
        verbs = [event.verb for event in agreement.case.events.all()]
        self.assertEqual(verbs[-2:], ["agreement.signed", "agreement.agreed"])

    def test_two_who_sign_alone_at_once_leave_one_agreement(self):
        agreement = self.approved(**SEVERALLY)
        begun = [(one, self.begins_by_link(agreement, one)) for one in agreement.signatories]
        for one, signature in begun:
            sandbox().sign(one.personal_number, signature.challenge.auto_start_token)
        fresh = Signature.objects.select_related("case", "challenge")
        together(*[lambda s=s: ceremony.collect(fresh.get(pk=s.pk)) for _, s in begun])
        ends = sorted(fresh.get(pk=s.pk).status for _, s in begun)
        self.assertEqual(ends, ["complete", "failed"])
        self.assertEqual(Standing.objects.filter(case_number=agreement.case.number).count(), 1)
