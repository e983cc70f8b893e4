"""A program that prefers a minimal answer (RFC 7240) is told where the case stands, and no more."""

from tests.cast import FILLED, CastTest

BEGIN = {"offer": "npo-agent", **FILLED}
MINIMAL = {"Prefer": "return=minimal"}


class MinimalTest(CastTest):
    def test_what_was_begun_is_told_in_five_words(self):
        answer = self.as_api(self.kari, "post", "actions/start_order", BEGIN, **MINIMAL)
        self.assertEqual(answer.status_code, 201)
        told = answer.json()
        self.assertEqual(set(told), {"number", "kind", "title", "state", "href"})
        self.assertEqual((told["kind"], told["state"]), ("order", "draft"))
        self.assertEqual(answer.headers["Location"], told["href"])
        self.assertEqual(answer.headers["Preference-Applied"], "return=minimal")
        self.assertEqual(answer.headers["ETag"], self.tag(told["number"]))

    def test_a_deed_tells_the_state_that_it_led_to(self):
        number = self.a_draft().case.number
        sent = self.as_api(
            self.kari, "post", f"cases/{number}/send", {"accept_terms": True}, **MINIMAL
        )
        self.assertEqual((sent.status_code, sent.json()["state"]), (200, "agent_review"))
        self.assertEqual(sent.headers["ETag"], self.tag(number))

    def test_who_says_nothing_gets_the_whole_case(self):
        answer = self.as_api(self.kari, "post", "actions/start_order", BEGIN)
        self.assertIn("actions", answer.json())
        self.assertNotIn("Preference-Applied", answer.headers)

    def test_a_no_is_told_in_full(self):
        answer = self.as_api(self.liv, "post", "actions/start_order", BEGIN, **MINIMAL)
        self.assertEqual(answer.status_code, 403)
        self.assertTrue(answer.json()["reasons"])

    def test_the_same_again_is_answered_the_same(self):
        keyed = {**MINIMAL, "Idempotency-Key": "one"}
        first = self.as_api(self.kari, "post", "actions/start_order", BEGIN, **keyed)
        again = self.as_api(self.kari, "post", "actions/start_order", BEGIN, **keyed)
        self.assertEqual(first.content, again.content)
        self.assertEqual(again.headers["Preference-Applied"], "return=minimal")

    def tag(self, number):
        return self.as_api(self.kari, "get", f"cases/{number}").headers["ETag"]
