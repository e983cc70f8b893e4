"""The programs' door, doing: every deed of an order, allowed and not; edits and their versions."""

import re
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from ombud.cases.models import Case
from ombud.eid import codes
from ombud.orders.models import Order
from ombud.people.models import Grant, Person
from ombud.signing.models import Signature
from tests.cast import FILLED, GIVEN, CastTest
from tests.outside import sandbox

RIGHT, WRONG = "123456", "654321"
WHY = "The units are not ours to order."


class ApiCase(CastTest):
    def do(self, person, order, deed, body=None, **headers):
        number = order if isinstance(order, str) else order.case.number
        return self.as_api(person, "post", f"cases/{number}/{deed}", body or {}, **headers)

    def tag(self, person, order):
        return self.as_api(person, "get", f"cases/{order.case.number}").headers["ETag"]

    def signing(self, told):
        self.assertEqual(told.status_code, 202, told.content)
        return told.json()["signing"]

    def asks(self, person, order, deed, body):
        """A signing with BankID; asked for again where another test left one open on the phone."""
        signing = self.signing(self.do(person, order, deed, body))
        if "autostart_url" in signing:
            return signing
        return self.signing(self.do(person, order, deed, body))

    def at(self, person, href):
        return self.as_api(person, "get", href.removeprefix("/api/v1/"))

    def taps_yes(self, person, signing):
        """The person opens the app by the link that the program was given, and approves; BankID is
        asked at most every two seconds."""
        token = parse_qs(urlsplit(signing["autostart_url"]).query)["autostarttoken"][0]
        sandbox().sign(person.personal_number, token)
        with self.after(seconds=2):
            return self.at(person, signing["href"]).json()

    def barred(self, told, status, code):
        self.assertEqual(told.status_code, status, told.content)
        self.assertEqual(told.headers["Content-Type"], "application/problem+json")
        self.assertIn(code, [reason["code"] for reason in told.json()["reasons"]])


class RoadTest(ApiCase):
    def setUp(self):
        super().setUp()
        sandbox()

    def test_a_program_walks_the_whole_road(self):
        body = {"offer": "npo-agent", **FILLED}
        begun = self.as_api(self.kari, "post", "actions/start_order", body)
        self.assertEqual(begun.status_code, 201, begun.content)
        number = begun.json()["number"]
        self.assertEqual(begun.headers["Location"], f"/api/v1/cases/{number}")
        order = Order.objects.get(case__number=number)
        changed = self.do(
            self.kari, order, "save", {"source": ""}, **{"If-Match": begun.headers["ETag"]}
        )
        self.assertEqual(changed.status_code, 200, changed.content)
        sent = self.do(self.kari, order, "send", {"accept_terms": True})
        self.assertEqual(sent.json()["state"], "agent_review")

        approve = {"attestant": "eva", "method": "bankid", **GIVEN}
        signing = self.asks(self.ola, order, "approve", approve)
        self.assertEqual(set(signing), {"id", "href", "method", "autostart_url", "qr_href"})
        self.assertEqual(self.at(self.ola, signing["href"]).json()["status"], "pending")
        qr = self.at(self.ola, signing["qr_href"]).json()
        self.assertTrue(qr["qr"].startswith("bankid."))
        self.assertEqual(self.taps_yes(self.ola, signing), {"status": "complete", "hint": ""})

        signing = self.begins_by_sms(self.eva, order)
        self.assertEqual(set(signing), {"id", "href", "method", "code_href"})
        told = self.types(self.eva, signing, WRONG)
        self.assertEqual((told.status_code, told.json()["tries_left"]), (422, 2))
        told = self.types(self.eva, signing, RIGHT)
        self.assertEqual((told.status_code, told.json()["status"]), (200, "complete"))
        self.assertEqual(self.types(self.eva, signing, "123456").status_code, 410)

        by_bankid = {"decision": "approve", "method": "bankid"}
        signing = self.asks(self.liv, order, "attest", by_bankid)
        self.assertEqual(self.taps_yes(self.liv, signing)["status"], "complete")
        self.assertEqual(self.again(order).state, "case_open")
        opened = self.as_api(self.kim, "get", "cases?kind=servicecase&mine=true").json()["items"]
        self.assertEqual(len(opened), 1)

        self.assertEqual(self.do(self.ola, order, "start").json()["state"], "connecting")
        done = self.do(self.ola, order, "report_connected")
        self.assertEqual((done.status_code, done.json()["state"]), (200, "active"))
        verbs = [
            event["verb"]
            for event in self.as_api(self.kari, "get", f"cases/{number}/events").json()["items"]
        ]
        self.assertEqual(verbs[-1], "order.connected")

    def begins_by_sms(self, person, order):
        with patch.object(codes.secrets, "randbelow", return_value=int(RIGHT)):
            body = {"decision": "approve", "method": "sms"}
            return self.signing(self.do(person, order, "attest", body))

    def types(self, person, signing, code):
        path = signing["code_href"].removeprefix("/api/v1/")
        return self.as_api(person, "post", path, {"code": code})

    def test_three_wrong_codes_end_it(self):
        order = self.an_order_at_its_last_attest()
        signing = self.begins_by_sms(self.liv, order)
        told = self.types(self.liv, signing, "12")
        self.assertEqual((told.status_code, told.json()["tries_left"]), (422, 3))
        ends = [self.types(self.liv, signing, WRONG).status_code for _ in range(4)]
        self.assertEqual(ends, [422, 422, 410, 410])
        self.assertEqual(self.at(self.liv, signing["href"]).json()["status"], "failed")
        self.assertEqual(self.again(order).state, "customer_attest")

    def test_codes_are_asked_for_in_peace(self):
        order = self.an_order_at_its_last_attest()
        by_sms = {"decision": "approve", "method": "sms"}
        self.signing(self.do(self.liv, order, "attest", by_sms))
        told = self.do(self.liv, order, "attest", by_sms)
        self.barred(told, 429, "too_soon")
        self.assertGreater(int(told.headers["Retry-After"]), 0)

    def test_codes_asked_for_from_one_address_are_few(self):
        order = self.an_order_at_its_last_attest()
        for number in range(codes.MOST_PER_ADDRESS):
            where = {"phone": f"+467017405{number:02d}", "ip": "127.0.0.1"}
            codes.begin_sms(purpose="sign", binding=f"b{number}", owner=f"x{number}", **where)
        by_sms = {"decision": "approve", "method": "sms"}
        told = self.do(self.liv, order, "attest", by_sms)
        self.barred(told, 429, "too_many_from_here")
        self.assertGreater(int(told.headers["Retry-After"]), 0)
        answer = self.enters(self.liv).post(
            f"/orders/{order.case.number}/attest/", self.form_of(order), follow=True
        )
        self.assertIn("asked for from your network", answer.content.decode())
        self.assertFalse(Signature.objects.filter(person=self.liv, status="pending").exists())

    def enters(self, person):
        self.client.force_login(person)
        return self.client

    def form_of(self, order) -> dict:
        page = self.client.get(f"/orders/{order.case.number}/attest/").content.decode()
        hidden = re.findall(r'name="(key|shown)" value="([^"]*)"', page)
        return {**dict(hidden), "way": "sms"}

    def test_a_signing_is_its_signers_alone(self):
        order = self.a_sent_order()
        approve = {"attestant": "eva", "method": "bankid", **GIVEN}
        signing = self.asks(self.ola, order, "approve", approve)
        never = "/api/v1/signings/00000000-0000-4000-8000-000000000000"
        for person in (self.eva, self.kari, self.per):
            for tail in ("", "/qr"):
                self.assertEqual(self.at(person, signing["href"] + tail).status_code, 404)
                self.assertEqual(
                    self.at(person, signing["href"] + tail).content,
                    self.at(person, never + tail).content,
                )
        code = f"signings/{signing['id']}/code"
        self.assertEqual(self.as_api(self.ola, "post", code, {"code": "123456"}).status_code, 404)
        cancelled = self.as_api(self.ola, "post", f"signings/{signing['id']}/cancel", {})
        self.assertEqual(cancelled.json(), {"status": "failed", "hint": "user_cancelled"})
        self.assertEqual(self.at(self.ola, signing["qr_href"]).json(), {"qr": ""})
        self.assertEqual(self.again(order).state, "agent_review")

    def test_a_rejection_ends_the_road_and_is_copied(self):
        order = self.a_sent_order()
        reject = {"note": WHY, "method": "bankid"}
        signing = self.asks(self.ola, order, "reject", reject)
        self.assertEqual(self.taps_yes(self.ola, signing)["status"], "complete")
        self.assertEqual(self.again(order).state, "rejected_by_agent")
        copied = self.do(self.kari, order, "copy")
        self.assertEqual(copied.status_code, 201, copied.content)
        draft = copied.json()
        self.assertEqual(copied.headers["Location"], f"/api/v1/cases/{draft['number']}")
        self.assertEqual(
            (draft["state"], draft["data"]["copied_from"]), ("draft", order.case.number)
        )

    def test_the_second_of_two_hears_that_it_is_too_late(self):
        order = self.a_sent_order("npo-direct")
        other = self.person("lea", self.customer, "attestant")
        by_bankid = {"decision": "approve", "method": "bankid"}
        signings = {
            person: self.asks(person, order, "attest", by_bankid) for person in (self.liv, other)
        }
        self.assertEqual(self.taps_yes(self.liv, signings[self.liv])["status"], "complete")
        told = self.taps_yes(other, signings[other])
        self.assertEqual((told["status"], told["hint"]), ("failed", "late"))
        self.assertEqual(told["reasons"][0]["code"], "already_handled")
        self.assertRegex(told["reasons"][0]["text"], r"^Already handled by Liv Test \d\d\.\d\d\.$")

    def test_an_attest_is_sent_back_within_the_own_organisation(self):
        order = self.an_approved_order()
        told = self.do(self.eva, order, "send_back", {"note": WHY})
        self.assertEqual((told.status_code, told.json()["state"]), (200, "agent_review"))


# deed: (who may, a body that fits, who sees it but lacks the right, a state in which it is late)
BODIES = {
    "send": {"accept_terms": True},
    "approve": {"attestant": "eva", "method": "bankid", **GIVEN},
    "reject": {"note": WHY, "method": "bankid"},
    "attest": {"decision": "approve", "method": "bankid"},
    "send_back": {"note": WHY},
    "note": {"text": "Mind the gap."},
    "copy": {},
    "start": {},
    "report_connected": {},
    "save": {"source": "x"},
}


class NoTest(ApiCase):
    def test_a_stranger_finds_no_deed_at_all(self):
        order = self.a_sent_order()
        for deed, body in BODIES.items():
            told = self.do(self.per, order, deed, body)
            unknown = self.do(self.per, "RITM9999999", deed, body)
            self.assertEqual(told.status_code, 404, deed)
            self.assertEqual(told.content, unknown.content)

    def test_without_a_token_no_deed_is_tried(self):
        order = self.a_sent_order()
        for deed, body in BODIES.items():
            path = f"/api/v1/cases/{order.case.number}/{deed}"
            told = self.client.post(path, body, content_type="application/json")
            self.assertEqual(told.status_code, 401)
        self.assertEqual(self.again(order).state, "agent_review")

    def test_who_lacks_the_right_is_told_whom_to_ask(self):
        order = self.a_sent_order()
        for person, deed, code in (
            (self.liv, "save", "not_orderer"),
            (self.liv, "send", "not_orderer"),
            (self.liv, "copy", "not_orderer"),
            (self.kari, "approve", "not_agent_handler"),
            (self.kari, "reject", "not_agent_handler"),
            (self.kari, "attest", "not_attestant"),
            (self.kari, "send_back", "not_attestant"),
            (self.kari, "start", "not_connecting"),
            (self.kari, "report_connected", "not_connecting"),
        ):
            told = self.do(person, order, deed, BODIES[deed])
            self.barred(told, 403, code)
        self.assertEqual(told.json()["status"], 403)
        self.assertTrue(told.json()["reasons"][0]["who"])

    def test_what_is_too_early_or_too_late_is_a_conflict(self):
        order = self.a_sent_order()
        for person, deed, code in (
            (self.kari, "save", "already_handled"),
            (self.kari, "send", "already_handled"),
            (self.kari, "copy", "not_rejected"),
            (self.liv, "attest", "not_your_turn"),
            (self.ola, "start", "not_your_turn"),
            (self.kim, "report_connected", "not_your_turn"),
        ):
            self.barred(self.do(person, order, deed, BODIES[deed]), 409, code)

    def test_a_wrong_shape_is_told_by_field(self):
        draft, sent = self.a_draft(), self.a_sent_order()
        for person, order, deed, body, field in (
            (self.kari, draft, "save", {"units": [{"hsa_id": "nonsense"}]}, "units.0.hsa_id"),
            (self.kari, draft, "save", {"source": "x" * 61}, "source"),
            (self.kari, draft, "save", {"colour": "red"}, "colour"),
            (self.kari, draft, "send", {}, "accept_terms"),
            (self.kari, draft, "note", {"text": ""}, "text"),
            (self.ola, sent, "approve", {"method": "sms"}, "method"),
            (self.ola, sent, "reject", {"method": "bankid", "note": "no"}, "note"),
            (self.liv, sent, "attest", {"method": "bankid"}, "decision"),
            (self.eva, self.an_approved_order(), "send_back", {}, "note"),
        ):
            told = self.do(person, order, deed, body)
            self.assertEqual(told.status_code, 422, (deed, told.content))
            self.assertIn(field, [fault["field"] for fault in told.json()["errors"]])
            self.assertTrue(told.json()["detail"])

    def test_a_draft_with_gaps_is_not_sent(self):
        told = self.do(self.kari, self.a_draft(units=[]), "send", {"accept_terms": True})
        self.assertEqual(told.status_code, 422)
        self.assertEqual(told.json()["errors"][0]["field"], "units")

    def test_a_review_with_gaps_is_not_signed(self):
        order = self.a_sent_order()
        told = self.do(self.ola, order, "approve", {"method": "bankid", "attestant": "liv"})
        self.assertIn(told.status_code, (409, 422))

    def test_a_kind_knows_only_its_own_deeds(self):
        number = self.an_attested_order() and Case.objects.get(kind="servicecase").number
        told = self.do(self.kim, number, "start")
        self.assertEqual(told.status_code, 404)
        self.assertEqual(self.do(self.kim, number, "dance").status_code, 404)


class EditTest(ApiCase):
    def test_an_edit_names_the_version_that_it_edits(self):
        order = self.a_draft()
        body = {"contact": {"name": "Kari", "email": "kari@example.org"}}
        self.assertEqual(self.do(self.kari, order, "save", body).status_code, 428)
        read = self.tag(self.kari, order)
        done = self.do(self.kari, order, "save", body, **{"If-Match": read})
        self.assertEqual(done.status_code, 200, done.content)
        self.assertNotEqual(done.headers["ETag"], read)
        late = self.do(self.kari, order, "save", body, **{"If-Match": read})
        self.assertEqual(late.status_code, 412)
        self.assertEqual(late.headers["Content-Type"], "application/problem+json")
        again = self.do(self.kari, order, "save", body, **{"If-Match": done.headers["ETag"]})
        self.assertEqual(again.status_code, 200)

    def test_what_is_not_given_stays(self):
        order = self.a_draft()
        self.do(self.kari, order, "save", {"units": []}, **{"If-Match": "*"})
        draft = self.again(order)
        self.assertEqual((draft.units, draft.agent), ([], self.agent))


class ActionsTest(ApiCase):
    def actions(self, person):
        told = self.as_api(person, "get", "actions")
        self.assertEqual(told.status_code, 200, told.content)
        return {deed["name"]: deed for deed in told.json()["items"]}

    def test_what_can_be_begun_is_listed_with_what_bars_it(self):
        kari, liv = self.actions(self.kari), self.actions(self.liv)
        listed = {"start_order", "grant", "revoke", "add_person", "invite", "publish", "announce"}
        listed |= {"name_stand_in", "change_stand_in", "end_stand_in", "set_four_eyes"}
        listed |= {"open_office", "rename_office", "close_office", "reopen_office"}
        listed |= {"set_reference", "ask_for_role", "decline_role", "apply_for_engagement"}
        listed |= {"tell_agent"}
        listed |= {"change_person", "deactivate_person", "restore_person", "admit_person"}
        listed |= {"refuse_person", "appoint_administrator", "ask_for_help"}
        listed |= {"set_signing_reminders"}
        listed |= {"set_system", "set_columns"}
        listed |= {"verify_system", "switch_system", "rotate_hook", "replay_dead"}
        listed |= {"start_inquiry", "set_up_inquiries", "set_inquiries", "link_caller", "test_sms"}
        listed |= {"new_card", "save_card", "merge_cards", "undo_merge", "keep_apart"}
        self.assertEqual(set(kari), listed)
        self.assertTrue(kari["start_order"]["allowed"])
        self.assertEqual(kari["start_order"]["href"], "/api/v1/actions/start_order")
        self.assertEqual(liv["start_order"]["reasons"][0]["code"], "not_orderer")
        self.assertFalse(kari["grant"]["allowed"])
        self.assertTrue(self.actions(self.adam)["grant"]["allowed"])

    def test_an_order_begins_only_where_all_guards_hold(self):
        body = {"offer": "npo-agent"}
        self.barred(self.as_api(self.liv, "post", "actions/start_order", body), 403, "not_orderer")
        self.barred(self.as_api(self.per, "post", "actions/start_order", body), 409, "no_agreement")
        told = self.as_api(self.kari, "post", "actions/start_order", {"offer": "moon"})
        self.barred(told, 409, "no_such_offer")
        told = self.as_api(self.kari, "post", "actions/start_order", {})
        self.assertEqual(told.status_code, 422)
        self.assertEqual(Order.objects.count(), 0)

    def test_a_role_is_given_and_taken_and_stands_in_the_journal(self):
        body = {"person": "kari", "role": "attestant"}
        told = self.as_api(self.adam, "post", "actions/grant", body)
        self.assertEqual(told.status_code, 201, told.content)
        entry = told.json()
        self.assertEqual((entry["verb"], entry["person"]), ("person.granted", "Adam Test"))
        self.assertIn("attestant", self.as_api(self.kari, "get", "me").json()["roles"])
        told = self.as_api(self.adam, "post", "actions/revoke", body)
        self.assertEqual(told.status_code, 201)
        self.assertNotIn("attestant", self.as_api(self.kari, "get", "me").json()["roles"])
        self.barred(self.as_api(self.kari, "post", "actions/grant", body), 403, "not_administrator")

    def test_a_person_is_added_once(self):
        body = {"given": "Nora", "family": "Ny", "email": "nora@example.org"}
        for _ in range(2):
            told = self.as_api(self.adam, "post", "actions/add_person", body)
            self.assertEqual(told.status_code, 201, told.content)
        self.assertEqual(Person.objects.filter(email="nora@example.org").count(), 1)
        self.assertFalse(Grant.objects.filter(person__email="nora@example.org").exists())

    def test_a_setting_is_published_or_its_faults_are_told(self):
        body = {"thing": "terms", "key": "npo", "body": {"title": {"sv": "V"}, "text": {"sv": "T"}}}
        told = self.as_api(self.siv, "post", "actions/publish", body)
        self.assertEqual(told.status_code, 201, told.content)
        self.assertEqual(told.json()["data"]["version"], 2)
        body["body"] = {"title": 7}
        told = self.as_api(self.siv, "post", "actions/publish", body)
        self.assertEqual(told.status_code, 422, told.content)

    def test_every_door_stands_in_the_openapi_document(self):
        paths = self.client.get("/api/v1/openapi.json").json()["paths"]
        case = self.as_api(self.ola, "get", f"cases/{self.a_sent_order().case.number}").json()
        for deed in case["actions"]:
            self.assertIn(deed["href"].replace(case["number"], "{number}"), paths)
        for deed in self.actions(self.kari).values():
            self.assertIn(deed["href"], paths)
