"""Twice at once: one request, one reminder, one card and repair."""

from ombud.eid import challenges
from ombud.inquiries import actions, presses
from ombud.inquiries.models import Inquiry
from ombud.lib.errors import Refused
from ombud.servicecases.models import Card, Repair
from ombud.signing.actions import finish, keep
from tests.cast import TogetherTest, together
from tests.inquiries.asking import MOBILE, PRESSED, Asking, codes
from tests.outside import sandbox
from tests.sync.linked import a_system


class AtOnceTest(Asking, TogetherTest):
    def test_two_start_one_request_of_a_case(self):
        by = self.staff
        typed = {"mobile": MOBILE, "reference": "10482"}
        ends = together(*[lambda: actions.start_inquiry(by=by, **typed)] * 2)
        refused = [end for end in ends if isinstance(end, Refused)]
        self.assertEqual([codes(no.reasons) for no in refused], [["request_open"]])
        self.assertEqual(Inquiry.objects.count(), 1)

    def test_a_press_that_comes_twice_at_once_is_one_request(self):
        sandbox().tell("reset")
        system = a_system(self.operator)
        sandbox().tell(
            "agiloft/records",
            id="10482",
            fields={"ehub_pressed_at": PRESSED, "ehub_pressed_by": "kim.desk"},
        )
        by = self.actor(self.adda, self.operator)
        given = {"name": "kim.desk", "person": "kim", "system": system.pk}
        actions.link_caller(self.operator, by=by, **given)
        together(*[lambda: presses.take(system, "10482")] * 2)
        states = sorted(Inquiry.objects.values_list("state", flat=True))
        self.assertEqual(len([state for state in states if state == "sms_sent"]), 1)

    def test_two_send_one_reminder(self):
        inquiry, by = self.starts(), self.staff
        with self.after(minutes=6):
            ends = together(*[lambda: actions.resend(self.fresh(inquiry), by=by)] * 2)
        refused = [end for end in ends if isinstance(end, Refused)]
        self.assertEqual([codes(no.reasons) for no in refused], [["just_sent"]])
        self.assertEqual(self.fresh(inquiry).sent, 2)

    def test_the_browser_and_the_job_finish_a_signature_once(self):
        inquiry = self.submitted()
        signature = self.begins_by_link(inquiry)
        sandbox().sign("195506302388", signature.challenge.auto_start_token)

        def ends():
            again = type(signature).objects.get(pk=signature.pk)
            return finish(keep(again))

        self.collected(signature)
        together(ends, ends)
        self.assertEqual((Card.objects.count(), Repair.objects.count()), (1, 1))
        self.assertEqual(self.fresh(inquiry).state, "completed")

    def collected(self, signature) -> None:
        """The provider has answered, and nobody has done anything of it yet."""
        challenges.collect(signature.challenge)
