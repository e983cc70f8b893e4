"""The page of a decision shows the words that are signed, in their order, as they become known."""

import re
from html import unescape

from tests.cast import GIVEN
from tests.signing.test_pages import REVIEWED, SigningTest

NOTE = "Ward three is connected first."


class WordsTest(SigningTest):
    def lines(self, page):
        section = re.search(r'<section class="signed".*?</section>', page, re.DOTALL)[0]
        return [unescape(line) for line in re.findall(r"<p>(.*?)</p>", section)]

    def reads(self, order, page, **typed):
        path = self.path(order, page)
        return self.client.post(path, {**typed, "do": "read"}, headers={"HX-Request": "true"})

    def test_what_is_yet_to_come_stands_in_brackets_where_it_will_stand(self):
        self.grant(self.ada, self.agent, "attestant")
        order = self.a_sent_order()
        page = self.words(self.opens(self.ola, self.path(order, "review")))
        sketched = self.lines(page)
        self.assertIn("Attestant: [whom you choose]", sketched)
        self.assertIn("Why: [your comment, if any]", sketched)
        typed = {**self.fields(page), **REVIEWED, "note": NOTE}
        filled = self.lines(self.words(self.reads(order, "review", **typed)))
        answer = self.decides(self.ola, order, "review", **REVIEWED, note=NOTE)
        last = self.lines(self.words(answer))
        self.assertEqual(last, self.signature(self.ola).document.split("\n"))
        self.assertEqual(filled, last)
        kinds = [line.partition(":")[0] for line in last]
        self.assertEqual([line.partition(":")[0] for line in sketched], kinds)

    def test_after_an_error_the_chosen_attestant_stands_there(self):
        self.grant(self.ada, self.agent, "attestant")
        order = self.a_sent_order()
        answer = self.decides(self.ola, order, "review", attestant="eva", note=NOTE)
        words = self.words(answer)
        self.assertIn("Attestant: Eva Test", self.lines(words))
        self.assertIn(f"Why: {NOTE}", self.lines(words))
        typed = {**self.fields(words), **REVIEWED, "way": "other", "attestant": "ada"}
        self.client.post(self.path(order, "review"), typed)
        self.assertIn("Attestant: Ada Test", self.signature(self.ola).document)

    def test_filling_in_never_lets_a_change_slip_in(self):
        order = self.a_sent_order()
        page = self.words(self.opens(self.ola, self.path(order, "review")))
        moved = self.again(order)
        moved.units = moved.units[:1]
        moved.save(update_fields=["units"])
        typed = {**self.fields(page), **REVIEWED}
        self.assertEqual(self.reads(order, "review", **typed).status_code, 409)

    def test_a_stranger_s_name_is_not_learnt_by_naming_a_username(self):
        order = self.a_sent_order()
        page = self.words(self.opens(self.ola, self.path(order, "review")))
        answer = self.reads(order, "review", **{**self.fields(page), "attestant": "per"})
        self.assertNotIn("Per Test", self.words(answer))
        self.opens(self.per, self.path(order, "review"), 404)
        self.assertEqual(self.reads(order, "review").status_code, 404)

    def test_a_rejection_stands_in_the_order_in_which_it_is_signed(self):
        order = self.a_sent_order()
        page = self.words(self.opens(self.ola, self.path(order, "reject")))
        self.assertEqual(
            self.lines(page)[-2:], ["Why: [the reason you give]", "For The agent as Agent handler."]
        )
        answer = self.decides(self.ola, order, "reject", note=NOTE)
        signed = self.signature(self.ola).document.split("\n")
        self.assertEqual(self.lines(self.words(answer)), signed)
        self.assertEqual(signed[-2], f"Why: {NOTE}")

    def test_an_attest_shows_its_comment_too(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        page = self.words(self.opens(self.eva, self.path(order, "attest")))
        self.assertNotIn("Attestant:", " ".join(self.lines(page)))
        self.assertIn("Why: [your comment, if any]", self.lines(page))
