"""A button pressed over there: handshake, echo, once each; and the body is trusted for nothing."""

import json

from django.test import RequestFactory

from ombud.sync import webhooks
from ombud.sync.faults import Absent, Outage
from ombud.sync.models import System
from tests.outside import sandbox
from tests.sync.linked import LinkedTest

CODE = "7f3a9c21"


class HookTest(LinkedTest):
    def knock(self, body=None, *, state=None, code=CODE, method="post", raw=None):
        headers = {"Verification-Code": code} if code else {}
        if method == "get":
            return webhooks.answer(self.system, RequestFactory().get("/", headers=headers))
        told = {"state_key": self.system.state_key if state is None else state, **(body or {})}
        data = raw if raw is not None else json.dumps(told)
        asked = RequestFactory().post("/", data, "application/json", headers=headers)
        return webhooks.answer(self.system, asked)

    def pressed(self, number="10482", stamp="2025-05-02T15:00:00", **more):
        fields = {"ehub_pressed_at": stamp}
        return {"table_name": "case", "record_id": number, "entry_fields": fields, **more}

    def test_the_handshake_is_answered_with_its_code(self):
        heard = self.knock(method="get")
        self.assertEqual(heard.response.status_code, 200)
        self.assertEqual(heard.response["Verification-Code"], CODE)
        self.assertEqual(json.loads(heard.response.content), {"Verification-Code": CODE})
        self.assertFalse(heard.is_news)

    def test_without_a_code_there_is_nothing_here(self):
        self.assertEqual(self.knock(method="get", code="").response.status_code, 404)

    def test_a_press_is_news_and_its_code_comes_back(self):
        heard = self.knock(self.pressed())
        self.assertEqual((heard.table, heard.number, heard.is_news), ("case", "10482", True))
        self.assertEqual(heard.response["Verification-Code"], CODE)
        self.assertIsNotNone(self.again().hook_seen_at)

    def test_the_same_press_once_more_is_heard_and_no_news(self):
        self.knock(self.pressed())
        again = self.knock(self.pressed(more="other words"))
        self.assertEqual((again.response.status_code, again.is_news), (200, False))
        self.assertTrue(self.knock(self.pressed(stamp="2025-05-02T15:05:00")).is_news)
        self.assertTrue(self.knock(self.pressed(number="10483")).is_news)

    def test_without_a_stamp_the_same_body_is_the_same_press(self):
        body = {"table": "case", "id": 10482}
        self.assertTrue(self.knock(body).is_news)
        self.assertFalse(self.knock(body).is_news)

    def test_who_does_not_know_the_state_key_is_refused_and_it_is_noticed(self):
        for state in ("", "wrong", "é"):
            heard = self.knock(self.pressed(), state=state)
            self.assertEqual((heard.response.status_code, heard.is_news), (403, False))
        system = self.again()
        self.assertEqual(system.refused_count, 3)
        self.assertIsNotNone(system.refused_at)
        self.assertEqual(self.calls("search"), [])

    def test_what_names_no_record_of_ours_is_no_news(self):
        for wrong in (
            self.pressed(number="10482 OR 1=1"),
            self.pressed(number=""),
            self.pressed(number="-1"),
            {**self.pressed(), "table_name": "contacts.customer"},
            {"record_id": True},
            {"entry_fields": ["id"]},
        ):
            heard = self.knock(wrong)
            self.assertEqual((heard.response.status_code, heard.is_news), (422, False), wrong)

    def test_what_cannot_be_read_is_refused(self):
        for raw in ("", "[]", "{", '"x"', "\xff", '{"a": "\\u0000"}', "[" * 100_000):
            self.assertEqual(self.knock(raw=raw).response.status_code, 400, raw[:20])

    def test_a_code_with_a_line_break_is_not_repeated(self):
        self.assertNotIn("Verification-Code", webhooks.echo("a\r\nSet-Cookie: b").headers)

    def test_a_system_is_found_by_its_secret_alone(self):
        secret = self.system.secret("hook")
        self.assertEqual(System.objects.of_hook(secret), self.system)
        self.assertIsNone(System.objects.of_hook(secret[:-1]))
        self.assertIsNone(System.objects.of_hook(""))
        self.assertNotIn(secret, self.again().hook_sealed)

    def test_a_record_is_read_anew_by_our_names(self):
        found = webhooks.fetch(self.system, "case", "10482")
        self.assertEqual(found["customer_mobile"], "+46701234567")
        self.assertEqual(found["summary"], "Trasig skärm")
        self.assertIsNone(found["request_id"])
        self.assertNotIn("internal_note", found)

    def test_a_record_that_is_not_there_and_a_system_that_is_away(self):
        with self.assertRaises(Absent):
            webhooks.fetch(self.system, "case", "999999")
        sandbox().tell("agiloft/down", seconds=60)
        with self.assertRaises(Outage):
            webhooks.fetch(self.system, "case", "10482")
