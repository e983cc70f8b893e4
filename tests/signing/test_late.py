"""Whoever comes too late is told who decided and when, and keeps the words that were written."""

from ombud.orders import actions
from ombud.signing import ceremony
from tests.cast import GIVEN
from tests.signing.test_pages import REVIEWED, SigningTest

WHY = "The units are not those of this customer."


class TooLateTest(SigningTest):
    def setUp(self):
        super().setUp()
        self.olle = self.person("olle", self.agent, "agent_handler", "service:npo")

    def posts(self, order, page, **typed):
        answer = self.client.post(self.path(order, page), typed, follow=True)
        return answer, self.words(answer)


class SecondNoTest(TooLateTest):
    def test_of_a_review_hears_who_was_faster_and_keeps_the_reason(self):
        order = self.a_sent_order()
        shown = self.words(self.opens(self.olle, self.path(order, "reject")))
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        common = "The details are incomplete."
        typed = {**self.fields(shown), "way": "other", "common": common, "note": WHY}
        answer, page = self.posts(order, "reject", **typed)
        self.assertEqual(answer.status_code, 409)
        self.assertRegex(page, r"Already handled by Ola Test \d\d\.\d\d\.")
        self.assertIn(f"{common} {WHY}", page)

    def test_of_an_attest_hears_it_after_a_rejection_too(self):
        order = self.an_order_at_its_last_attest()
        lena = self.person("lena", self.customer, "attestant")
        shown = self.words(self.opens(lena, self.path(order, "reject")))
        self.attests(self.liv, order, "reject", note="Not in our budget this year.")
        typed = {**self.fields(shown), "way": "other", "note": WHY}
        answer, page = self.posts(order, "reject", **typed)
        self.assertEqual(answer.status_code, 409)
        self.assertRegex(page, r"Already handled by Liv Test \d\d\.\d\d\.")
        self.assertIn(WHY, page)

    def test_the_page_itself_says_so_once_a_colleague_has_decided(self):
        order = self.an_approved_order()
        page = self.words(self.opens(self.olle, self.path(order, "reject"), 409))
        self.assertRegex(page, r"Already handled by Ola Test \d\d\.\d\d\.")
        self.opens(self.kari, self.path(order, "reject"), 403)
        direct = self.a_sent_order("npo-direct")
        lena = self.person("lena", self.customer, "attestant")
        self.attests(self.liv, direct, "reject", note="Not in our budget this year.")
        page = self.words(self.opens(lena, self.path(direct, "reject"), 409))
        self.assertRegex(page, r"Already handled by Liv Test \d\d\.\d\d\.")


class OwnReceiptTest(TooLateTest):
    def test_of_an_earlier_round_is_no_answer_for_this_one(self):
        order = self.an_approved_order()
        actions.send_back(order, by=self.actor(self.eva), note="Please choose Uno instead.")
        shown = self.words(self.opens(self.ola, self.path(order, "review")))
        self.does(self.olle, order, "approve", attestant="eva", **GIVEN)
        typed = {**self.fields(shown), **REVIEWED, "way": "other", "note": "Uno it is."}
        answer, page = self.posts(order, "review", **typed)
        self.assertEqual(answer.status_code, 409)
        self.assertRegex(page, r"Already handled by Olle Test \d\d\.\d\d\.")
        self.assertIn("Uno it is.", page)

    def test_of_this_turn_does_not_swallow_other_words(self):
        order = self.a_sent_order()
        shown = self.words(self.opens(self.ola, self.path(order, "reject")))
        signature = self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        answer, page = self.posts(order, "reject", **self.fields(shown), way="other", note=WHY)
        self.assertEqual(answer.status_code, 409)
        self.assertIn(WHY, page)
        again = self.opens(self.ola, self.path(order, "reject"))
        self.assertEqual(again.request["PATH_INFO"], self.address(signature))


class SentBackTest(TooLateTest):
    def test_the_page_says_who_reads_the_words(self):
        order = self.an_approved_order()
        page = self.words(self.opens(self.eva, self.path(order, "send-back")))
        self.assertIn("Read at The agent, The operator.", page)
        why = "Please choose Uno instead."
        _answer, page = self.posts(order, "send-back", note=why, key="b")
        self.assertIn("Sent back to the step before.", page)
        for person, is_read in ((self.ola, True), (self.kim, True), (self.kari, False)):
            page = self.words(self.opens(person, f"/orders/{order.case.number}/"))
            self.assertEqual(why in page, is_read, person)


class EarlierAttemptTest(TooLateTest):
    def test_says_what_became_of_it_and_leads_to_the_receipt(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest")
        first = self.signature(self.liv)
        self.client.post(self.address(first, "cancel/"))
        page = self.words(self.client.get(self.address(first)))
        self.assertIn("Try again", page)
        second = self.attests(self.liv, order)
        page = self.words(self.client.get(self.address(first)))
        self.assertIn("You decided later", page)
        self.assertIn(f'href="{self.address(second)}"', page)
        self.assertNotIn("Try again", page)
        self.assertNotIn("Nothing is decided", page)

    def test_is_over_when_a_colleague_decided(self):
        order = self.a_sent_order()
        signature = self.begins(self.olle, order, "reject", note=WHY)
        ceremony.cancel(signature)
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        page = self.words(self.opens(self.olle, self.address(signature)))
        self.assertRegex(page, r"Already handled by Ola Test \d\d\.\d\d\.")
        self.assertIn(WHY, page)
        self.assertNotIn("Try again", page)

    def test_that_was_signed_too_late_stands_as_such_among_the_events(self):
        order = self.a_sent_order()
        late = self.begins(self.olle, order, "reject", note=WHY)
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        self.signs(late)
        with self.after(seconds=3):
            ceremony.collect(late)
        page = self.words(self.opens(self.olle, f"/orders/{order.case.number}/"))
        self.assertEqual(page.count("Evidence kept"), 2)
        self.assertEqual(page.count("Evidence kept; nothing came of it"), 1)
