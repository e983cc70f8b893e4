"""A draft is deleted, and taken back within a day: who, when, both doors, twice at once."""

from ombud.cases import lists, timeline
from ombud.lib.errors import Refused
from ombud.orders import actions, rules
from tests.cast import CastTest, TogetherTest, together


def codes(reasons):
    return [reason.code for reason in reasons]


class DiscardTest(CastTest):
    def numbers(self, person, **narrowed):
        return [row.number for row in lists.of(self.actor(person), **narrowed).rows]

    def test_a_deleted_draft_leaves_the_lists_and_keeps_its_history(self):
        draft = self.a_draft()
        number = draft.case.number
        draft = actions.discard(draft, by=self.actor(self.kari))
        self.assertEqual(draft.state, "discarded")
        self.assertEqual(self.numbers(self.kari), [])
        self.assertEqual(self.numbers(self.kari, words=number), [])
        self.assertEqual(self.numbers(self.kari, states=["order.discarded"]), [number])
        self.assertEqual(draft.case.events.last().verb, "order.discarded")
        self.assertIsNone(timeline.verify_all())

    def test_another_orderer_of_the_organisation_deletes_it_too(self):
        other = self.person("olga", self.customer, "orderer")
        actions.discard(self.a_draft(), by=self.actor(other))

    def test_nobody_else_does(self):
        draft = self.a_draft()
        self.assertEqual(codes(rules.discard(self.actor(self.adam), draft)), ["not_orderer"])
        self.assertEqual(codes(rules.discard(self.actor(self.per), draft)), ["not_orderer"])

    def test_what_has_been_sent_is_not_deleted(self):
        order = self.a_sent_order()
        self.assertEqual(codes(rules.discard(self.actor(self.kari), order)), ["not_draft"])
        self.assertEqual(codes(rules.restore(self.actor(self.kari), order)), ["not_discarded"])

    def test_it_is_taken_back_for_a_day(self):
        draft = actions.discard(self.a_draft(), by=self.actor(self.kari))
        with self.after(hours=23):
            self.assertEqual(rules.restore(self.actor(self.kari), draft), [])
        with self.after(hours=25):
            self.assertEqual(codes(rules.restore(self.actor(self.kari), draft)), ["too_late"])
        draft = actions.restore(draft, by=self.actor(self.kari))
        self.assertEqual(self.numbers(self.kari), [draft.case.number])
        sent = actions.send(self.again(draft), by=self.actor(self.kari), accept_terms=True)
        self.assertEqual(sent.state, "agent_review")

    def test_a_deleted_draft_is_neither_changed_nor_sent(self):
        draft = actions.discard(self.a_draft(), by=self.actor(self.kari))
        for rule in (rules.save, rules.send, rules.discard):
            self.assertTrue(rule(self.actor(self.kari), draft), rule)

    def test_pages_delete_and_take_back(self):
        draft = self.a_draft()
        path = f"/orders/{draft.case.number}/"
        self.client.force_login(self.kari)
        english = {"accept-language": "en"}
        page = self.client.get(path, headers=english).content.decode()
        self.assertIn("Delete the draft", page)
        for _turn in range(2):
            answer = self.client.post(f"{path}discard/", {"key": "d"}, follow=True, headers=english)
            page = answer.content.decode()
            self.assertIn("The draft is deleted.", page)
        self.assertNotIn("Change the draft", page)
        self.assertNotIn(draft.case.number, self.client.get("/cases/").content.decode())
        listed = self.client.get("/cases/?state=order.discarded").content.decode()
        self.assertIn(draft.case.number, listed)
        answer = self.client.post(f"{path}restore/", {"key": "r"}, follow=True, headers=english)
        self.assertIn("Check and send", answer.content.decode())
        self.client.force_login(self.per)
        self.assertEqual(self.client.post(f"{path}discard/").status_code, 404)

    def test_a_sent_order_does_not_speak_of_drafts(self):
        order = self.a_sent_order()
        self.client.force_login(self.kari)
        path = f"/orders/{order.case.number}/"
        page = self.client.get(path, headers={"accept-language": "en"}).content.decode()
        self.assertNotIn("Delete the draft", page)
        self.assertNotIn("Restore the draft", page)

    def test_the_api_deletes_and_takes_back(self):
        number = self.a_draft().case.number
        self.assertEqual(
            self.as_api(self.per, "post", f"cases/{number}/discard", {}).status_code, 404
        )
        done = self.as_api(self.kari, "post", f"cases/{number}/discard", {})
        self.assertEqual(done.json()["state"], "discarded", done.content)
        items = self.as_api(self.kari, "get", "cases").json()["items"]
        self.assertEqual(items, [])
        items = self.as_api(self.kari, "get", "cases?state=discarded").json()["items"]
        self.assertEqual([row["number"] for row in items], [number])
        done = self.as_api(self.kari, "post", f"cases/{number}/restore", {})
        self.assertEqual(done.json()["state"], "draft", done.content)


class TwiceTest(TogetherTest):
    def test_sent_and_deleted_at_once_is_one_of_the_two(self):
        draft, by = self.a_draft(), self.actor(self.kari)
        ends = together(
            lambda: actions.discard(draft, by=by),
            lambda: actions.send(draft, by=by, accept_terms=True),
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1, ends)
