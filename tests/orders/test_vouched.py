"""What the handler certified, accepted and wrote stands before everybody who decides after."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.orders import actions
from tests.cast import GIVEN
from tests.orders.test_pages import PagesTest

COMMENT = "The third ward is connected first."
CERTIFIED = "I certify that the details are checked"
ACCEPTED = "The agent has accepted its own terms, version 1"


class VouchedTest(PagesTest):
    def an_order_with_a_comment(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "approve", attestant="eva", note=COMMENT, **GIVEN)
        return self.again(order)

    def test_a_comment_is_read_by_both_attestants_and_on_the_order(self):
        order = self.an_order_with_a_comment()
        here = f"/orders/{order.case.number}/"
        for_eva = self.words(self.opens(self.eva, f"{here}attest/"))
        self.attests(self.eva, order, note="Agreed with the handler.")
        for_liv = self.words(self.opens(self.liv, f"{here}attest/"))
        for page in (for_eva, for_liv):
            for words in (COMMENT, CERTIFIED, ACCEPTED, "Ola Test"):
                self.assertIn(words, page)
        self.assertIn("Agreed with the handler.", for_liv)
        for door in (here, f"{here}whole/"):
            page = self.words(self.opens(self.kari, door))
            section = page.partition('id="certified"')[2].partition("</section>")[0]
            for words in (COMMENT, CERTIFIED, "Ola Test", "Agreed with the handler."):
                self.assertIn(words, section)

    def test_costs_the_order_s_page_no_statement(self):
        plain, commented = self.an_approved_order(), self.an_order_with_a_comment()
        self.client.force_login(self.kari)
        counts = []
        for order in (plain, commented):
            self.client.get(f"/orders/{order.case.number}/")
            with CaptureQueriesContext(connection) as asked:
                self.client.get(f"/orders/{order.case.number}/")
            counts.append(len(asked))
        self.assertEqual(*counts)

    def test_after_it_was_sent_back_only_what_holds_stands_there(self):
        order = self.an_order_with_a_comment()
        here = f"/orders/{order.case.number}/"
        actions.send_back(order, by=self.actor(self.eva), note="Please choose Uno instead.")
        self.assertNotIn(CERTIFIED, self.words(self.opens(self.kim, here)))
        self.does(self.ola, order, "approve", attestant="eva", note="As you wish.", **GIVEN)
        for person, door in ((self.kim, here), (self.eva, f"{here}attest/")):
            page = self.words(self.opens(person, door))
            self.assertEqual(page.count(CERTIFIED), 1)
            self.assertIn("As you wish.", page)
