"""Killed at random moments amid deeds and letters: nothing is lost, half done or done twice."""

import random
import time
from collections import Counter

import pytest
from django.utils import timezone

from ombud.cases import sight, timeline
from ombud.cases.models import Message
from ombud.people.models import Notice
from ombud.post.models import Letter
from tests.cast import TogetherTest
from tests.chaos.kills import House, Programs, Tally, kill_at_random
from tests.outside import sandbox

KILLS = 22
NOTES = 260
DRAFTS = 60
SETTLED = [Letter.State.ACCEPTED, Letter.State.DELIVERED]


@pytest.mark.slow
class KillTest(TogetherTest):
    def test_nothing_is_lost_half_done_or_done_twice(self):
        orders = [self.a_sent_order() for _ in range(4)]
        drafts = [self.a_draft() for _ in range(DRAFTS)]
        tally, chance = Tally(), random.Random(20260101)
        with House() as house:
            programs = Programs(house, self.deeds(orders, drafts, chance), tally)
            programs.start()
            while tally.web + tally.worker < KILLS:
                kill_at_random(house, programs, tally, chance)
            while programs.is_busy():
                time.sleep(0.2)
            self.wait_for_letters()
        print(
            tally.web, tally.worker, tally.deeds_under_way, tally.letters_under_way, tally.retries
        )
        self.assertEqual(len(tally.done), NOTES + DRAFTS)
        self.assertGreater(tally.deeds_under_way, 0, "no kill ever met a deed under way")
        self.assertGreater(tally.web + tally.worker, 19)
        self.nothing_is_lost_or_twice(orders, drafts)
        self.every_letter_came_once()

    def deeds(self, orders, drafts, chance) -> list[tuple[str, str, dict]]:
        ola, kari = (
            f"token of {who} at {n}" for who, n in (("ola", "5560000043"), ("kari", "5560000019"))
        )
        notes = [
            (ola, f"cases/{chance.choice(orders)}/note", {"text": f"Note {number}"})
            for number in range(NOTES)
        ]
        sent = [(kari, f"cases/{draft}/send", {"accept_terms": True}) for draft in drafts]
        mixed = notes + sent
        chance.shuffle(mixed)
        return mixed

    def wait_for_letters(self) -> None:
        until = time.monotonic() + 150
        while Letter.objects.exclude(state__in=SETTLED).exists() and time.monotonic() < until:
            time.sleep(1)

    def nothing_is_lost_or_twice(self, orders, drafts) -> None:
        texts = Counter(Message.objects.values_list("body", flat=True))
        self.assertEqual(texts, Counter(f"Note {number}" for number in range(NOTES)))
        for draft in drafts:
            sent = self.again(draft)
            self.assertEqual(sent.state, "agent_review")
            self.assertEqual(sent.case.events.filter(verb="order.sent").count(), 1)
            self.assertEqual(sent.approvals.count(), 3)
            told = Notice.objects.filter(case_number=sent.case.number)
            self.assertEqual(told.count(), 2)
        self.assertIsNone(timeline.verify_all())
        self.assertIsNone(sight.check_all())

    def every_letter_came_once(self) -> None:
        """Lost is none; a doubt after a crash may send once more, under the same Message-ID."""
        left = Letter.objects.exclude(state__in=SETTLED).values_list("state", "error")
        self.assertEqual(list(left), [])
        came = {mail["headers"]["Message-ID"] for mail in sandbox().ask("mail")["items"]}
        self.assertEqual(len(came), Letter.objects.filter(carrier="email").count())
        self.assertLessEqual(Letter.objects.latest("written_at").written_at, timezone.now())
