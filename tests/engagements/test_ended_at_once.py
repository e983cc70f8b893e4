"""An engagement that ends in the very moment in which an order is sent holds that order too."""

import threading

from django.db import connection, transaction

from ombud.lib.errors import Refused
from ombud.orders import actions
from ombud.orders.engagements import actions as engagements
from tests.cast import TogetherTest
from tests.engagements.applying import Applying

SECONDS = 30


class AtOnceTest(Applying, TogetherTest):
    def setUp(self):
        super().setUp()
        self.engagement = self.active()
        self.draft = self.a_draft()
        self.by = {who: self.actor(who) for who in (self.kari, self.rut)}

    def sends(self):
        return actions.send(self.draft, by=self.by[self.kari], accept_terms=True)

    def ends(self):
        note = "The system is taken out of use."
        return engagements.end(self.engagement, by=self.by[self.rut], note=note)

    def both(self, first, second):
        """The second begins when the first has done its work, and before it is kept."""
        told: dict = {}
        done, tried = threading.Event(), threading.Event()

        def hold():
            with transaction.atomic():
                told["first"] = first()
                done.set()
                tried.wait(1)
            connection.close()

        def follow():
            done.wait(SECONDS)
            try:
                told["second"] = second()
            except Refused as no:
                told["second"] = no
            tried.set()
            connection.close()

        threads = [threading.Thread(target=one) for one in (hold, follow)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        return told

    def test_the_end_waits_for_the_order_and_holds_it(self):
        told = self.both(self.sends, self.ends)
        self.assertEqual(sorted(told), ["first", "second"])
        self.assertIsNotNone(self.again(self.draft).held_at)

    def test_the_order_waits_for_the_end_and_is_not_sent(self):
        told = self.both(self.ends, self.sends)
        self.assertEqual([one.code for one in told["second"].reasons], ["agent_not_engaged"])
        self.assertEqual(self.again(self.draft).state, "draft")
