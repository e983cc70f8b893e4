"""Many customers at once while the world outside drops, doubles and delays: everybody ends once, in
both systems. `make chaos REQUESTS=1000` asks more of them."""

import os
import random
from datetime import UTC, datetime, timedelta

from ombud.cases.models import Due
from ombud.inquiries import actions, presses, tasks
from ombud.inquiries.models import Inquiry
from ombud.inquiries.states import OPEN
from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.post import reports
from ombud.post import tasks as post
from ombud.post.models import Letter
from ombud.servicecases.models import Card, Repair
from ombud.signing.actions import finish
from ombud.sync import tasks as sync
from ombud.sync.faults import Fault
from ombud.sync.models import Field, System
from tests.inquiries.asking import PRESSED, AskingTest
from tests.outside import sandbox
from tests.sync.linked import a_system

COUNT = int(os.environ.get("REQUESTS", "40"))
STEP, STEPS = timedelta(hours=3), 112  # two weeks
TRIES = (0, 2, 8, 25, 90)  # minutes into a step, as the ladder of the ledger has them
OUTAGE = range(9, 10)  # steps in which the other system is away
SMS_FAULTS = ("500", "429", "accept_lost")
AGILOFT_FAULTS = ("500", "timeout_after", "lock", "expire", "drop")


class ChaosTest(AskingTest):
    """In one process, job by job, so that the same seed is the same story."""

    def setUp(self):
        super().setUp()
        self.dice, self.began = random.Random(4711), datetime.now(UTC)
        sandbox().tell("reset")
        self.addCleanup(sandbox().tell, "reset")
        self.addCleanup(sandbox().tell, "clock", offset_seconds=0)
        self.system = a_system(self.operator)
        by = self.actor(self.adda, self.operator)
        given = {"name": "kim.desk", "person": "kim", "system": self.system.pk}
        actions.link_caller(self.operator, by=by, **given)

    def test_everybody_ends_once_and_both_systems_agree(self):
        people = {self.record(n): self.will(n) for n in range(COUNT)}
        for number in people:
            self.press(number)
        for step in range(STEPS):
            self.at(step)
            self.break_something(step)
            self.due()
            self.letters(people)
            self.customers(people)
            self.mirror(step)
        self.settle()
        for number, will in people.items():
            self.judge(number, will)
        self.assertEqual(Repair.objects.count(), sum(will == "answers" for will in people.values()))
        self.assertEqual(Card.objects.filter(merged_into=None).count(), Card.objects.count())

    # Who does what

    def record(self, nth: int) -> str:
        fields = {
            "summary": f"Case {nth}",
            "customer_name": f"Kund Nummer{nth}",
            "customer_mobile": f"+4670174{1000 + nth % 9000:04}",
            "ehub_pressed_at": PRESSED,
            "ehub_pressed_by": "kim.desk",
        }
        return str(sandbox().tell("agiloft/records", fields=fields)["id"])

    def will(self, nth: int) -> str:
        return self.dice.choices(("answers", "never", "unreachable"), (6, 3, 1))[0]

    def press(self, number: str) -> None:
        """Once or twice, and again while nobody answers over there."""
        for _again in range(self.dice.choice((1, 1, 2))):
            while True:
                try:
                    presses.take(System.objects.get(pk=self.system.pk), number)
                    break
                except Fault:
                    continue

    def at(self, step: int, minutes: int = 0) -> None:
        moment = self.began + step * STEP + timedelta(minutes=minutes)
        self.stands_at(moment.isoformat())
        sandbox().tell("clock", offset_seconds=(moment - datetime.now(UTC)).total_seconds())

    def break_something(self, step: int) -> None:
        sandbox().tell("agiloft/down", seconds=STEP.total_seconds() if step in OUTAGE else 0)
        for part, faults in (("sms", SMS_FAULTS), ("agiloft", AGILOFT_FAULTS)):
            struck = self.dice.choice(faults) if self.dice.random() < 0.4 else ""
            for fault in faults:
                times = self.dice.randint(1, 4) if fault == struck else 0
                sandbox().tell("faults", part=part, fault=fault, times=times)

    def due(self) -> None:
        """Each job comes once, twice, or late."""
        for due in list(Due.objects.filter(taken_at=None, due_at__lte=clock.now())):
            if self.dice.random() < 0.1:
                continue
            Due.objects.filter(pk=due.pk).update(taken_at=clock.now())
            for _again in range(self.dice.choice((1, 1, 2))):
                tasks.go_on(number=due.case.number)
        tasks.find_lost()

    def letters(self, people: dict[str, str]) -> None:
        """Carried, and reported on: not at all, once, twice or the wrong way round."""
        for pk in Letter.objects.filter(next_at__lte=clock.now(), carrier="sms").values_list(
            "pk", flat=True
        ):
            post.carry(letter_id=pk)
        accepted = Letter.objects.filter(carrier="sms", state__in=["accepted", "unknown"])
        for letter in accepted:
            record = Inquiry.objects.get(case__number=letter.about).record
            end = "failed" if people[record] == "unreachable" else "delivered"
            for said in self.dice.choice(([end], [end, end], [end, "sent"], ["sent", end])):
                reports.take(letter, said, "")
        tasks.look_after()
        tasks.look_after()

    def customers(self, people: dict[str, str]) -> None:
        for inquiry in Inquiry.objects.filter(state__in=OPEN, sent__gt=0):
            if people[inquiry.record] == "answers" and self.dice.random() < 0.15:
                self.answers(inquiry)

    def answers(self, inquiry: Inquiry) -> None:
        by = self.guest(inquiry)
        for _again in range(2):
            actions.open(self.fresh(inquiry), by=by)
        self.types(inquiry, family=f"Nummer{inquiry.pk}")
        actions.submit(self.fresh(inquiry), by=by, terms=inquiry.terms_version)
        signature = self.signs_by_link(inquiry)
        self.assertEqual(signature.status, "complete", signature.reasons)
        finish(signature)
        try:
            actions.submit(self.fresh(inquiry), by=by, terms=inquiry.terms_version)
        except Refused:
            return
        self.fail("What is signed was handed in once more.")

    def mirror(self, step: int) -> None:
        """Now, and again further and further apart while there is still something to carry."""
        for minutes in TRIES:
            self.at(step, minutes)
            sync.carry(system=self.system.pk)
            if not Field.objects.waiting().exists():
                break
        for number in Inquiry.objects.filter(state="applied").values_list(
            "case__number", flat=True
        ):
            tasks.compared(number=number)

    def settle(self) -> None:
        """The world is whole again, and time goes on a little."""
        for more in range(12):
            self.at(STEPS + more)
            self.due()
            self.mirror(STEPS + more)

    # What must hold

    def judge(self, number: str, will: str) -> None:
        requests = list(Inquiry.objects.filter(record=number).exclude(state="refused"))
        with self.subTest(number, will=will):
            self.assertEqual(len(requests), 1)
            (inquiry,) = requests
            end = ("completed", "") if will == "answers" else ("failed", OUTCOMES[will])
            self.assertEqual((inquiry.state, inquiry.outcome), end)
            sent = list(inquiry.messages.values_list("nth", "attempt"))
            self.assertEqual(len(sent), len(set(sent)))
            arrived = sandbox().ask("sms", to=inquiry.mobile)["items"]
            self.assertIn(len(arrived), (2,) if will == "unreachable" else range(1, 5))
            there = sandbox().ask("agiloft/records", id=number)["items"][0]
            self.assertEqual(there["ehub_request_id"], inquiry.case.number)
            self.assertEqual(there["ehub_request_status"], STATUSES[will])
            written = Field.objects.filter(link__case=inquiry.case, dead_at__isnull=False)
            self.assertFalse(written.exists())
            ends = inquiry.case.events.filter(verb__in=ENDS)
            self.assertEqual(ends.count(), 1)


OUTCOMES = {"never": "no_response", "unreachable": "undeliverable"}
STATUSES = {"answers": "Completed", "never": "Failed", "unreachable": "Failed"}
ENDS = ("inquiry.failed", "inquiry.completed")
