"""Killed at random moments amid deeds and letters: nothing is lost, half done or done twice."""

import itertools
import random
import time
from collections.abc import Iterator

import pytest

from ombud.cases import sight, timeline
from ombud.cases.models import Message
from ombud.orders.models import Order
from ombud.people.models import Notice
from ombud.post.models import Letter
from tests.cast import TogetherTest
from tests.chaos.kills import Deed, House, Programs, Tally, kill_at_random
from tests.outside import sandbox

KILLS = 22
DRAFTS = 24
SETTLED = [Letter.State.ACCEPTED, Letter.State.DELIVERED]
OLA, KARI = "token of ola at 5560000043", "token of kari at 5560000019"


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
            programs.finish()
            self.wait_for_letters()
        self.assertGreater(tally.web + tally.worker, 19)
        self.assertGreater(tally.deeds_under_way, 0, "no kill ever met a deed under way")
        self.nothing_is_lost_or_twice(tally)
        self.every_letter_came_once()

    def deeds(self, orders, drafts, chance) -> Iterator[Deed]:
        """Notes without end, and now and then a draft to be sent."""
        for number in itertools.count():
            if drafts and chance.random() < 0.3:
                yield Deed(KARI, f"cases/{drafts.pop()}/send", {"accept_terms": True})
            order = chance.choice(orders)
            yield Deed(OLA, f"cases/{order}/note", {"text": f"Note {number}"})

    def wait_for_letters(self) -> None:
        until = time.monotonic() + 150
        while Letter.objects.exclude(state__in=SETTLED).exists() and time.monotonic() < until:
            time.sleep(1)

    def nothing_is_lost_or_twice(self, tally: Tally) -> None:
        """Every deed that a program was told is done, is done once; and no other is."""
        notes = [deed.body["text"] for deed in tally.done if "text" in deed.body]
        sent = [deed.path.split("/")[1] for deed in tally.done if "text" not in deed.body]
        kept = Message.objects.values_list("body", flat=True)
        self.assertEqual(sorted(kept), sorted(notes))
        begun = Order.objects.filter(state="agent_review", case__number__in=sent)
        self.assertEqual(begun.count(), len(sent))
        for order in begun.select_related("case"):
            self.assertEqual(order.case.events.filter(verb="order.sent").count(), 1)
            self.assertEqual(order.approvals.count(), 3)
            told = Notice.objects.filter(case_number=order.case.number)
            self.assertEqual(told.count(), 2)
        self.assertIsNone(timeline.verify_all())
        self.assertIsNone(sight.check_all())

    def every_letter_came_once(self) -> None:
        """Lost is none; a doubt after a crash may send once more, under the same Message-ID."""
        left = Letter.objects.exclude(state__in=SETTLED).values_list("state", "error")
        self.assertEqual(list(left), [])
        came = {mail["headers"]["Message-ID"] for mail in sandbox().ask("mail")["items"]}
        self.assertEqual(len(came), Letter.objects.filter(carrier="email").count())
