"""The programs' door, reading: lists, the envelope, events; and who sees nothing."""

from unittest.mock import ANY, patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.cases import sight
from ombud.desk.api import cases
from tests.cast import CastTest


class EnvelopeTest(CastTest):
    def test_a_case_is_told_as_the_contract_says(self):
        order = self.a_sent_order()
        told = self.as_api(self.kari, "get", f"cases/{order.case.number}")
        self.assertEqual(told.status_code, 200, told.content)
        case = told.json()
        self.assertEqual(
            {name: case[name] for name in ("number", "kind", "state", "parts")},
            {
                "number": order.case.number,
                "kind": "order",
                "state": "agent_review",
                "parts": [],
            },
        )
        self.assertRegex(case["request"], r"^REQ\d{7}$")
        for moment in ("opened_at", "due_at", "updated_at"):
            self.assertRegex(case[moment], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.assertIn(
            {
                "organisation": {"name": "The customer", "number": "5560000019"},
                "role": "customer",
                "part": None,
                "from": ANY,
                "until": None,
            },
            case["parties"],
        )
        self.assertEqual(
            case["seats"],
            [
                {
                    "person": "Kari Test",
                    "organisation": "The customer",
                    "role": "orderer",
                    "part": None,
                    "from": ANY,
                    "until": None,
                }
            ],
        )
        self.assertEqual(
            case["waiting_for"],
            [
                {
                    "organisation": "The agent",
                    "role": "agent_handler",
                    "person": None,
                    "part": None,
                    "since": ANY,
                    "due_at": case["due_at"],
                }
            ],
        )
        here = f"/api/v1/cases/{order.case.number}"
        self.assertEqual(
            (case["events"], case["documents"]), (f"{here}/events", f"{here}/documents")
        )

    def test_every_deed_is_listed_with_what_bars_it(self):
        order = self.a_sent_order()
        case = self.as_api(self.ola, "get", f"cases/{order.case.number}").json()
        deeds = {deed["name"]: deed for deed in case["actions"]}
        self.assertLessEqual(
            set("save send approve reject attest send_back copy start report_connected".split()),
            set(deeds),
        )
        approve = deeds["approve"]
        self.assertEqual(approve["href"], f"/api/v1/cases/{order.case.number}/approve")
        self.assertEqual((approve["method"], approve["signed"]), ("POST", ["bankid"]))
        self.assertTrue(approve["allowed"])
        self.assertIn("attestant", approve["schema"]["properties"])
        self.assertEqual(deeds["start"]["reasons"][0]["because"], "time")
        self.assertEqual(deeds["attest"]["reasons"][0]["code"], "not_attestant")
        self.assertEqual(set(deeds["attest"]["reasons"][0]), {"code", "text", "because", "who"})

    def test_the_other_partys_own_is_absent(self):
        order = self.a_sent_order()
        seen = {
            person: self.as_api(person, "get", f"cases/{order.case.number}").json()["data"]
            for person in (self.kari, self.ola, self.kim)
        }
        self.assertIn("customer_price", seen[self.kari])
        self.assertNotIn("agent_price", seen[self.kari])
        self.assertIn("agent_price", seen[self.ola])
        self.assertNotIn("customer_price", seen[self.ola])
        self.assertNotIn("customer_billing", seen[self.ola])
        self.assertIn("customer_price", seen[self.kim])

    def test_the_etag_is_the_last_event_that_the_reader_sees(self):
        order = self.a_sent_order()
        numbers = {
            person: self.as_api(person, "get", f"cases/{order.case.number}").headers["ETag"]
            for person in (self.kari, self.ola)
        }
        self.assertEqual(numbers, {self.kari: '"2"', self.ola: '"2"'})
        self.as_api(self.kari, "post", f"cases/{order.case.number}/note", {"text": "Ours."})
        tags = [
            self.as_api(person, "get", f"cases/{order.case.number}").headers["ETag"]
            for person in (self.kari, self.ola)
        ]
        self.assertEqual(tags, ['"3"', '"2"'])

    def test_what_one_may_not_see_was_never_there(self):
        order = self.a_sent_order()
        for path in ("", "/events", "/documents"):
            unseen = self.as_api(self.per, "get", f"cases/{order.case.number}{path}")
            unknown = self.as_api(self.per, "get", f"cases/RITM9999999{path}")
            self.assertEqual(unseen.status_code, 404)
            self.assertEqual(unseen.content, unknown.content)
            self.assertEqual(set(unseen.headers), set(unknown.headers))
            self.assertEqual(unseen.headers["Content-Type"], "application/problem+json")

    def test_events_have_the_shape_of_the_contract(self):
        order = self.a_sent_order()
        told = self.as_api(self.ola, "get", f"cases/{order.case.number}/events").json()
        self.assertEqual([event["verb"] for event in told["items"]], ["order.sent"])
        self.assertLessEqual(
            set("seq verb at person instead_of organisation via data hash part".split()),
            set(told["items"][0]),
        )
        self.assertIsNone(told["next"])

    def test_the_whole_case_costs_few_statements(self):
        order = self.a_sent_order()
        with CaptureQueriesContext(connection) as told:
            self.as_api(self.ola, "get", f"cases/{order.case.number}")
        self.assertLessEqual(len(told) - 2, 16)  # two find the token


class ListTest(CastTest):
    def numbers(self, person, query=""):
        told = self.as_api(person, "get", f"cases{query}")
        self.assertEqual(told.status_code, 200, told.content)
        return [row["number"] for row in told.json()["items"]]

    def test_a_list_has_the_head_of_the_envelope(self):
        order = self.a_sent_order()
        told = self.as_api(self.ola, "get", "cases").json()
        self.assertIsNone(told["next"])
        whole = self.as_api(self.ola, "get", f"cases/{order.case.number}").json()
        (row,) = told["items"]
        self.assertEqual(row, {name: whole[name] for name in row})
        self.assertEqual(row["waiting_for"][0]["role"], "agent_handler")

    def test_a_list_is_narrowed(self):
        draft, sent = self.a_draft(), self.a_sent_order()
        both = [sent.case.number, draft.case.number]
        self.assertEqual(self.numbers(self.kari), both)
        self.assertEqual(self.numbers(self.kari, "?kind=&state=&q=&mine=&cursor="), both)
        self.assertEqual(self.numbers(self.kari, "?state=draft"), both[1:])
        self.assertEqual(self.numbers(self.kari, "?kind=servicecase"), [])
        self.assertEqual(self.numbers(self.kari, "?kind=servicecase&state=draft"), [])
        self.assertEqual(self.numbers(self.kari, f"?q={draft.case.number}"), both[1:])
        self.assertEqual(self.numbers(self.per), [])
        self.assertEqual(self.numbers(self.kari, "?unknown=1&state=agent_review"), both[:1])

    def test_mine_waits_for_me(self):
        sent = self.a_sent_order()
        self.assertEqual(self.numbers(self.ola, "?mine=true"), [sent.case.number])
        self.assertEqual(
            self.numbers(self.ola, "?mine=true&state=agent_review"), [sent.case.number]
        )
        self.assertEqual(self.numbers(self.ola, "?mine=true&state=draft"), [])
        self.assertEqual(self.numbers(self.kari, "?mine=true"), [])
        self.assertEqual(self.numbers(self.liv, "?mine=true"), [])
        row = self.as_api(self.ola, "get", "cases?mine=true").json()["items"][0]
        (plain,) = self.as_api(self.ola, "get", "cases").json()["items"]
        self.assertEqual(row, plain)

    def test_wrong_values_are_told_by_field(self):
        for query, field in (
            ("kind=car", "kind"),
            ("state=happy", "state"),
            ("mine=perhaps", "mine"),
            ("cursor=abc", "cursor"),
            ("q=%00", "q"),
            (f"q={'x' * 201}", "q"),
        ):
            told = self.as_api(self.kari, "get", f"cases?{query}")
            self.assertEqual(told.status_code, 422, query)
            self.assertEqual([fault["field"] for fault in told.json()["errors"]], [field])
            self.assertNotIn("Input should", told.content.decode())

    def test_a_page_holds_fifty_and_says_where_to_go_on(self):
        self.assertEqual(cases.PAGE, 50)
        orders = [self.a_sent_order().case.number for _ in range(5)]
        with patch.object(cases, "PAGE", 3):
            for query in ("?", "?mine=true&", "?mine=true&kind=order&", "?q=ward&"):
                first = self.as_api(self.ola, "get", f"cases{query}").json()
                self.assertEqual(len(first["items"]), 3)
                rest = self.as_api(self.ola, "get", f"cases{query}cursor={first['next']}").json()
                self.assertIsNone(rest["next"])
                found = [row["number"] for row in [*first["items"], *rest["items"]]]
                self.assertCountEqual(found, orders, query)

    def test_a_list_takes_six_statements_however_long(self):
        for _ in range(3):
            self.a_sent_order()
        for query in ("", "?mine=true", "?q=ward", "?state=agent_review"):
            with CaptureQueriesContext(connection) as told:
                self.assertEqual(len(self.numbers(self.ola, query)), 3)
            self.assertLessEqual(len(told) - 2, 6, query)  # two find the token

    def test_it_fails_if_everybody_saw_everything(self):
        order = self.a_sent_order()
        everything = sight.Eyes((), frozenset({"case", "customer", "agent"}), order.case.opened_at)
        self.assertTrue(everything.see("agent"))
        data = self.as_api(self.kari, "get", f"cases/{order.case.number}").json()["data"]
        self.assertNotEqual(set(data), set(order.view(everything)))


class TokenTest(CastTest):
    def test_without_a_token_nothing_is_told(self):
        order = self.a_sent_order()
        self.client.force_login(self.kari)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            for method, path in (
                ("get", "cases"),
                ("get", f"cases/{order.case.number}"),
                ("post", f"cases/{order.case.number}/send"),
                ("get", "me"),
                ("post", "documents"),
            ):
                told = getattr(self.client, method)(f"/api/v1/{path}", headers=headers)
                self.assertEqual(told.status_code, 401, path)
                self.assertEqual(told.headers["Content-Type"], "application/problem+json")
                self.assertEqual(told.headers["WWW-Authenticate"], "Bearer")

    def test_every_no_of_the_framework_is_a_problem_too(self):
        for method, path, status in (
            ("put", "cases", 405),
            ("get", "nowhere", 404),
            ("get", "signings/7", 404),
            ("delete", "me", 405),
        ):
            told = self.as_api(self.kari, method, path)
            self.assertEqual(told.status_code, status)
            self.assertEqual(told.headers["Content-Type"], "application/problem+json")
            self.assertEqual(told.json()["status"], status)
        self.assertEqual(self.as_api(self.kari, "put", "cases").headers["Allow"], "GET")

    def test_only_json_is_read_and_answered(self):
        order = self.a_draft()
        road = f"/api/v1/cases/{order.case.number}/send"
        token = {"Authorization": f"Bearer token of kari at {self.customer.number}"}
        plain = {"content_type": "text/plain", "headers": token}
        self.assertEqual(self.client.post(road, "{}", **plain).status_code, 415)
        json = {"content_type": "application/json", "headers": token}
        for body in ("{", "[" * 100_000, '{"a": NaN}', b"\xff\xfe"):
            self.assertEqual(self.client.post(road, body, **json).status_code, 400)
        for body in ('"text"', "[]", '{"accept_terms": "\\u0000"}', '{"accept_terms": "\\ud800"}'):
            self.assertEqual(self.client.post(road, body, **json).status_code, 422)
        big = '{"a": "' + "x" * 1_100_000 + '"}'
        self.assertEqual(self.client.post(road, big, **json).status_code, 413)
        html = {"Accept": "text/html"}
        self.assertEqual(self.as_api(self.kari, "get", "cases", **html).status_code, 406)

    def test_me(self):
        self.joins(self.kari, self.agent)
        told = self.as_api(self.kari, "get", "me", organisation=self.customer).json()
        self.assertEqual(
            told,
            {
                "person": "Kari Test",
                "username": "kari",
                "organisation": {"name": "The customer", "number": "5560000019"},
                "roles": ["orderer"],
                "organisations": [
                    {"name": "The agent", "number": "5560000043"},
                    {"name": "The customer", "number": "5560000019"},
                ],
                "stands_in_for": [],
            },
        )

    def test_the_reader_is_answered_in_its_own_language(self):
        self.kari.language = "sv"
        self.kari.save()
        told = self.as_api(self.kari, "get", "me")
        self.assertEqual(told.headers["Content-Language"], "sv")
